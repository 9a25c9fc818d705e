// What a widget needs in Jupyter, in one file each: node bundles.mjs OUTDIR
// Writes OUTDIR/<name>.js for each widget, and OUTDIR/lifbook.css, the styles of all of them; takes away what is
// not of these.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { allStyles, common, scripts } from "./widgets.mjs";

const outdir = path.resolve(process.argv[2]);
const shared = { ...common, outdir, write: /** @type {const} */ (false) };
const styles = [{ in: "lifbook:styles", out: "lifbook" }];
const made = [
  await build({ ...shared, entryPoints: await scripts(), entryNames: "[name]" }),
  await build({ ...shared, entryPoints: styles, plugins: [allStyles] }),
].flatMap((result) => result.outputFiles);

await mkdir(outdir, { recursive: true });
for (const { path: file, contents } of made) await writeFile(file, contents);
const names = new Set(made.map((file) => path.basename(file.path)));
for (const name of await readdir(outdir)) {
  if (!names.has(name)) await rm(path.join(outdir, name));
}
