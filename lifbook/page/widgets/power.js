// Power of Fisher's exact test with sliders; everything is computed in the page.
import { chart, draw } from "#shared/chart.js";
import { adopt, follow, h, set } from "#shared/dom.js";
import { fisher, oddsRatio, power } from "#shared/exact.js";
import { sliderRow } from "#shared/sliders.js";

const percent = (share, places = 1) => `${(100 * share).toFixed(places)}%`;

/** An odds ratio, which can be without end. */
function ratio(value) {
  if (value === Infinity) return "∞";
  return value === 0 ? "0" : String(Number(value.toPrecision(2)));
}

/** Sliders: [{trait, label, min, max, step, share}]; those of the cases have another colour. */
function makeControls(model, [cases, controls]) {
  return model.get("sliders").map(({ trait, label, min, max, step, share }) => {
    const oninput = ({ target }) => set(model, { [trait]: Number(Number(target.value).toFixed(4)) });
    const style = `accent-color:${trait.startsWith("case") ? cases : controls}`;
    const { row, show } = sliderRow(label, { min, max, step, style, oninput });
    const update = () => {
      const value = model.get(trait);
      const text = share ? percent(value) : String(value);
      show(value, text, share ? text : `${text} ${label}`);
    };
    return { row, update };
  });
}

/** Buttons with the sizes of published samples: [{label, values: {trait: number}}]. */
function makePresets(model) {
  const presets = model.get("presets").map(({ label, values }) => {
    return { values, button: h("button", { type: "button", onclick: () => set(model, values) }, label) };
  });
  const look = { class: "lif-choice", role: "group", "aria-label": "Sizes of published samples" };
  const words = h("span", { class: "lif-note" }, "Sizes of");
  const block = presets.length ? h("div", look, words, ...presets.map((item) => item.button)) : null;
  const update = () => {
    for (const { values, button } of presets) {
      const same = Object.entries(values).every(([trait, wanted]) => model.get(trait) === wanted);
      button.setAttribute("aria-pressed", String(same));
    }
  };
  return { block, update };
}

/** Power against the size of both samples; the whole curve can wait until the slider rests. */
function makePlot(colour, signal) {
  const sizes = [0, 1, 2, 3].map((times) => [times, times ? `${times}×` : "0"]);
  const shares = [0, 0.2, 0.5, 0.8, 1].map((share) => [share, share ? `${100 * share}%` : "0"]);
  const plot = chart({
    label: "",
    width: 480,
    height: 250,
    right: 20,
    x: { min: 0, max: 3, label: "size of both samples, times yours", ticks: sizes },
    y: { min: 0, max: 1, label: "power", ticks: shares },
  });
  const high = plot.py(0.8);
  const goal = { x1: plot.left, x2: plot.right, y1: high, y2: high, class: "cursor", "stroke-dasharray": "4 4" };
  const line = draw("path", { class: "line", stroke: colour });
  const dot = draw("circle", { r: 5, fill: colour, class: "dot" });
  plot.body.append(draw("line", goal), line, dot);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let due;
  /** The curve, a few points at a time: large samples take seconds, and the sliders must not wait. */
  const curve = (at) => {
    const points = [[0, 0]];
    const more = () => {
      const pause = performance.now() + 20;
      while (points.length <= 30 && performance.now() < pause) {
        const times = points.length / 10;
        points.push([times, at(times)]);
      }
      line.setAttribute("d", plot.path(points));
      if (points.length <= 30) due = setTimeout(more);
      else plot.svg.setAttribute("aria-busy", "false");
    };
    more();
  };
  signal?.addEventListener("abort", () => clearTimeout(due));
  const show = (found, at) => {
    dot.setAttribute("cx", String(plot.px(1)));
    dot.setAttribute("cy", String(plot.py(found)));
    clearTimeout(due);
    plot.svg.setAttribute("aria-busy", "true");
    due = setTimeout(() => curve(at), 30);
  };
  return { svg: plot.svg, title: plot.title, show };
}

/** What such studies find, and what they see of carriers: two sentences. */
function sentences([n, m, p, q], found, alpha) {
  const false_ =
    "The two frequencies are the same. " +
    `The test gives a false alarm in ${percent(found)} of such studies (at P ≤ ${alpha}).`;
  const true_ =
    `If these are the true frequencies, ${percent(found, 0)} of such studies find P ≤ ${alpha}; ` +
    `${percent(1 - found, 0)} miss the difference.`;
  const seen =
    `A study sees no carrier at all among its cases with a chance of ${percent((1 - p) ** n)}, ` +
    `among its controls with ${percent((1 - q) ** m)}.`;
  return [p === q ? false_ : true_, seen];
}

/** Counts as such a study has them on average, and what the test makes of them. */
function typical([n, m, p, q]) {
  const [a, b] = [Math.round(n * p), Math.round(m * q)];
  const counts = `Typical counts: ${a} of ${n} and ${b} of ${m}.`;
  if (a + b === 0 || a + b === n + m) return `${counts} With an empty margin there is no odds ratio.`;
  const { estimate, low, high } = oddsRatio(a, n, b, m);
  return (
    `${counts} Their odds ratio is ${ratio(estimate)} ` +
    `(exact 95% interval ${ratio(low)} to ${ratio(high)}), P = ${Number(fisher(a, n, b, m).toPrecision(2))}.`
  );
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const alpha = model.get("alpha");
  const colours = model.get("colours"); // of cases and controls
  adopt(el);
  const controls = makeControls(model, colours);
  const presets = makePresets(model);
  const plot = makePlot(colours[0], signal);
  const [says, seen, counts] = ["status", null, null].map((role) => h("p", { class: "lif-says", role }));
  const note =
    "Computed from every table that two samples can give; a plan, not data. " +
    "Dashed: 80%, what studies are often planned for.";
  const rows = h("div", { class: "lif-sliders" }, ...controls.map((item) => item.row));
  const figure = h("div", {}, plot.svg, h("p", { class: "lif-note" }, note));
  const split = h("div", { class: "lif-split" }, rows, figure);
  el.append(h("div", { class: "lif-panel" }, presets.block, split, says, seen, counts));

  const traits = model.get("sliders").map((item) => item.trait);
  const update = () => {
    for (const control of controls) control.update();
    presets.update();
    const values = traits.map((trait) => model.get(trait)); // sizes and shares of cases and controls
    const [n, m, p, q] = values;
    const found = power(n, m, p, q, alpha);
    const size = (number, times) => Math.max(1, Math.round(number * times));
    [says.textContent, seen.textContent] = sentences(values, found, alpha);
    counts.textContent = typical(values);
    plot.title.textContent = `Power against the size of both samples. ${says.textContent}`;
    set(model, { power: found });
    plot.show(found, (times) => power(size(n, times), size(m, times), p, q, alpha));
  };
  follow(model, traits, update, signal);
}

export default { render };
