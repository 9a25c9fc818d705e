// The widgets' scripts and styles, found where they lie: a widget has one name, under which its Python, its
// script and its styles stand side by side in lifbook/page/widgets (the 3D view: in lifbook/page).
import { readdir } from "node:fs/promises";
import path from "node:path";

const PAGE = path.resolve(import.meta.dirname, "../../lifbook/page");

/**
 * Files of one kind in a folder of lifbook/page, in alphabetical order.
 * @param {string} folder
 * @param {string} ending
 */
async function files(folder, ending) {
  const names = await readdir(path.join(PAGE, folder));
  return names
    .filter((name) => name.endsWith(ending) && !name.endsWith(`.test${ending}`))
    .sort()
    .map((name) => path.join(PAGE, folder, name));
}

/** The scripts of the widgets. */
export const scripts = async () => [...(await files(".", ".js")), ...(await files("widgets", ".js"))];

/** What a sheet of all styles imports: a widget's own look stands after what all share, in every page. */
const styles = async () => [
  ...(await files("shared", ".css")),
  ...(await files(".", ".css")),
  ...(await files("widgets", ".css")),
];

/** For esbuild: `lifbook:styles` is the sheet of all styles. */
export const allStyles = {
  name: "styles-of-all-widgets",
  /** @param {import("esbuild").PluginBuild} bundle */
  setup(bundle) {
    bundle.onResolve({ filter: /^lifbook:styles$/ }, () => ({ path: "lifbook.css", namespace: "lifbook" }));
    bundle.onLoad({ filter: /.*/, namespace: "lifbook" }, async () => ({
      contents: (await styles()).map((file) => `@import ${JSON.stringify(file)};`).join("\n"),
      loader: "css",
      resolveDir: PAGE,
    }));
  },
};

/** @type {import("esbuild").BuildOptions} */
export const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};
