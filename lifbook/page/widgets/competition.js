// Cytokines on one pool of gp130: sliders, complexes against IL-6, and where gp130 is.
import { chart, decades, draw } from "#shared/chart.js";
import { adopt, follow, h, keepClosed, legendKey, set } from "#shared/dom.js";
import { equilibrium } from "#shared/equilibrium.js";
import { sliderRow } from "#shared/sliders.js";

const DASHES = ["", "7 5", "2 4"];
const LOOKS = ["", "dashed", "dotted"];
/** Of a decade below the least dose: the slider's first step means no cytokine. */
const NONE = 0.1;
const DIGITS = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const nM = (x) => (x >= 0.1 ? `${DIGITS.format(x)} nM` : `${DIGITS.format(x * 1000)} pM`);
const whole = (x) => (x > 0 && x < 10 ? x.toFixed(1) : Math.round(x).toLocaleString("en"));
const percent = (x) => (x > 0 && x < 0.01 ? "less than 1 %" : `${Math.round(100 * x)} %`);

/** The least of 1, 2, 5, 10, ... that is not below x: the top of an axis. */
const roof = (x) => {
  const unit = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].map((step) => step * unit).find((top) => top >= x * (1 - 1e-9));
};

/** A dose, or molecules per cell, in words. */
function shown({ unit, mass }, value) {
  if (unit !== "nM") return `${whole(value)} per cell`;
  if (!value) return "none";
  return nM(value) + (mass ? ` = ${DIGITS.format(value * mass)} ng/ml` : "");
}

/** Complexes of each cytokine in `names`, and shares of gp130, for doses in nM and gp130 per cell. */
function solver({ components, counts, log_k: logK, one, receptors, signals }, names) {
  const pool = components.indexOf("gp130");
  return (doses, gp130) => {
    const totals = components.map((name) => doses[name] ?? one * (receptors[name] ?? gp130));
    const { free, bound } = equilibrium(totals, logK, counts);
    const holding = (name, n) => counts[n][components.indexOf(name)] > 0;
    const held = (name) =>
      bound.reduce((sum, x, n) => (holding(name, n) ? sum + x * counts[n][pool] : sum), 0) / totals[pool];
    const complexes = names.map((name) => bound[signals[name]] / one);
    return { free: free[pool] / totals[pool], held: names.map(held), complexes };
  };
}

/** A slider on a logarithmic scale; one for a dose has a first step that means none. */
function makeControl(model, slider) {
  const { trait, label, min, max, unit, colour } = slider;
  const dose = unit === "nM";
  const least = Math.log10(min) - (dose ? NONE : 0);
  const span = Math.log10(max) - least;
  // About a twentieth of a decade, so that the last step is the most; not a hair more, or it would be one too far.
  const step = dose ? 0.05 : Math.floor((1e6 * span) / Math.ceil(span / 0.05)) / 1e6;
  const meant = (place) => Math.min(max, Math.max(min, Number((10 ** place).toPrecision(3))));
  const none = (place) => dose && place < Math.log10(min) - 0.01;
  const value = (place) => (none(place) ? 0 : meant(place));
  const oninput = ({ target }) => set(model, { [trait]: value(Number(target.value)) });
  const style = `accent-color:${colour}`;
  const { row, input, show } = sliderRow(label, { min: least, max: Math.log10(max), step, style, oninput });
  return { trait, row, input, show: (value) => show(value > 0 ? Math.log10(value) : least, shown(slider, value)) };
}

/** The chart of complexes against IL-6, drawn anew for each state of the sliders. */
function makeFigure({ names, colours, range, solve }) {
  const [LIF, IL6] = ["LIF", "IL-6"].map((name) => names.indexOf(name));
  const span = Math.log10(range.max / range.min);
  const grid = Array.from({ length: 61 }, (_, i) => range.min * 10 ** ((i / 60) * span));
  const figure = h("div", {});
  const legend = h("p", { class: "lif-note" });
  const ghost = (plot, height) => {
    const place = { x1: plot.left, x2: plot.right, y1: plot.py(height), y2: plot.py(height) };
    const text = { x: plot.right, y: plot.py(height) - 5, "text-anchor": "end" };
    return [
      draw("line", { ...place, class: "line ghost dashed", stroke: colours.LIF }),
      draw("text", text, "LIF, if alone"),
    ];
  };
  const show = ({ doses, gp130, now, alone }) => {
    const curve = grid.map((dose) => solve({ ...doses, "IL-6": dose }, gp130).complexes);
    const present = names.map((_, at) => at).filter((at) => at === IL6 || doses[names[at]] > 0);
    const top = roof(Math.max(1, alone[LIF], ...curve.flatMap((row) => present.map((at) => row[at]))));
    const parts = [0, 0.5, 1].map((part) => [part * top, whole(part * top)]);
    const x = { min: range.min, max: range.max, log: true, label: "IL-6, total", ticks: decades(range.min, range.max) };
    const plot = chart({ label: "", right: 30, x, y: { min: 0, max: top, label: "complexes per cell", ticks: parts } });
    if (doses.LIF > 0) plot.body.append(...ghost(plot, alone[LIF]));
    for (const at of present) {
      const d = plot.path(grid.map((dose, i) => [dose, curve[i][at]]));
      plot.body.append(draw("path", { class: "line", stroke: colours[names[at]], "stroke-dasharray": DASHES[at], d }));
    }
    const cx = plot.px(Math.max(range.min, doses["IL-6"]));
    plot.body.append(draw("line", { x1: cx, x2: cx, y1: plot.top, y2: plot.base, class: "cursor" }));
    for (const at of present) {
      const cy = plot.py(now.complexes[at]);
      plot.body.append(draw("circle", { cx, cy, r: 5, fill: colours[names[at]], class: "dot" }));
    }
    figure.replaceChildren(plot.svg);
    const words = (name) => `${name}${name === "IL-6" ? " (two gp130 in each complex)" : ""} `;
    legend.replaceChildren(...present.flatMap((at) => legendKey(words(names[at]), colours[names[at]], LOOKS[at])));
    return plot;
  };
  return { figure, legend, show };
}

/** A bar of the cell's gp130: with each cytokine, and free. */
function makeBar(names, colours) {
  const look = { viewBox: "0 0 600 34", class: "lif-share", preserveAspectRatio: "none", "aria-hidden": "true" };
  const svg = draw("svg", look);
  const words = h("p", { class: "lif-keys" });
  const block = h("div", {}, h("p", { class: "lif-note" }, "Where the cell's gp130 is"), svg, words);
  const show = ({ doses, now }) => {
    const parts = names.map((name, at) => [name, now.held[at], colours[name]]);
    parts.push(["free", now.free, "var(--lif-line)"]);
    let from = 0;
    const rects = parts.map(([, share, colour]) => {
      const place = { x: 600 * from, y: 2, width: Math.max(0, 600 * share), height: 30 };
      from += share;
      return draw("rect", { ...place, style: `fill:${colour}` });
    });
    svg.replaceChildren(...rects);
    const there = parts.filter(([name, share]) => name === "free" || doses[name] > 0 || share > 0);
    const said = there.map(([name, share, colour]) => {
      const swatch = h("span", { class: "lif-seq__swatch", style: `--mark:${colour}` });
      return h("span", {}, swatch, `${name === "free" ? "free" : `with ${name}`} ${percent(share)}`);
    });
    words.replaceChildren(...said);
  };
  return { block, show };
}

/** One row for each cytokine: what it makes, what it would make alone, what it holds. */
function makeTable(dosed) {
  const body = h("tbody");
  const heads = ["Cytokine", "Complexes a cell", "Alone", "gp130 held"];
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)));
  const block = h(
    "div",
    { class: "lif-table", tabindex: 0, role: "region", "aria-label": "Complexes on one cell" },
    h("table", {}, h("thead", {}, head), body),
  );
  const show = ({ doses, now, alone }) => {
    const rows = dosed.map((slider, at) => {
      const texts = [whole(now.complexes[at]), whole(alone[at]), percent(now.held[at])];
      const name = h("th", { scope: "row" }, `${slider.label}, ${shown(slider, doses[slider.label])}`);
      return h("tr", {}, name, ...texts.map((text) => h("td", { class: "lif-table__number" }, text)));
    });
    body.replaceChildren(...rows);
  };
  return { block, show };
}

/** The numbers that the model assumes, with why and from where. */
function makeBasis(numbers) {
  const source = (paper, url) => (paper ? [" (", url ? h("a", { href: url }, paper) : paper, ")"] : []);
  const items = numbers.map(([name, value, why, paper, url]) =>
    h("li", {}, h("strong", {}, `${name}: ${value}`), `, ${why}`, ...source(paper, url)),
  );
  const summary = h("summary", {}, "A model at equilibrium: the numbers it assumes");
  return h("details", { class: "lif-note" }, summary, h("ul", { class: "lif-evidence" }, ...items));
}

/** What the sliders give, in a sentence. */
function sentence(names, { doses, now, alone }) {
  const LIF = names.indexOf("LIF");
  if (doses.LIF === 0) return "Without LIF there are no complexes of LIF.";
  const rivals = names.filter((name) => name !== "LIF" && doses[name] > 0);
  const made = whole(now.complexes[LIF]);
  if (!rivals.length) return `LIF is alone and makes ${made} complexes a cell.`;
  const left = alone[LIF] > 0 ? now.complexes[LIF] / alone[LIF] : 0;
  return (
    `With ${rivals.join(" and ")} LIF makes ${made} complexes a cell, ${percent(left)} of the ` +
    `${whole(alone[LIF])} that it makes alone. ${percent(now.free)} of gp130 is free.`
  );
}

/** The state of the sliders, and what each cytokine would make alone. */
function computed(model, dosed, solve) {
  const doses = Object.fromEntries(dosed.map(({ label, trait }) => [label, model.get(trait)]));
  const gp130 = model.get("gp130");
  const only = (name) => Object.fromEntries(dosed.map(({ label }) => [label, label === name ? doses[name] : 0]));
  const alone = dosed.map(({ label }, at) => solve(only(label), gp130).complexes[at]);
  return { doses, gp130, now: solve(doses, gp130), alone };
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const sliders = model.get("sliders"); // [{trait, label, min, max, unit, mass, colour}]
  // The order is that of the sliders: an object such as `signals` has none, its keys are sorted in the notebook.
  const dosed = sliders.filter(({ unit }) => unit === "nM");
  const names = dosed.map(({ label }) => label); // of the cytokines
  const colours = Object.fromEntries(sliders.map(({ label, colour }) => [label, colour]));
  const solve = solver(model.get("system"), names);
  adopt(el);
  const controls = sliders.map((slider) => makeControl(model, slider));
  const jump = (text, gp130) => h("button", { type: "button", onclick: () => set(model, { gp130 }) }, text);
  const jumps = [jump("gp130 scarce", 200), jump("gp130 plentiful", 20000)];
  const locked = h("p", { class: "lif-note" });
  const range = dosed.find(({ label }) => label === "IL-6");
  const plot = makeFigure({ names, colours, range, solve });
  const bar = makeBar(names, colours);
  const says = h("p", { class: "lif-says", role: "status" });
  const table = makeTable(dosed);
  const rows = controls.map((item) => item.row);
  const left = h("div", { class: "lif-sliders" }, ...rows, h("div", { class: "lif-choice" }, ...jumps), locked);
  const split = h("div", { class: "lif-split" }, left, h("div", {}, plot.figure, plot.legend));
  const basis = makeBasis(model.get("numbers"));
  el.append(h("div", { class: "lif-panel" }, split, bar.block, says, table.block, basis));

  const update = () => {
    for (const { trait, show } of controls) show(model.get(trait));
    const found = computed(model, dosed, solve);
    const complexes = dosed.map(({ trait }, at) => [`${trait}_complexes`, found.now.complexes[at]]);
    set(model, Object.fromEntries(complexes));
    const { title } = plot.show(found);
    bar.show(found);
    table.show(found);
    says.textContent = sentence(names, found);
    title.textContent = `Complexes per cell against IL-6. ${says.textContent}`;
  };
  const traits = sliders.map(({ trait }) => trait);
  follow(model, traits, update, signal);
  keepClosed(model, [...controls.map((item) => item.input), ...jumps], locked, signal);
}

export default { render };
