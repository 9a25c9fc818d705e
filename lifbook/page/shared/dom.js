// Elements, models and keys: what all widgets share.

/**
 * The model of a widget, as anywidget hands it out: its traits, and who follows them.
 * @typedef {object} Model
 * @property {(trait: string) => any} get
 * @property {(trait: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, action: () => void) => void} on
 * @property {(event: string, action: () => void) => void} off
 * @property {{ get_model(id: string): Promise<Model> }} widget_manager
 */

/**
 * What a widget is rendered with; the signal aborts when the widget is taken away.
 * @typedef {object} Place
 * @property {Model} model
 * @property {HTMLElement} el
 * @property {AbortSignal} [signal]
 */

/**
 * Make an element: h("button", {class: "x", onclick: f}, "text", child, ...)
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes] those that are null, undefined or false are left out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
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

/**
 * Make an element a widget's own: its looks, and its keys. JupyterLab would take an arrow, "a" or Enter that
 * is pressed in a widget for a command to the notebook; it leaves alone what has this attribute. Keys with
 * Ctrl, such as those for saving, stay JupyterLab's.
 * @param {HTMLElement} element
 */
export function adopt(element) {
  element.classList.add("lif");
  element.addEventListener(
    "keydown",
    (event) => {
      const plain = !(event.ctrlKey || event.metaKey || event.altKey);
      const target = /** @type {HTMLElement} */ (event.target);
      target.toggleAttribute("data-lm-suppress-shortcuts", plain);
    },
    { capture: true },
  );
}

/**
 * Run `action` now and whenever one of the model's traits changes; undone when `signal` aborts.
 * @param {Model} model
 * @param {string[]} traits
 * @param {() => void} action
 * @param {AbortSignal} [signal]
 */
export function follow(model, traits, action, signal) {
  for (const trait of traits) model.on(`change:${trait}`, action);
  signal?.addEventListener("abort", () => {
    for (const trait of traits) model.off(`change:${trait}`, action);
  });
  action();
}

/**
 * Set traits from the page: they reach linked widgets, and Python where a kernel runs.
 * @param {Model} model
 * @param {Record<string, unknown>} values
 */
export function set(model, values) {
  for (const [trait, value] of Object.entries(values)) model.set(trait, value);
  model.save_changes();
}

/** Whether the reader has asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Pick a thing, or let it go if it is picked.
 * @param {Model} model
 * @param {string} id
 */
export function pick(model, id) {
  set(model, { picked: model.get("picked") === id ? "" : id });
}

/**
 * Arrow keys move the focus inside a row or list of `items` (roving tabindex).
 * @param {HTMLElement} container
 * @param {() => HTMLElement[]} items
 * @param {{ columns?: number }} [layout]
 */
export function rove(container, items, { columns = 1 } = {}) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  container.addEventListener("keydown", (event) => {
    const list = items();
    const at = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? list.length - 1
          : event.key in steps
            ? at + steps[event.key]
            : null;
    if (to === null || !list[to]) return;
    event.preventDefault();
    tabStop(list, list[to]);
    list[to].focus();
  });
}

/**
 * Exactly one of `items` can be reached with Tab.
 * @param {HTMLElement[]} items
 * @param {HTMLElement} chosen
 */
export function tabStop(items, chosen) {
  for (const item of items) item.tabIndex = item === chosen ? 0 : -1;
}

/**
 * What a line of a drawing stands for: its colour and dash, then words.
 * @param {string} words
 * @param {string} colour
 * @param {string} [dash] "dashed", "dotted" or nothing
 * @returns {[HTMLSpanElement, string]}
 */
export function legendKey(words, colour, dash = "") {
  return [h("span", { class: `lif-key${dash ? ` lif-key--${dash}` : ""}`, style: `--mark:${colour}` }), words];
}

/**
 * A prediction first: sliders and buttons open when the answer is given, until then `note` says why not.
 * @param {Model} model
 * @param {(HTMLInputElement | HTMLButtonElement)[]} controls
 * @param {HTMLElement} note
 * @param {AbortSignal} [signal]
 */
export function keepClosed(model, controls, note, signal) {
  const update = () => {
    const reason = model.get("locked");
    for (const control of controls) control.disabled = Boolean(reason);
    note.textContent = reason;
  };
  follow(model, ["locked"], update, signal);
}
