// The widget manager of a static page: Jupyter's own manager, controls and anywidget, with a stored state
// in place of a kernel. html-manager would do the same, but brings 160 kB (gzip) for Output widgets.
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import { Widget } from "@lumino/widgets";
import anywidget from "anywidget";
import "lifbook:styles";

const modules = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: anywidget(base),
};
/** @type {any} In the place of a connection to a kernel. */
const silent = { on_close() {}, on_msg() {}, close() {}, send() {} };

class PageManager extends ManagerBase {
  async loadClass(className, moduleName) {
    const found = modules[moduleName]?.[className];
    if (!found) throw new Error(`This page has no widget ${moduleName}.${className}.`);
    return found;
  }
  async _get_comm_info() {
    return {};
  }
  async _create_comm() {
    return silent;
  }

  async display(modelId, element) {
    const view = await this.create_view(await this.get_model(modelId));
    Widget.attach(view.luminoWidget, element);
  }
}

/** Address of a script that the state names, which lies beside this one. */
const address = (esm) => new URL(esm.slice("lifbook:".length), import.meta.url).href;

/** A manager with all the models of a page, links between them included. */
export async function restore(state) {
  const named = Object.values(state.state)
    .map((model) => model.state)
    .filter(({ _esm }) => _esm?.startsWith("lifbook:"));
  for (const model of named) model._esm = address(model._esm);
  // Before there are models: anywidget gives a model two seconds for its script, and tells the reader nothing.
  await Promise.all([...new Set(named.map(({ _esm }) => _esm))].map((url) => import(url)));
  const manager = new PageManager();
  await manager.set_state(state);
  return manager;
}
