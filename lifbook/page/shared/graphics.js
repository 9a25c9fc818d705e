// 3Dmol.js, the coordinates and what a browser draws with: once for all views of a page.
import { h } from "./dom.js";

// One for all scripts of the page: in Jupyter each viewer brings this code with it.
globalThis.lifbook ??= { coordinates: new Map() };
const shared = globalThis.lifbook;

/**
 * 3Dmol.js, once for the page: the site's own copy where there is one, else py3Dmol's address.
 * @param {import("./dom.js").Model} model
 * @returns {Promise<any>}
 */
export function load3Dmol(model) {
  shared.library ??= new Promise((resolve, reject) => {
    if (globalThis.$3Dmol?.createViewer) {
      resolve(globalThis.$3Dmol);
      return;
    }
    const page = document.getElementById("lif-assets");
    const src = page ? JSON.parse(page.textContent).threeDmol : model.get("library");
    // 3Dmol.js hands itself to an AMD loader if it sees one (the classic notebook has one): hide it.
    const global_ = /** @type {any} */ (globalThis);
    const { define } = global_;
    if (define?.amd) global_.define = undefined;
    const done = (settle) => () => {
      if (define?.amd) global_.define = define;
      settle();
    };
    const script = h("script", { src, async: true });
    script.onload = done(() => resolve(globalThis.$3Dmol));
    script.onerror = done(() => reject(new Error(`3Dmol.js could not be loaded from ${src}`)));
    document.head.append(script);
  });
  return shared.library;
}

/** What did not arrive can be asked for again. */
export function forget3Dmol() {
  shared.library = undefined;
}

/**
 * PDB text of one entry. Its widget holds it compressed; all viewers of the page share the text.
 * @param {import("./dom.js").Model} model
 * @param {string} reference
 * @returns {Promise<string>}
 */
export function coordinates(model, reference) {
  const id = reference.replace("IPY_MODEL_", "");
  if (!shared.coordinates.has(id)) {
    shared.coordinates.set(
      id,
      model.widget_manager.get_model(id).then((source) => {
        const packed = source.get("data");
        const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
        return new Response(stream).text();
      }),
    );
  }
  return shared.coordinates.get(id);
}

/**
 * Wait until an element has a size: before that it is not in the page, or in a tab that is closed.
 * @param {HTMLElement} element
 * @returns {Promise<void>}
 */
export function sized(element) {
  return new Promise((resolve) => {
    new ResizeObserver((_entries, observer) => {
      if (!element.clientWidth) return;
      observer.disconnect();
      resolve();
    }).observe(element);
  });
}

/** Whether a canvas gives one of these contexts. It is given back: a phone has eight of them for all views. */
function gives(canvas, ...kinds) {
  try {
    const context = kinds.map((kind) => canvas.getContext(kind)).find(Boolean);
    context?.getExtension?.("WEBGL_lose_context")?.loseContext();
    return Boolean(context);
  } catch {
    return false; // an old browser throws at a kind that it does not know
  }
}

/** What 3Dmol has to be told so that it can draw here, or null where there is no 3D. Asked once for the page.
 *  By itself it draws all views on one canvas that is not in the page. Where that has no WebGL (WebKitGTK,
 *  Safari 16) it draws each view on the view's own canvas if the view is a grid of one by one. */
export function howToDraw() {
  if (shared.drawing === undefined) {
    const page = () => document.createElement("canvas");
    const hidden =
      typeof OffscreenCanvas === "function" &&
      gives(new OffscreenCanvas(1, 1), "webgl2") &&
      gives(page(), "bitmaprenderer");
    shared.drawing = hidden ? {} : gives(page(), "webgl2", "webgl") ? { rows: 1, cols: 1, row: 0, col: 0 } : null;
    // 3Dmol asks for the name without asking first whether there is one.
    if (typeof OffscreenCanvas === "undefined") globalThis.OffscreenCanvas = undefined;
  }
  return shared.drawing;
}
