// Time courses that were computed beforehand: make choices, see the curves.
import { chart, draw } from "#shared/chart.js";
import { adopt, follow, h, legendKey, set } from "#shared/dom.js";
import { sliderRow } from "#shared/sliders.js";

/** What was computed, with the state that the page started with, on whose peaks all curves are scaled. */
function makeCourses(model) {
  const axes = model.get("axes"); // [{trait, label, options: [text, ...], slider}]
  const series = model.get("series"); // [{label, colour, dash, most}]
  const times = model.get("times"); // minutes
  const peaks = model.get("peaks"); // [state][series] = [minute or null, value]
  const packed = model.get("curves"); // 8-bit numbers, [state][series][time]
  const values = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const state = () => axes.reduce((at, { trait, options }) => at * options.length + model.get(trait), 0);
  const start = state();
  const top = series.map((_, which) => peaks[start][which][1] || 1);
  /** Points of a curve in a state: [minute, value], where 1 is the peak of the start. */
  const curve = (which, at) => {
    const from = (at * series.length + which) * times.length;
    return times.map((minute, i) => [minute, ((values[from + i] / 255) * series[which].most) / top[which]]);
  };
  const peak = (which, at) => ({ minute: peaks[at][which][0], share: peaks[at][which][1] / top[which] });
  const states = peaks.map((_, at) => at);
  return { axes, series, state, states, start, curve, peak, last: times.at(-1) };
}

/** A slider or a row of buttons for each choice. */
function makeControl(model, { trait, label, options, slider }) {
  if (slider) {
    const oninput = ({ target }) => set(model, { [trait]: Number(target.value) });
    const { row, show } = sliderRow(label, { min: 0, max: options.length - 1, step: 1, oninput });
    return { row, update: () => show(model.get(trait), options[model.get(trait)]) };
  }
  const buttons = options.map((text, at) => {
    return h("button", { type: "button", "data-option": at, onclick: () => set(model, { [trait]: at }) }, text);
  });
  const words = h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, label);
  const row = h("div", { class: "lif-choice", role: "group", "aria-label": label }, words, ...buttons);
  const update = () => {
    for (const [i, button] of buttons.entries()) button.setAttribute("aria-pressed", String(i === model.get(trait)));
  };
  return { row, update };
}

/** Buttons for combinations to begin from. */
function makePresets(model) {
  const presets = model.get("presets").map(({ label, state, choices }) => {
    return { state, button: h("button", { type: "button", onclick: () => set(model, choices) }, label) };
  });
  const look = { class: "lif-choice", role: "group", "aria-label": "Examples" };
  const block = presets.length ? h("div", look, ...presets.map((item) => item.button)) : null;
  const update = (at) => {
    for (const { state, button } of presets) button.setAttribute("aria-pressed", String(state === at));
  };
  return { block, update };
}

/** The axis of time, in this number of parts. */
function timeAxis(model, last, parts) {
  const ticks = Array.from({ length: parts + 1 }, (_, i) => (i * last) / parts);
  const label = model.get("time_label");
  return { min: 0, max: last, label, ticks: ticks.map((minute) => [minute, String(Math.round(minute))]) };
}

const line = ({ colour, dash }, d) => draw("path", { class: "line", stroke: colour, "stroke-dasharray": dash, d });
const ghost = ({ colour, dash }, d) =>
  draw("path", { class: "line ghost", stroke: colour, "stroke-dasharray": dash, d });
/** The start as it is drawn beside a choice in a panel of its own. */
const GREY = { colour: "currentColor", dash: "3 3" };

/** A panel for each curve. The top of an axis doubles when a curve needs it, so that small changes stay comparable. */
function makePanels(model, { series, start, curve, peak, last }, reference) {
  const figure = h("div", { class: "lif-panels" });
  const keys = [
    ...legendKey("your choice ", "var(--lif-text)"),
    ...legendKey(`${reference}, whose peak is 1 `, GREY.colour, "dashed"),
  ];
  const legend = h("p", { class: "lif-note" }, ...keys);
  const panel = (item, which, at, text) => {
    const most = 1.25 * 2 ** Math.max(0, Math.ceil(Math.log2(peak(which, at).share / 1.25)));
    const marks = [0, 1, ...(most > 2 ? [most] : [])].map((value) => [value, String(value)]);
    const size = { width: 320, height: 170, label: `${item.label}. ${text}` };
    const y = { min: 0, max: most, label: "", ticks: marks };
    const plot = chart({ ...size, x: timeAxis(model, last, 4), y });
    plot.body.append(line(item, plot.path(curve(which, at))));
    if (at !== start) plot.body.append(ghost(GREY, plot.path(curve(which, start))));
    const key = h("span", { class: "lif-key", style: `--mark:${item.colour}` });
    return h("figure", {}, h("figcaption", {}, key, item.label), plot.svg);
  };
  const update = (at, texts) => {
    figure.replaceChildren(...series.map((item, which) => panel(item, which, at, texts[which])));
  };
  return { figure, legend, update };
}

/** All curves in one chart, the start as thin lines. */
function makeChart(model, { series, states, start, curve, peak, last }) {
  const highest = Math.max(1, ...states.flatMap((at) => series.map((_, which) => peak(which, at).share)));
  const most = Math.ceil(2 * highest) / 2;
  const marks = Array.from({ length: Math.floor(most) + 1 }, (_, i) => [i, String(i)]);
  const y = { min: 0, max: most, label: "peak of the start = 1", ticks: marks };
  const plot = chart({ label: "", width: 560, height: 270, x: timeAxis(model, last, 6), y });
  const keys = series.flatMap(({ label, colour, dash }) => legendKey(`${label} `, colour, dash ? "dashed" : ""));
  const legend = h("p", { class: "lif-note" }, ...keys);
  const drawn = (make, at) => series.map((item, which) => make(item, plot.path(curve(which, at))));
  const update = (at, texts) => {
    plot.body.replaceChildren(...(at === start ? [] : drawn(ghost, start)), ...drawn(line, at));
    plot.title.textContent = `Model curves. ${texts.join(" ")}`;
  };
  return { figure: h("div", {}, plot.svg), legend, update };
}

/** A small table that compares the choice with the start: rows[state][column] is a text. */
function makeMeasures({ what, columns, rows }, start, reference) {
  if (!rows) return { block: null, update() {} };
  const body = h("tbody");
  const heads = [what, ...columns].map((text) => h("th", { scope: "col" }, text));
  const look = { class: "lif-table", tabindex: 0, role: "region", "aria-label": `Measures of ${what}` };
  const block = h("div", look, h("table", {}, h("thead", {}, h("tr", {}, ...heads)), body));
  const entry = (name, at) => {
    const cells = rows[at].map((text) => h("td", { class: "lif-table__number" }, text));
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
  };
  const update = (at) => {
    body.replaceChildren(entry(reference, start), ...(at === start ? [] : [entry("your choice", at)]));
  };
  return { block, update };
}

/** What a curve does, in words; without a minute it has no peak, as signalling.peaks defines it. */
function described(label, { minute, share }, reference) {
  const whose = reference === "the start" ? "the start's" : `that of the ${reference}`;
  const times = `${share.toFixed(2)} times ${whose}`;
  if (share < 0.01) return `${label} stays near zero`;
  if (minute === null) return `${label} rises to a plateau, ${times}`;
  if (minute === 0) return `${label} falls from the beginning, ${times}`;
  return `${label} peaks at ${minute.toFixed(0)} min, ${times}`;
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const reference = model.get("reference") || "the start";
  const inPanels = model.get("panels");
  const courses = makeCourses(model);
  const { axes, series, state, start, peak } = courses;
  adopt(el);
  const controls = axes.map((axis) => makeControl(model, axis));
  const presets = makePresets(model);
  const plot = inPanels ? makePanels(model, courses, reference) : makeChart(model, courses);
  const says = h("p", { class: "lif-says", role: "status" });
  const measures = makeMeasures(model.get("measures"), start, reference);
  const source = h("p", { class: "lif-note" }, model.get("source"));
  const rows = controls.map((item) => item.row);
  const parts = [presets.block, ...rows, plot.figure, plot.legend, says, measures.block, source];
  el.append(h("div", { class: "lif-panel" }, ...parts));

  const update = () => {
    const at = state();
    for (const control of controls) control.update();
    presets.update(at);
    const texts = series.map(({ label }, which) => described(label, peak(which, at), reference));
    const thin = at === start || inPanels ? "" : " Thin lines: the start.";
    says.textContent = `${texts.join("; ")}.${thin}`;
    plot.update(at, texts);
    measures.update(at);
  };
  const traits = axes.map((axis) => axis.trait);
  follow(model, traits, update, signal);
}

export default { render };
