// The 3D view. State (scene, picked, highlight, spin) lives in the widget model, so that the same code
// runs in a static page, linked to other widgets by jslink, and in Jupyter, driven from Python.
import { addEntry, describe } from "./shared/atoms.js";
import { adopt, calm, follow, h, pick, set } from "./shared/dom.js";
import { coordinates, forget3Dmol, howToDraw, load3Dmol, sized } from "./shared/graphics.js";
import { Picture } from "./shared/picture.js";

const NO_WEBGL =
  "This browser cannot draw in 3D (WebGL is off or missing), so the view cannot be turned. " +
  "The sequence, the tables and the captions say the same in words and numbers.";
/** Keys that turn the model: degrees and axis. */
const TURNS = { ArrowLeft: [-8, "y"], ArrowRight: [8, "y"], ArrowUp: [-8, "x"], ArrowDown: [8, "x"] };

const currentScene = (model) => {
  const scenes = model.get("scenes");
  return scenes.find((item) => item.name === model.get("scene")) ?? scenes[0];
};

/** A button for each scene, in groups. */
function makeScenes(model) {
  const scenes = model.get("scenes");
  const buttons = new Map();
  const bar = h("div", { class: "lif-viewer__scenes" });
  for (const group of new Set(scenes.map((item) => item.group))) {
    const words = h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, group);
    const row = h("div", { class: "lif-viewer__group", role: "group", "aria-label": group }, words);
    for (const { name, label } of scenes.filter((candidate) => candidate.group === group)) {
      const onclick = () => set(model, { scene: name });
      buttons.set(name, h("button", { type: "button", "data-scene": name, onclick }, label));
      row.append(buttons.get(name));
    }
    bar.append(row);
  }
  return { bar, buttons };
}

/** What is seen of a viewer before anything is drawn. */
function makeFace(model) {
  const caption = h("p", { class: "lif-viewer__caption", "aria-live": "polite" });
  const hover = h("p", { class: "lif-viewer__hover", "aria-hidden": "true" });
  const about = { tabindex: 0, role: "application", "aria-roledescription": "3D view" };
  const stage = h("div", { class: "lif-viewer__stage", ...about });
  const ask = h("span", {}, "Tap to turn the model");
  const touch = h("button", { class: "lif-viewer__touch", type: "button" }, ask);
  const frame = h("div", { class: "lif-viewer__frame" }, stage, touch, hover);
  const { bar, buttons } = makeScenes(model);
  const turn = () => set(model, { spin: !model.get("spin") });
  const spin = h("button", { type: "button", "aria-pressed": "false", onclick: turn }, "Spin");
  const [full, save, reset] = ["Full screen", "Save picture", "Reset"].map((text) =>
    h("button", { type: "button" }, text),
  );
  const look = { class: "lif-viewer__tools", role: "group", "aria-label": "View" };
  const tools = h("div", look, reset, spin, full, save);
  const root = h("div", { class: "lif-viewer", "data-viewer": model.get("name") }, frame, caption, bar, tools);
  return { root, frame, stage, touch, hover, caption, buttons, tools, spin, full, save, reset };
}

/** What the scene says is worth reading without 3D too: captions and buttons work from here on. */
function followScene(model, { root, stage, caption, buttons }, signal) {
  const update = () => {
    const current = currentScene(model);
    for (const [key, button] of buttons) button.setAttribute("aria-pressed", String(key === current.name));
    root.dataset.scene = current.name;
    caption.textContent = current.caption;
    const keys = "Arrow keys turn the model, plus and minus zoom, R resets, Escape leaves.";
    stage.setAttribute("aria-label", `${model.get("label")}, ${current.label}. ${keys}`);
  };
  follow(model, ["scene"], update, signal);
}

/** In Jupyter, links such as [the interface](#complex:interface) switch the scene. In the static page
 *  the page's own loader does it, since the viewer may not be there yet when the link is clicked. */
function followLinks(model, root, signal) {
  if (document.getElementById("lif-assets")) return;
  const name = model.get("name");
  const click = (event) => {
    const link = event.target.closest?.(`a[href*="#${CSS.escape(name)}:"], a[href*="#${name}:"]`);
    const scene = link?.getAttribute("href").split(`#${name}:`)[1];
    if (!model.get("scenes").some((item) => item.name === scene)) return;
    event.preventDefault();
    event.stopPropagation();
    set(model, { scene });
    root.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  };
  document.addEventListener("click", click, { capture: true, signal });
}

/** No 3D: say so. The captions and the buttons of the scenes go on, the page shows its picture of one scene. */
function failing(model, el, { root, frame, tools }) {
  const pictured = currentScene(model).label;
  return (message) => {
    root.dataset.state = "failed";
    if (document.fullscreenElement === root) document.exitFullscreen();
    const still = document.getElementById("lif-assets") ? ` The picture above shows “${pictured}”.` : "";
    frame.replaceChildren(h("p", { class: "lif-viewer__sorry", role: "status" }, message + still));
    tools.remove();
    el.dispatchEvent(new CustomEvent("lif:failed", { bubbles: true }));
  };
}

/** The line below: what the mouse is over, else what is picked. A click picks a residue. */
function makeHover({ model, entries, view, face: { stage, hover } }, picture) {
  const residue = (atom) => `${entries[atom.model].entry}:${atom.chain}:${atom.resi}`;
  const show = (over) => {
    const atom = over ?? picture.picked()?.atom;
    const start = atom && residue(atom) === model.get("picked") ? "Picked: " : "";
    hover.textContent = atom ? start + describe(atom, entries) : "";
  };
  const enter = (atom) => {
    if (stage.matches(":hover")) show(atom);
  };
  view.setHoverable({}, true, enter, () => show(null));
  stage.addEventListener("pointerleave", () => show(null));
  view.setClickable({}, true, (atom) => {
    // One sugar bears the letter of the receptor's chain; Python picks residues only.
    if (atom.hetflag || !entries[atom.model].numbering[atom.chain]) return;
    pick(model, residue(atom));
  });
  return show;
}

/** A phone takes the graphics away from a page in the background. 3Dmol builds them anew in resize(),
 *  but is not told where it draws on a canvas that is not in the page. */
function watchGraphics({ view, face: { stage }, alive, tried }) {
  const again = () => {
    if (!alive()) return;
    tried(() => {
      view.resize();
      watch();
    });
  };
  const watch = () => {
    // the stage around the canvas carries the name and the keys
    stage.querySelector("canvas").setAttribute("aria-hidden", "true");
    const canvas = view.getRenderer?.().getContext()?.canvas;
    // frames come when the page is seen again
    canvas?.addEventListener("webglcontextlost", () => requestAnimationFrame(again), { once: true });
  };
  watch();
}

/** What changes in the model changes the picture. */
function followModel({ model, view, face: { spin }, alive, signal }, picture) {
  let last = currentScene(model).name;
  let ready = false; // it was painted just now
  const update = () => {
    if (!ready || !alive()) return;
    picture.repaint(alive);
    const { name } = currentScene(model);
    if (name === last) return;
    last = name;
    picture.fly();
  };
  follow(model, ["scene", "picked", "highlight"], update, signal);
  ready = true;
  const turn = () => {
    const on = model.get("spin");
    spin.setAttribute("aria-pressed", String(on));
    view.spin(on && alive() ? "y" : false, 0.4);
  };
  follow(model, ["spin"], turn, signal);
}

/** Reset, full screen, save. */
function useTools({ model, view, face: { root, full, save, reset }, signal }, picture) {
  reset.onclick = () => {
    set(model, { picked: "", spin: false });
    picture.fly();
  };
  full.hidden = !document.fullscreenEnabled;
  full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  const change = () => {
    full.textContent = document.fullscreenElement === root ? "Leave full screen" : "Full screen";
  };
  document.addEventListener("fullscreenchange", change, { signal });
  save.onclick = () => {
    h("a", { href: view.pngURI(), download: `${model.get("name")}-${currentScene(model).name}.png` }).click();
  };
}

/** Keys: they turn and zoom, reset, and leave. */
function useKeys({ view, face: { stage, reset } }) {
  stage.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key in TURNS) view.rotate(...TURNS[key]);
    else if (key === "+" || key === "=") view.zoom(1.15);
    else if (key === "-") view.zoom(1 / 1.15);
    else if (key === "r" || key === "R") reset.click();
    else if (key === "Escape") stage.blur();
    else return;
    view.render();
    event.preventDefault();
  });
}

/** A wheel or a finger that only passes over the view must scroll the page, not zoom the model: the
 *  wheel zooms once the view has the focus, a finger turns it after a tap. */
function usePointer({ model, face: { frame, stage, touch } }) {
  const wheel = (event) => {
    if (!stage.matches(":focus") && !event.ctrlKey) event.stopPropagation();
  };
  frame.addEventListener("wheel", wheel, { capture: true });
  stage.addEventListener("pointerdown", () => stage.focus({ preventScroll: true }));
  touch.onclick = () => {
    touch.hidden = true;
    stage.focus({ preventScroll: true });
  };
  const seen = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) return;
    touch.hidden = false;
    if (model.get("spin")) set(model, { spin: false });
  });
  seen.observe(frame);
  return seen;
}

/** Draw anew when the view has another size. */
function useSize({ view, face: { stage } }) {
  const measured = () => `${stage.clientWidth} ${stage.clientHeight}`;
  let drawn = measured();
  const size = new ResizeObserver(() => {
    if (measured() === drawn || !stage.clientWidth) return; // hidden on paper: nothing to draw
    drawn = measured();
    view.resize();
    view.render();
  });
  size.observe(stage);
  return size;
}

/** Draw the first scene, then go along with the model and the reader. */
function start(viewer) {
  const { model, el, entries, view, face, signal, tried } = viewer;
  const scene = () => currentScene(model);
  const picture = new Picture({ view, stage: face.stage, model, entries, scene, painted: () => show(null) });
  const show = makeHover(viewer, picture);
  const drawn = tried(() => {
    watchGraphics(viewer);
    picture.paint();
    picture.fly(true);
  });
  if (!drawn) return;
  face.root.dataset.state = "drawn";
  el.dispatchEvent(new CustomEvent("lif:drawn", { bubbles: true }));
  followModel(viewer, picture);
  useTools(viewer, picture);
  useKeys(viewer);
  const observers = [usePointer(viewer), useSize(viewer)];
  signal?.addEventListener("abort", () => {
    for (const observer of observers) observer.disconnect();
    picture.stop();
  });
}

/** @param {import("./shared/dom.js").Place} place */
async function render({ model, el, signal }) {
  const entries = model.get("entries");
  const face = makeFace(model);
  adopt(el);
  el.append(face.root);
  followScene(model, face, signal);
  followLinks(model, face.root, signal);
  const fail = failing(model, el, face);
  const broken = (error) => {
    const said = String(error?.message ?? error).replace(/\.$/, ""); // 3Dmol throws texts
    fail(`The 3D view could not start: ${said}. Reload the page to try again.`);
  };
  await sized(face.frame);
  const drawing = howToDraw();
  if (!drawing) return fail(NO_WEBGL);
  let library;
  let texts;
  try {
    const asked = entries.map((item) => coordinates(model, item.coordinates));
    [library, ...texts] = await Promise.all([load3Dmol(model), ...asked]);
  } catch (error) {
    forget3Dmol(); // the next viewer may try again
    return broken(error);
  }
  if (signal?.aborted) return undefined;

  let view;
  const alive = () => !signal?.aborted && face.root.dataset.state !== "failed";
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
  const made = tried(() => {
    view = library.createViewer(face.stage, { backgroundAlpha: 0, antialias: true, ...drawing });
    for (const [i, text] of texts.entries()) addEntry(view, text, entries[i]);
  });
  if (made) start({ model, el, signal, face, entries, view, alive, tried });
  return undefined;
}

export default { render };
