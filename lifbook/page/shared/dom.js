// Elements, models and keys: what all widgets share.

/** Make an element: h("button", {class: "x", onclick: f}, "text", child, ...) */
export function h(tag, attributes = {}, ...children) {
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
export function adopt(element) {
  element.classList.add("lif");
  element.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    event.target.toggleAttribute("data-lm-suppress-shortcuts", plain);
  }, { capture: true });
}

/** Run `action` now and whenever one of the model's traits changes; undone when `signal` aborts. */
export function follow(model, traits, action, signal) {
  for (const trait of traits) model.on(`change:${trait}`, action);
  signal?.addEventListener("abort", () => {
    for (const trait of traits) model.off(`change:${trait}`, action);
  });
  action();
}

/** Set traits from the page: they reach linked widgets, and Python where a kernel runs. */
export function set(model, values) {
  for (const [trait, value] of Object.entries(values)) model.set(trait, value);
  model.save_changes();
}

/** Arrow keys move the focus inside a row or list of `items` (roving tabindex). */
export function rove(container, items, { columns = 1 } = {}) {
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
export function tabStop(items, chosen) {
  for (const item of items) item.tabIndex = item === chosen ? 0 : -1;
}
