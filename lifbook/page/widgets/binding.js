// Two-step binding with sliders: the curve, the half-saturation and a picture of the receptors.
import { bind, halfSaturation } from "#shared/binding.js";
import { chart, decades, draw } from "#shared/chart.js";
import { adopt, follow, h, keepClosed, legendKey, set } from "#shared/dom.js";
import { sliderRow } from "#shared/sliders.js";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const RECEPTORS = 20;
const concentration = (nM) => (nM >= 0.1 ? `${NUMBER.format(nM)} nM` : `${NUMBER.format(nM * 1000)} pM`);

/** Sliders on a logarithmic scale: [{trait, label, min, max, colour}], all in nM. */
function makeControls(model) {
  return model.get("sliders").map(({ trait, label, min, max, colour }) => {
    const change = ({ target }) => set(model, { [trait]: Number((10 ** target.value).toPrecision(3)) });
    const [low, high] = [Math.log10(min), Math.log10(max)];
    const style = `accent-color:${colour}`;
    return { trait, ...sliderRow(label, { min: low, max: high, step: 0.05, style, oninput: change }) };
  });
}

/** The share of LIFR in complexes against LIF: with gp130 and, dashed, without. */
function makePlot(range, [, LIFR, GP130]) {
  const ticks = decades(range.min, range.max).filter((_, i) => i % 2 === 0);
  const shares = [0, 0.5, 1].map((share) => [share, String(share)]);
  const plot = chart({
    label: "",
    right: 26,
    x: { min: range.min, max: range.max, log: true, label: "LIF, total", ticks },
    y: { min: 0, max: 1, label: "share of LIFR", ticks: shares },
  });
  const alone = draw("path", { class: "line dashed", stroke: LIFR });
  const signalling = draw("path", { class: "line", stroke: GP130 });
  const cursor = draw("line", { y1: plot.top, y2: plot.base, class: "cursor" });
  const dot = draw("circle", { r: 5, fill: GP130, class: "dot" });
  plot.body.append(alone, signalling, cursor, dot);
  const span = Math.log10(range.max / range.min);
  const grid = Array.from({ length: 81 }, (_, i) => range.min * 10 ** ((i / 80) * span));
  const curve = (share) => plot.path(grid.map((ligand) => [ligand, share(ligand)]));
  const show = (dose, withGp130, without) => {
    signalling.setAttribute("d", curve(withGp130));
    alone.setAttribute("d", curve(without));
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(plot.px(dose)));
    dot.setAttribute("cx", String(plot.px(dose)));
    dot.setAttribute("cy", String(plot.py(withGp130(dose))));
  };
  return { svg: plot.svg, title: plot.title, show };
}

/** Twenty receptors as they would be found: free, holding LIF, or in the signalling complex. */
function makeReceptors([LIF, LIFR, GP130]) {
  const svg = draw("svg", { viewBox: "0 0 420 56", class: "lif-receptors", role: "img" });
  const title = draw("title", {});
  svg.append(title, draw("line", { x1: 0, x2: 420, y1: 44, y2: 44, class: "membrane" }));
  const figures = Array.from({ length: RECEPTORS }, (_, i) => {
    const x = 12 + i * 21;
    const parts = {
      lifr: draw("rect", { x: x - 6, y: 22, width: 5, height: 30, rx: 2, fill: LIFR }),
      gp130: draw("rect", { x: x + 2, y: 22, width: 5, height: 30, rx: 2, fill: GP130 }),
      lif: draw("circle", { cx: x, cy: 17, r: 6, fill: LIF }),
    };
    svg.append(...Object.values(parts));
    return parts;
  });
  const show = (signals, holds) => {
    figures.forEach(({ gp130, lif }, i) => {
      gp130.setAttribute("visibility", i < signals ? "visible" : "hidden");
      lif.setAttribute("visibility", i < signals + holds ? "visible" : "hidden");
    });
    title.textContent =
      `Twenty receptors: ${signals} in the complex with LIF and gp130, ${holds} with LIF only, ` +
      `${RECEPTORS - signals - holds} free.`;
  };
  return { svg, show };
}

/** What the model gives for the values of the sliders. */
function computed(model) {
  const [lifr, gp130, kdLifr, kdGp130] = ["lifr", "gp130", "kd_lifr", "kd_gp130"].map((trait) => model.get(trait));
  const at = (ligand, partner) => bind(ligand, lifr, partner, kdLifr, kdGp130);
  const dose = model.get("ligand");
  const state = at(dose, gp130);
  const signals = Math.round((RECEPTORS * state.ternary) / lifr);
  return {
    dose,
    signalling: (ligand) => at(ligand, gp130).ternary / lifr,
    alone: (ligand) => at(ligand, 0).binary / lifr,
    halves: [gp130, 0].map((partner) => halfSaturation(lifr, partner, kdLifr, kdGp130)),
    signals,
    holds: Math.round((RECEPTORS * (state.binary + state.ternary)) / lifr) - signals,
  };
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const sliders = model.get("sliders");
  const colours = model.get("colours"); // of LIF, LIFR and gp130
  adopt(el);
  const controls = makeControls(model);
  const locked = h("p", { class: "lif-note" });
  const range = sliders.find((item) => item.trait === "ligand");
  const plot = makePlot(range, colours);
  const legend = h(
    "p",
    { class: "lif-note" },
    ...legendKey("LIF, LIFR and gp130 together (signals) ", colours[2]),
    ...legendKey("LIF on LIFR if there were no gp130. ", colours[1], "dashed"),
    "A model at equilibrium, with values chosen for illustration: not a measured curve.",
  );
  const says = h("p", { class: "lif-says", role: "status" });
  const receptors = makeReceptors(colours);
  const rows = h("div", { class: "lif-sliders" }, ...controls.map((item) => item.row), locked);
  const figure = h("div", {}, plot.svg, legend);
  el.append(h("div", { class: "lif-panel" }, h("div", { class: "lif-split" }, rows, figure), says, receptors.svg));

  const update = () => {
    for (const { trait, show } of controls) show(Math.log10(model.get(trait)), concentration(model.get(trait)));
    const { dose, signalling, alone, halves, signals, holds } = computed(model);
    plot.show(dose, signalling, alone);
    receptors.show(signals, holds);
    set(model, { half_with: halves[0], half_without: halves[1] });
    says.textContent =
      `Half of what can be reached: at ${concentration(halves[0])} LIF with gp130, ` +
      `at ${concentration(halves[1])} without. ` +
      `At ${concentration(dose)}, of 20 LIFR ${signals} signal and ${holds} only hold LIF.`;
    plot.title.textContent = `Share of LIFR in complexes against LIF. ${says.textContent}`;
  };
  const traits = sliders.map((item) => item.trait);
  follow(model, traits, update, signal);
  keepClosed(
    model,
    controls.map((item) => item.input),
    locked,
    signal,
  );
}

export default { render };
