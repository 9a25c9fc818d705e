// Two-step binding with sliders: the curve, the half-saturation and a picture of the receptors.
import { bind, halfSaturation } from "../shared/binding.js";
import { chart, draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { sliderRow } from "../shared/sliders.js";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const concentration = (nM) => (nM >= 0.1 ? `${NUMBER.format(nM)} nM` : `${NUMBER.format(nM * 1000)} pM`);

function render({ model, el, signal }) {
  const sliders = model.get("sliders"); // [{trait, label, min, max, colour}], all in nM
  const [LIF, LIFR, GP130] = model.get("colours");
  adopt(el);
  const value = (trait) => model.get(trait);

  const controls = sliders.map(({ trait, label, min, max, colour }) => ({ trait, ...sliderRow(label, {
    min: Math.log10(min), max: Math.log10(max), step: 0.05, style: `accent-color:${colour}`,
    oninput: ({ target }) => set(model, { [trait]: Number((10 ** target.value).toPrecision(3)) }) }) }));
  const locked = h("p", { class: "lif-note" });

  const range = sliders.find((item) => item.trait === "ligand");
  const decades = [];
  for (let at = Math.ceil(Math.log10(range.min)); at <= Math.log10(range.max); at += 1) {
    decades.push([10 ** at, at < 0 ? `${10 ** (at + 3)} pM` : `${10 ** at} nM`]);
  }
  const plot = chart({ label: "", right: 26,
    x: { min: range.min, max: range.max, log: true, label: "LIF, total", ticks: decades.filter((_, i) => i % 2 === 0) },
    y: { min: 0, max: 1, label: "share of LIFR", ticks: [[0, "0"], [0.5, "0.5"], [1, "1"]] } });
  const lines = {
    alone: draw("path", { class: "line dashed", stroke: LIFR }),
    signalling: draw("path", { class: "line", stroke: GP130 }),
  };
  const cursor = draw("line", { y1: plot.top, y2: plot.base, class: "cursor" });
  const dot = draw("circle", { r: 5, fill: GP130, class: "dot" });
  plot.body.append(lines.alone, lines.signalling, cursor, dot);
  const legend = h("p", { class: "lif-note" },
    h("span", { class: "lif-key", style: `--mark:${GP130}` }), "LIF, LIFR and gp130 together (signals) ",
    h("span", { class: "lif-key lif-key--dashed", style: `--mark:${LIFR}` }), "LIF on LIFR if there were no gp130. " +
    "A model at equilibrium, with values chosen for illustration: not a measured curve.");
  const says = h("p", { class: "lif-says", role: "status" });

  // Twenty receptors as they would be found: free, holding LIF, or in the signalling complex.
  const cells = draw("svg", { viewBox: "0 0 420 56", class: "lif-receptors", role: "img" });
  const cellsTitle = draw("title", {});
  cells.append(cellsTitle, draw("line", { x1: 0, x2: 420, y1: 44, y2: 44, class: "membrane" }));
  const figures = Array.from({ length: 20 }, (_, i) => {
    const x = 12 + i * 21;
    const parts = {
      lifr: draw("rect", { x: x - 6, y: 22, width: 5, height: 30, rx: 2, fill: LIFR }),
      gp130: draw("rect", { x: x + 2, y: 22, width: 5, height: 30, rx: 2, fill: GP130 }),
      lif: draw("circle", { cx: x, cy: 17, r: 6, fill: LIF }),
    };
    cells.append(...Object.values(parts));
    return parts;
  });
  el.append(h("div", { class: "lif-panel" },
    h("div", { class: "lif-split" }, h("div", { class: "lif-sliders" }, ...controls.map((item) => item.row), locked),
      h("div", {}, plot.svg, legend)),
    says, cells));

  const at = (ligand, gp130) => bind(ligand, value("lifr"), gp130, value("kd_lifr"), value("kd_gp130"));
  const half = (gp130) => halfSaturation(value("lifr"), gp130, value("kd_lifr"), value("kd_gp130"));

  follow(model, sliders.map((item) => item.trait), () => {
    for (const { trait, show } of controls) show(Math.log10(value(trait)), concentration(value(trait)));
    const total = value("lifr");
    const signalling = (ligand) => at(ligand, value("gp130")).ternary / total;
    const alone = (ligand) => at(ligand, 0).binary / total;
    const span = Math.log10(range.max / range.min);
    const grid = Array.from({ length: 81 }, (_, i) => range.min * 10 ** ((i / 80) * span));
    lines.signalling.setAttribute("d", plot.path(grid.map((ligand) => [ligand, signalling(ligand)])));
    lines.alone.setAttribute("d", plot.path(grid.map((ligand) => [ligand, alone(ligand)])));
    const dose = value("ligand");
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, plot.px(dose));
    dot.setAttribute("cx", plot.px(dose));
    dot.setAttribute("cy", plot.py(signalling(dose)));
    const [with_, without] = [half(value("gp130")), half(0)];
    const state = at(dose, value("gp130"));
    const signals = Math.round((20 * state.ternary) / total);
    const holds = Math.round((20 * (state.binary + state.ternary)) / total) - signals;
    figures.forEach(({ gp130, lif }, i) => {
      gp130.setAttribute("visibility", i < signals ? "visible" : "hidden");
      lif.setAttribute("visibility", i < signals + holds ? "visible" : "hidden");
    });
    set(model, { half_with: with_, half_without: without });
    says.textContent = `Half of what can be reached: at ${concentration(with_)} LIF with gp130, ` +
      `at ${concentration(without)} without. ` +
      `At ${concentration(dose)}, of 20 LIFR ${signals} signal and ${holds} only hold LIF.`;
    plot.title.textContent = `Share of LIFR in complexes against LIF. ${says.textContent}`;
    cellsTitle.textContent = `Twenty receptors: ${signals} in the complex with LIF and gp130, ${holds} with LIF only, ` +
      `${20 - signals - holds} free.`;
  }, signal);

  // A prediction first: the sliders open when the answer is given.
  follow(model, ["locked"], () => {
    const closed = Boolean(model.get("locked"));
    for (const { input } of controls) input.disabled = closed;
    locked.textContent = closed ? model.get("locked") : "";
  }, signal);
}

export default { render };
