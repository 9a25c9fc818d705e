// What a widget needs in Jupyter, in one file each: node bundles.mjs OUTDIR
// Writes OUTDIR/<name>.js for each widget, and OUTDIR/lifbook.css, the styles of all of them.
import { build } from "esbuild";
import { rm } from "node:fs/promises";
import path from "node:path";
import { allStyles, common, scripts } from "./widgets.mjs";

const outdir = path.resolve(process.argv[2]);
await rm(outdir, { recursive: true, force: true });
await build({ ...common, entryPoints: await scripts(), outdir, entryNames: "[name]" });
await build({ ...common, entryPoints: [{ in: "lifbook:styles", out: "lifbook" }], outdir, plugins: [allStyles] });
