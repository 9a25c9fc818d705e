// Cytokines on one pool of gp130: sliders, complexes against IL-6, and where gp130 is.
import { chart, draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { equilibrium } from "../shared/equilibrium.js";
import { sliderRow } from "../shared/sliders.js";

const DIGITS = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const nM = (x) => (x >= 0.1 ? `${DIGITS.format(x)} nM` : `${DIGITS.format(x * 1000)} pM`);
const whole = (x) => (x > 0 && x < 10 ? x.toFixed(1) : Math.round(x).toLocaleString("en"));
const percent = (x) => (x > 0 && x < 0.01 ? "less than 1 %" : `${Math.round(100 * x)} %`);
/** The least of 1, 2, 5, 10, ... that is not below x: the top of an axis. */
const roof = (x) => {
  const unit = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].map((step) => step * unit).find((top) => top >= x * (1 - 1e-9));
};

function render({ model, el, signal }) {
  const { components, counts, log_k: logK, one, receptors, signals } = model.get("system");
  const sliders = model.get("sliders"); // [{trait, label, min, max, unit, mass, colour}]
  // The order is that of the sliders: an object such as `signals` has none, its keys are sorted in the notebook.
  const dosed = sliders.filter(({ unit }) => unit === "nM");
  const names = dosed.map(({ label }) => label); // of the cytokines
  const [LIF, IL6] = ["LIF", "IL-6"].map((name) => names.indexOf(name));
  const colours = Object.fromEntries(sliders.map(({ label, colour }) => [label, colour]));
  const dashes = ["", "7 5", "2 4"];
  const pool = components.indexOf("gp130");
  adopt(el);

  /** Complexes and shares of gp130 for doses in nM and gp130 per cell. */
  function state(doses, gp130) {
    const totals = components.map((name) => doses[name] ?? one * (receptors[name] ?? gp130));
    const { free, bound } = equilibrium(totals, logK, counts);
    const held = (name) => bound.reduce((sum, x, n) => (counts[n][components.indexOf(name)]
      ? sum + x * counts[n][pool] : sum), 0) / totals[pool];
    return { free: free[pool] / totals[pool], held: names.map(held),
      complexes: names.map((name) => bound[signals[name]] / one) };
  }

  const none = 0.1; // of a decade below the least dose: the slider's first step means no cytokine
  const shown = ({ unit, mass }, value) => (unit !== "nM" ? `${whole(value)} per cell` : !value ? "none"
    : nM(value) + (mass ? ` = ${DIGITS.format(value * mass)} ng/ml` : ""));
  const controls = sliders.map((slider) => {
    const { trait, label, min, max, unit, colour } = slider;
    const least = Math.log10(min) - (unit === "nM" ? none : 0);
    const span = Math.log10(max) - least;
    // About a twentieth of a decade, so that the last step is the most; not a hair more, or it would be one too far.
    const step = unit === "nM" ? 0.05 : Math.floor((1e6 * span) / Math.ceil(span / 0.05)) / 1e6;
    const { row, input, show } = sliderRow(label, { min: least, max: Math.log10(max), step, style: `accent-color:${colour}`,
      oninput: ({ target }) => set(model, { [trait]: unit === "nM" && Number(target.value) < Math.log10(min) - 0.01 ? 0
        : Math.min(max, Math.max(min, Number((10 ** target.value).toPrecision(3)))) }) });
    return { slider, row, input, show: (value) => show(value > 0 ? Math.log10(value) : least, shown(slider, value)) };
  });
  const jump = (text, value) => h("button", { type: "button", onclick: () => set(model, { gp130: value }) }, text);
  const jumps = [jump("gp130 scarce", 200), jump("gp130 plentiful", 20000)];
  const locked = h("p", { class: "lif-note" });
  const figure = h("div", {});
  const legend = h("p", { class: "lif-note" });
  const bar = draw("svg", { viewBox: "0 0 600 34", class: "lif-share", preserveAspectRatio: "none", "aria-hidden": "true" });
  const shares = h("p", { class: "lif-keys" });
  const says = h("p", { class: "lif-says", role: "status" });
  const body = h("tbody");
  const table = h("div", { class: "lif-table", tabindex: 0, role: "region", "aria-label": "Complexes on one cell" },
    h("table", {}, h("thead", {}, h("tr", {}, ...["Cytokine", "Complexes a cell", "Alone", "gp130 held"].map((text) =>
      h("th", { scope: "col" }, text)))), body));
  const basis = h("details", { class: "lif-note" }, h("summary", {}, "A model at equilibrium: the numbers it assumes"),
    h("ul", { class: "lif-evidence" }, ...model.get("numbers").map(([name, value, why, paper, url]) =>
      h("li", {}, h("strong", {}, `${name}: ${value}`), `, ${why}`, paper ? " (" : "",
        paper ? (url ? h("a", { href: url }, paper) : paper) : "", paper ? ")" : ""))));
  el.append(h("div", { class: "lif-panel" },
    h("div", { class: "lif-split" },
      h("div", { class: "lif-sliders" }, ...controls.map((item) => item.row), h("div", { class: "lif-choice" }, ...jumps), locked),
      h("div", {}, figure, legend)),
    h("div", {}, h("p", { class: "lif-note" }, "Where the cell's gp130 is"), bar, shares), says, table, basis));

  const range = dosed[IL6];
  const decades = [];
  for (let at = Math.ceil(Math.log10(range.min)); at <= Math.log10(range.max); at += 1) {
    decades.push([10 ** at, at < 0 ? `${10 ** (at + 3)} pM` : `${10 ** at} nM`]);
  }

  follow(model, sliders.map(({ trait }) => trait), () => {
    const doses = Object.fromEntries(dosed.map(({ label, trait }) => [label, model.get(trait)]));
    const gp130 = model.get("gp130");
    controls.forEach(({ slider, show }) => show(model.get(slider.trait)));
    const now = state(doses, gp130);
    const alone = names.map((name, at) => state(Object.fromEntries(names.map((other) => [other, other === name ? doses[name] : 0])), gp130).complexes[at]);
    set(model, Object.fromEntries(dosed.map(({ trait }, at) => [`${trait}_complexes`, now.complexes[at]])));

    const span = Math.log10(range.max / range.min);
    const grid = Array.from({ length: 61 }, (_, i) => range.min * 10 ** ((i / 60) * span));
    const curve = grid.map((dose) => state({ ...doses, "IL-6": dose }, gp130).complexes);
    const present = names.map((name, at) => at === IL6 || doses[name] > 0);
    const top = roof(Math.max(1, alone[LIF], ...curve.flatMap((row) => row.filter((_, at) => present[at]))));
    const plot = chart({ label: "", right: 30,
      x: { min: range.min, max: range.max, log: true, label: "IL-6, total", ticks: decades },
      y: { min: 0, max: top, label: "complexes per cell", ticks: [0, 0.5, 1].map((part) => [part * top, whole(part * top)]) } });
    if (doses.LIF > 0) {
      plot.body.append(draw("line", { x1: plot.left, x2: plot.right, y1: plot.py(alone[LIF]), y2: plot.py(alone[LIF]), class: "line ghost dashed", stroke: colours.LIF }),
        draw("text", { x: plot.right, y: plot.py(alone[LIF]) - 5, "text-anchor": "end" }, "LIF, if alone"));
    }
    names.forEach((name, at) => {
      if (present[at]) plot.body.append(draw("path", { class: "line", stroke: colours[name], "stroke-dasharray": dashes[at],
        d: plot.path(grid.map((dose, i) => [dose, curve[i][at]])) }));
    });
    const x = plot.px(Math.max(range.min, doses["IL-6"]));
    plot.body.append(draw("line", { x1: x, x2: x, y1: plot.top, y2: plot.base, class: "cursor" }));
    names.forEach((name, at) => {
      if (present[at]) plot.body.append(draw("circle", { cx: x, cy: plot.py(now.complexes[at]), r: 5, fill: colours[name], class: "dot" }));
    });
    figure.replaceChildren(plot.svg);
    legend.replaceChildren(...names.flatMap((name, at) => (present[at] ? [
      h("span", { class: `lif-key${at ? ` lif-key--${at > 1 ? "dotted" : "dashed"}` : ""}`, style: `--mark:${colours[name]}` }),
      `${name}${name === "IL-6" ? " (two gp130 in each complex)" : ""} `] : [])));

    const parts = [...names.map((name, at) => [name, now.held[at], colours[name]]), ["free", now.free, "var(--lif-line)"]];
    let from = 0;
    bar.replaceChildren(...parts.map(([, share, colour]) => {
      const rect = draw("rect", { x: 600 * from, y: 2, width: Math.max(0, 600 * share), height: 30, style: `fill:${colour}` });
      from += share;
      return rect;
    }));
    shares.replaceChildren(...parts.filter(([name, share]) => name === "free" || doses[name] > 0 || share > 0).map(([name, share, colour]) =>
      h("span", {}, h("span", { class: "lif-seq__swatch", style: `--mark:${colour}` }), `${name === "free" ? "free" : `with ${name}`} ${percent(share)}`)));

    body.replaceChildren(...names.map((name, at) => h("tr", {}, h("th", { scope: "row" }, `${name}, ${shown(dosed[at], doses[name])}`),
      ...[whole(now.complexes[at]), whole(alone[at]), percent(now.held[at])].map((text) => h("td", { class: "lif-table__number" }, text)))));

    const rivals = names.filter((name) => name !== "LIF" && doses[name] > 0);
    const left = alone[LIF] > 0 ? now.complexes[LIF] / alone[LIF] : 0;
    says.textContent = doses.LIF === 0 ? "Without LIF there are no complexes of LIF."
      : !rivals.length ? `LIF is alone and makes ${whole(now.complexes[LIF])} complexes a cell.`
        : `With ${rivals.join(" and ")} LIF makes ${whole(now.complexes[LIF])} complexes a cell, ${percent(left)} of the ` +
          `${whole(alone[LIF])} that it makes alone. ${percent(now.free)} of gp130 is free.`;
    plot.title.textContent = `Complexes per cell against IL-6. ${says.textContent}`;
  }, signal);

  // A prediction first: the sliders open when the answer is given.
  follow(model, ["locked"], () => {
    const closed = Boolean(model.get("locked"));
    for (const { input } of controls) input.disabled = closed;
    for (const button of jumps) button.disabled = closed;
    locked.textContent = closed ? model.get("locked") : "";
  }, signal);
}

export default { render };
