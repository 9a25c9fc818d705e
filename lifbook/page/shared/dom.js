// Shared by all widgets of lifbook. Python puts this text in front of each widget's own module, so the
// names below are in its scope.

/** Make an element: h("button", {class: "x", onclick: f}, "text", child, ...) */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make an element a widget's own: its looks, and its keys. JupyterLab would take an arrow, "a" or Enter that
 *  is pressed in a widget for a command to the notebook; it leaves alone what has this attribute. Keys with
 *  Ctrl, such as those for saving, stay JupyterLab's. */
function adopt(element) {
  element.classList.add("lif");
  element.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    event.target.toggleAttribute("data-lm-suppress-shortcuts", plain);
  }, { capture: true });
}

/** Run `action` now and whenever one of the model's traits changes; undone when `signal` aborts. */
function follow(model, traits, action, signal) {
  for (const trait of traits) model.on(`change:${trait}`, action);
  signal?.addEventListener("abort", () => {
    for (const trait of traits) model.off(`change:${trait}`, action);
  });
  action();
}

/** Set traits from the page: they reach linked widgets, and Python where a kernel runs. */
function set(model, values) {
  for (const [trait, value] of Object.entries(values)) model.set(trait, value);
  model.save_changes();
}

/** A slider with its words and its value. The words are its name, and a click on them goes to it: they stand
 *  in a label of their own, since a label names the first thing in it that can be named, and an <output> can.
 *  The value is not announced beside the slider, which says it itself: aria-valuetext is the value with its
 *  unit. Returns { row, input, show(position, text, spoken) }; `spoken` only where a unit is to be said in words. */
function sliderRow(words, attributes, look = "lif-slider") {
  globalThis.lifbookSliders = (globalThis.lifbookSliders ?? 0) + 1; // one count for all modules of the page
  const id = `lif-slider-${globalThis.lifbookSliders}`;
  const input = h("input", { type: "range", id, ...attributes });
  const output = h("output", { for: id, "aria-live": "off" });
  const row = h("div", { class: look }, h("label", { for: id }, words), output, input);
  const show = (position, text, spoken = text) => {
    input.value = position;
    output.textContent = text;
    input.setAttribute("aria-valuetext", spoken);
  };
  return { row, input, show };
}

/** Arrow keys move the focus inside a row or list of `items` (roving tabindex). */
function rove(container, items, { columns = 1 } = {}) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  container.addEventListener("keydown", (event) => {
    const list = items();
    const at = list.indexOf(document.activeElement);
    if (at < 0) return;
    const to = event.key === "Home" ? 0
      : event.key === "End" ? list.length - 1
      : event.key in steps ? at + steps[event.key] : null;
    if (to === null || !list[to]) return;
    event.preventDefault();
    tabStop(list, list[to]);
    list[to].focus();
  });
}

/** Exactly one of `items` can be reached with Tab. */
function tabStop(items, chosen) {
  for (const item of items) item.tabIndex = item === chosen ? 0 : -1;
}
