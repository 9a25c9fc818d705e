// What 3Dmol draws in a viewer: its scene, what is picked, and the way of the camera.
import { between, NAMES, selection } from "./atoms.js";
import { calm } from "./dom.js";

const PICKED = { fontSize: 13, fontColor: "white", backgroundColor: "#20242b", backgroundOpacity: 0.9 };
/** Of the way from the middle to the side: what a scene is about may reach so far. */
const BROADEST = 0.96;

/** The picture of a viewer: `scene()` is what it shows, `painted()` is called when it was painted. */
export class Picture {
  #moving = 0;
  #waiting = false;

  /**
   * @param {object} about
   * @param {any} about.view a viewer of 3Dmol
   * @param {HTMLElement} about.stage
   * @param {import("./dom.js").Model} about.model
   * @param {import("./atoms.js").Entry[]} about.entries
   * @param {() => any} about.scene
   * @param {() => void} about.painted
   */
  constructor({ view, stage, model, entries, scene, painted }) {
    this.view = view;
    this.stage = stage;
    this.model = model;
    this.entries = entries;
    this.scene = scene;
    this.painted = painted;
  }

  /** Do without drawing: 3Dmol draws after nearly every call, which a slow phone shows. */
  #quietly(action) {
    this.view.show = () => {};
    try {
      action();
    } finally {
      delete this.view.show;
    }
  }

  /** How far from the middle what the scene is about reaches: 1 is the left or right edge. */
  #breadth() {
    const [, focus] = this.scene().camera.find(([method]) => method === "zoomTo");
    const half = this.stage.clientWidth / 2;
    const middle = this.stage.getBoundingClientRect().left + scrollX + half;
    const places = this.view.modelToScreen(this.view.selectedAtoms(focus));
    return Math.max(...places.map(({ x }) => Math.abs(x - middle) / half));
  }

  /** Where the scene's own camera calls take the view, without going there. */
  aim() {
    const { view, stage } = this;
    const before = view.getView();
    const narrow = stage.clientWidth < 1.4 * stage.clientHeight;
    let target;
    this.#quietly(() => {
      for (const [method, ...args] of this.scene().camera) view[method](...args);
    });
    // 3Dmol fits a selection to the height of the view; in a narrow one its sides would be cut off.
    if (narrow) view.show(); // brings what is measured up to date
    this.#quietly(() => {
      const broad = narrow ? this.#breadth() : 0;
      if (broad > BROADEST) view.zoom(BROADEST / broad);
      target = view.getView();
      view.setView(before);
    });
    return target;
  }

  /** Take the camera to where the scene wants it, on the shortest way; or at once. */
  fly(atOnce = false) {
    const { view } = this;
    const target = this.aim();
    const start = view.getView();
    cancelAnimationFrame(this.#moving);
    if (atOnce || calm()) {
      view.setView(target);
      return;
    }
    const begin = performance.now();
    const step = (now) => {
      const t = Math.min(1, (now - begin) / 600);
      view.setView(between(start, target, t * t * (3 - 2 * t)));
      if (t < 1) this.#moving = requestAnimationFrame(step);
    };
    this.#moving = requestAnimationFrame(step);
  }

  /** The atoms of what is picked as a selection, and the first of them; null where it is not shown. */
  picked() {
    const chosen = selection(this.model.get("picked"), this.entries, this.view);
    const atom = chosen && this.view.selectedAtoms(chosen)[0];
    return atom ? { chosen, atom } : null;
  }

  #drawHighlight() {
    for (const id of this.scene().highlight ? this.model.get("highlight") : []) {
      const chosen = selection(id, this.entries, this.view);
      if (!chosen) continue;
      const { colour } = this.entries[chosen.model].numbering[chosen.chain];
      const sideChain = { ...chosen, not: { atom: ["N", "C", "O"] } };
      this.view.addStyle(sideChain, { stick: { radius: 0.28, color: colour } });
    }
  }

  #drawPicked() {
    const found = this.picked();
    if (!found) return;
    const color = this.model.get("pick_colour");
    this.view.addStyle(found.chosen, { stick: { radius: 0.35, color }, sphere: { scale: 0.32, color } });
    // the name tells where it is when it lies behind something
    const { resn, resi } = found.atom;
    const look = { ...PICKED, borderColor: color, borderThickness: 2, inFront: true };
    this.view.addLabel(`${NAMES[resn] ?? resn}${resi}`, look, found.chosen);
  }

  paint() {
    const { view } = this;
    this.#quietly(() => {
      view.removeAllLabels();
      view.removeAllShapes();
      view.removeAllSurfaces();
      view.setStyle({}, {});
      for (const [method, ...args] of this.scene().calls) view[method](...args);
      this.#drawHighlight();
      this.#drawPicked();
    });
    this.painted();
    view.render();
  }

  /** Several traits can change at once (a slider sets a list of residues): paint once a frame. */
  repaint(alive) {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      if (alive()) this.paint();
    });
  }

  stop() {
    cancelAnimationFrame(this.#moving);
    this.view.spin(false);
    this.view.clear();
  }
}
