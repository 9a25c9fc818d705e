// A prediction that opens what is linked to it: nothing is marked, but it has to be made first.
import { adopt, follow, h, set } from "#shared/dom.js";

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  adopt(el);
  const options = model.get("options");
  const name = `${model.get("name")}-choice`;
  const inputs = options.map((_, at) => {
    return h("input", { type: "radio", name, value: at, onchange: () => set(model, { chosen: at }) });
  });
  const rows = options.map((text, at) => h("label", { class: "lif-option" }, inputs[at], ` ${text}`));
  const open = () => set(model, { locked: "" });
  const done = h("button", { type: "button", onclick: open }, "This is my prediction");
  const says = h("p", { class: "lif-says", role: "status" });
  const legend = h("legend", {}, model.get("question"));
  el.append(h("fieldset", { class: "lif-panel" }, legend, ...rows, done, says));

  const update = () => {
    const chosen = model.get("chosen");
    const made = !model.get("locked");
    for (const [at, input] of inputs.entries()) {
      input.checked = at === chosen;
      input.disabled = made;
    }
    done.disabled = chosen < 0 || made;
    const said = `You predicted: ${options[chosen] ?? "nothing"}. ${model.get("after")}`;
    says.textContent = made ? said : "";
  };
  follow(model, ["chosen", "locked"], update, signal);
}

export default { render };
