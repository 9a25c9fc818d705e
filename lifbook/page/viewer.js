// The 3D view. State (scene, picked, highlight, spin) lives in the widget model, so that the same code
// runs in a static page, linked to other widgets by jslink, and in Jupyter, driven from Python.
import { NAMES, addEntry, between, describe, selection } from "./shared/atoms.js";
import { adopt, follow, h, set } from "./shared/dom.js";
import { coordinates, forget3Dmol, howToDraw, load3Dmol, sized } from "./shared/graphics.js";

const NO_WEBGL =
  "This browser cannot draw in 3D (WebGL is off or missing), so the view cannot be turned. " +
  "The sequence, the tables and the captions say the same in words and numbers.";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

async function render({ model, el, signal }) {
  const name = model.get("name");
  const entries = model.get("entries");
  const scenes = model.get("scenes");
  const scene = () => scenes.find((item) => item.name === model.get("scene")) ?? scenes[0];

  const caption = h("p", { class: "lif-viewer__caption", "aria-live": "polite" });
  const hover = h("p", { class: "lif-viewer__hover", "aria-hidden": "true" });
  const stage = h("div", {
    class: "lif-viewer__stage", tabindex: 0, role: "application",
    "aria-roledescription": "3D view",
  });
  const touch = h("button", { class: "lif-viewer__touch", type: "button" },
    h("span", {}, "Tap to turn the model"));
  const frame = h("div", { class: "lif-viewer__frame" }, stage, touch, hover);

  const buttons = new Map();
  const bar = h("div", { class: "lif-viewer__scenes" });
  for (const group of new Set(scenes.map((item) => item.group))) {
    const row = h("div", { class: "lif-viewer__group", role: "group", "aria-label": group },
      h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, group));
    for (const item of scenes.filter((candidate) => candidate.group === group)) {
      const button = h("button", { type: "button", "data-scene": item.name,
        onclick: () => set(model, { scene: item.name }) }, item.label);
      buttons.set(item.name, button);
      row.append(button);
    }
    bar.append(row);
  }
  const spin = h("button", { type: "button", "aria-pressed": "false",
    onclick: () => set(model, { spin: !model.get("spin") }) }, "Spin");
  const full = h("button", { type: "button" }, "Full screen");
  const save = h("button", { type: "button" }, "Save picture");
  const reset = h("button", { type: "button" }, "Reset");
  const tools = h("div", { class: "lif-viewer__tools", role: "group", "aria-label": "View" },
    reset, spin, full, save);
  const root = h("div", { class: "lif-viewer", "data-viewer": name }, frame, caption, bar, tools);
  adopt(el);
  el.append(root);

  // What the scene says is worth reading without 3D too: captions and buttons work from here on.
  follow(model, ["scene"], () => {
    const current = scene();
    for (const [key, button] of buttons) button.setAttribute("aria-pressed", String(key === current.name));
    root.dataset.scene = current.name;
    caption.textContent = current.caption;
    stage.setAttribute("aria-label",
      `${model.get("label")}, ${current.label}. Arrow keys turn the model, plus and minus zoom, ` +
      "R resets, Escape leaves.");
  }, signal);
  followLinks({ model, name, root, signal });

  const pictured = scene().label;
  /** No 3D: say so. The captions and the buttons of the scenes go on, the page shows its picture of one scene. */
  const fail = (message) => {
    root.dataset.state = "failed";
    if (document.fullscreenElement === root) document.exitFullscreen();
    const still = document.getElementById("lif-assets") ? ` The picture above shows “${pictured}”.` : "";
    frame.replaceChildren(h("p", { class: "lif-viewer__sorry", role: "status" }, message + still));
    tools.remove();
    el.dispatchEvent(new CustomEvent("lif:failed", { bubbles: true }));
  };
  const broken = (error) => fail( // 3Dmol throws texts
    `The 3D view could not start: ${String(error?.message ?? error).replace(/\.$/, "")}. Reload the page to try again.`);
  await sized(frame);
  const drawing = howToDraw();
  if (!drawing) return fail(NO_WEBGL);
  let $3Dmol, texts;
  try {
    [$3Dmol, ...texts] = await Promise.all([
      load3Dmol(model), ...entries.map((item) => coordinates(model, item.coordinates))]);
  } catch (error) {
    forget3Dmol(); // the next viewer may try again
    return broken(error);
  }
  if (signal?.aborted) return;

  let view;
  const alive = () => !signal?.aborted && root.dataset.state !== "failed";
  /** Do what can go wrong in 3Dmol or in the graphics; where it does, the reader is told. */
  const tried = (action) => {
    try {
      action();
    } catch (error) {
      console.warn(error); // where it went wrong
      view?.spin(false);
      broken(error);
    }
    return alive();
  };
  if (!tried(() => {
    view = $3Dmol.createViewer(stage, { backgroundAlpha: 0, antialias: true, ...drawing });
    texts.forEach((text, i) => addEntry(view, text, entries[i]));
  })) return;

  /** A phone takes the graphics away from a page in the background. 3Dmol builds them anew in resize(),
   *  but is not told where it draws on a canvas that is not in the page. */
  function watch() {
    // the stage around the canvas carries the name and the keys
    stage.querySelector("canvas").setAttribute("aria-hidden", "true");
    view.getRenderer?.().getContext()?.canvas.addEventListener("webglcontextlost", () => {
      requestAnimationFrame(() => { // frames come when the page is seen again
        if (alive()) tried(() => { view.resize(); watch(); });
      });
    }, { once: true });
  }

  const residue = (atom) => `${entries[atom.model].entry}:${atom.chain}:${atom.resi}`;
  const pickedAtom = () => {
    const chosen = selection(model.get("picked"), entries, view);
    return chosen && view.selectedAtoms(chosen)[0];
  };
  /** The line below: what the mouse is over, else what is picked. */
  const show = (over) => {
    const atom = over ?? pickedAtom();
    const start = atom && residue(atom) === model.get("picked") ? "Picked: " : "";
    hover.textContent = atom ? start + describe(atom, entries) : "";
  };
  view.setHoverable({}, true, (atom) => { if (stage.matches(":hover")) show(atom); }, () => show(null));
  stage.addEventListener("pointerleave", () => show(null));
  view.setClickable({}, true, (atom) => {
    // One sugar bears the letter of the receptor's chain; Python picks residues only.
    if (atom.hetflag || !entries[atom.model].numbering[atom.chain]) return;
    const id = residue(atom);
    set(model, { picked: id === model.get("picked") ? "" : id });
  });

  let moving = 0;
  function fly(target) {
    const start = view.getView();
    cancelAnimationFrame(moving);
    if (calm.matches || root.dataset.state !== "drawn") {
      view.setView(target);
      return;
    }
    const begin = performance.now();
    const step = (now) => {
      const t = Math.min(1, (now - begin) / 600);
      view.setView(between(start, target, t * t * (3 - 2 * t)));
      if (t < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
  }

  /** Do without drawing: 3Dmol draws after nearly every call, which a slow phone shows. */
  function quietly(action) {
    view.show = () => {};
    try {
      action();
    } finally {
      delete view.show;
    }
  }

  /** How far from the middle what the scene is about reaches: 1 is the left or right edge. */
  function breadth() {
    const [, focus] = scene().camera.find(([method]) => method === "zoomTo");
    const half = stage.clientWidth / 2;
    const middle = stage.getBoundingClientRect().left + scrollX + half;
    return Math.max(...view.modelToScreen(view.selectedAtoms(focus)).map(({ x }) => Math.abs(x - middle) / half));
  }

  /** Where the scene's own camera calls take the view, without going there. */
  function aim() {
    const before = view.getView();
    const narrow = stage.clientWidth < 1.4 * stage.clientHeight;
    let target;
    quietly(() => { for (const [method, ...args] of scene().camera) view[method](...args); });
    // 3Dmol fits a selection to the height of the view; in a narrow one its sides would be cut off.
    if (narrow) view.show(); // brings what is measured up to date
    quietly(() => {
      const broad = narrow ? breadth() : 0;
      if (broad > 0.96) view.zoom(0.96 / broad);
      target = view.getView();
      view.setView(before);
    });
    return target;
  }

  function restyle() {
    view.removeAllLabels();
    view.removeAllShapes();
    view.removeAllSurfaces();
    view.setStyle({}, {});
    for (const [method, ...args] of scene().calls) view[method](...args);
    for (const id of scene().highlight ? model.get("highlight") : []) {
      const chosen = selection(id, entries, view);
      if (!chosen) continue;
      const { colour } = entries[chosen.model].numbering[chosen.chain];
      view.addStyle({ ...chosen, not: { atom: ["N", "C", "O"] } }, { stick: { radius: 0.28, color: colour } });
    }
    const picked = selection(model.get("picked"), entries, view);
    if (picked && view.selectedAtoms(picked).length) {
      view.addStyle(picked, { stick: { radius: 0.35, color: model.get("pick_colour") },
        sphere: { scale: 0.32, color: model.get("pick_colour") } });
      // the name tells where it is when it lies behind something
      const { resn, resi } = view.selectedAtoms(picked)[0];
      view.addLabel(`${NAMES[resn] ?? resn}${resi}`, { fontSize: 13, fontColor: "white",
        backgroundColor: "#20242b", backgroundOpacity: 0.9, borderColor: model.get("pick_colour"),
        borderThickness: 2, inFront: true }, picked);
    }
  }

  function paint() {
    quietly(restyle);
    show(null);
    view.render();
  }
  // Several traits can change at once (a slider sets a list of residues): paint once a frame.
  let waiting = false;
  const repaint = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (alive()) paint(); });
  };
  if (!tried(() => { watch(); paint(); fly(aim()); })) return;
  root.dataset.state = "drawn";
  el.dispatchEvent(new CustomEvent("lif:drawn", { bubbles: true }));

  let last = scene().name;
  waiting = true; // painted just now
  follow(model, ["scene", "picked", "highlight"], () => {
    if (!alive()) return;
    repaint();
    if (scene().name !== last) {
      last = scene().name;
      fly(aim());
    }
  }, signal);
  waiting = false;
  follow(model, ["spin"], () => {
    const on = model.get("spin");
    spin.setAttribute("aria-pressed", String(on));
    view.spin(on && alive() ? "y" : false, 0.4);
  }, signal);

  reset.onclick = () => {
    set(model, { picked: "", spin: false });
    fly(aim());
  };
  full.hidden = !document.fullscreenEnabled;
  full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  const onFull = () => {
    full.textContent = document.fullscreenElement === root ? "Leave full screen" : "Full screen";
  };
  document.addEventListener("fullscreenchange", onFull, { signal });
  save.onclick = () => {
    h("a", { href: view.pngURI(), download: `${name}-${scene().name}.png` }).click();
  };

  stage.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: [-8, "y"], ArrowRight: [8, "y"], ArrowUp: [-8, "x"], ArrowDown: [8, "x"] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in turn) view.rotate(...turn[event.key]);
    else if (event.key === "+" || event.key === "=") view.zoom(1.15);
    else if (event.key === "-") view.zoom(1 / 1.15);
    else if (event.key === "r" || event.key === "R") reset.click();
    else if (event.key === "Escape") stage.blur();
    else return;
    view.render();
    event.preventDefault();
  });

  // A wheel or a finger that only passes over the view must scroll the page, not zoom the model: the
  // wheel zooms once the view has the focus, a finger turns it after a tap.
  frame.addEventListener("wheel", (event) => {
    if (!stage.matches(":focus") && !event.ctrlKey) event.stopPropagation();
  }, { capture: true });
  stage.addEventListener("pointerdown", () => stage.focus({ preventScroll: true }));
  touch.onclick = () => {
    touch.hidden = true;
    stage.focus({ preventScroll: true });
  };
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) {
      touch.hidden = false;
      if (model.get("spin")) set(model, { spin: false });
    }
  });
  seen.observe(frame);

  let drawn = `${stage.clientWidth} ${stage.clientHeight}`;
  const size = new ResizeObserver(() => {
    const now = `${stage.clientWidth} ${stage.clientHeight}`;
    if (now === drawn || !stage.clientWidth) return; // hidden on paper: nothing to draw
    drawn = now;
    view.resize();
    view.render();
  });
  size.observe(stage);
  signal?.addEventListener("abort", () => {
    cancelAnimationFrame(moving);
    seen.disconnect();
    size.disconnect();
    view.spin(false);
    view.clear();
  });
}

/** In Jupyter, links such as [the interface](#complex:interface) switch the scene. In the static page
 *  the page's own loader does it, since the viewer may not be there yet when the link is clicked. */
function followLinks({ model, name, root, signal }) {
  if (document.getElementById("lif-assets")) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`a[href*="#${CSS.escape(name)}:"], a[href*="#${name}:"]`);
    const scene = link?.getAttribute("href").split(`#${name}:`)[1];
    if (!model.get("scenes").some((item) => item.name === scene)) return;
    event.preventDefault();
    event.stopPropagation();
    set(model, { scene });
    root.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  }, { capture: true, signal });
}

export default { render };
