// A slider as all widgets have it.
import { h } from "./dom.js";

/**
 * A slider with its words and its value. The words are its name, and a click on them goes to it: they stand
 * in a label of their own, since a label names the first thing in it that can be named, and an <output> can.
 * The value is not announced beside the slider, which says it itself: aria-valuetext is the value with its
 * unit. Returns { row, input, show(position, text, spoken) }; `spoken` only where a unit is to be said in words.
 * @param {string} words
 * @param {Record<string, any>} attributes
 * @param {string} [look]
 */
export function sliderRow(words, attributes, look = "lif-slider") {
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
