// Power of Fisher's exact test with sliders; everything is computed in the page.
import { chart, draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { fisher, oddsRatio, power } from "../shared/exact.js";
import { sliderRow } from "../shared/sliders.js";

const PERCENT = (share, places = 1) => `${(100 * share).toFixed(places)}%`;
const RATIO = (value) => (value === Infinity ? "∞" : value === 0 ? "0" : String(Number(value.toPrecision(2))));

function render({ model, el, signal }) {
  const sliders = model.get("sliders"); // [{trait, label, min, max, step, share}]
  const presets = model.get("presets"); // [{label, values: {trait: number}}]
  const alpha = model.get("alpha");
  const [CASES, CONTROLS] = model.get("colours");
  adopt(el);
  const value = (trait) => model.get(trait);

  const controls = sliders.map(({ trait, label, min, max, step, share }) => ({ trait, label, share, ...sliderRow(label, {
    min, max, step, style: `accent-color:${trait.startsWith("case") ? CASES : CONTROLS}`,
    oninput: ({ target }) => set(model, { [trait]: Number(Number(target.value).toFixed(4)) }) }) }));
  const buttons = presets.map(({ label, values }) => h("button", { type: "button", onclick: () => set(model, values) }, label));
  const plot = chart({ label: "", width: 480, height: 250, right: 20,
    x: { min: 0, max: 3, label: "size of both samples, times yours",
      ticks: [[0, "0"], [1, "1×"], [2, "2×"], [3, "3×"]] },
    y: { min: 0, max: 1, label: "power", ticks: [[0, "0"], [0.2, "20%"], [0.5, "50%"], [0.8, "80%"], [1, "100%"]] } });
  const goal = draw("line", { x1: plot.left, x2: plot.right, y1: plot.py(0.8), y2: plot.py(0.8), class: "cursor", "stroke-dasharray": "4 4" });
  const line = draw("path", { class: "line", stroke: CASES });
  const dot = draw("circle", { r: 5, fill: CASES, class: "dot" });
  plot.body.append(goal, line, dot);
  const says = h("p", { class: "lif-says", role: "status" });
  const seen = h("p", { class: "lif-says" });
  const ratio = h("p", { class: "lif-says" });
  el.append(h("div", { class: "lif-panel" },
    presets.length ? h("div", { class: "lif-choice", role: "group", "aria-label": "Sizes of published samples" },
      h("span", { class: "lif-note" }, "Sizes of"), ...buttons) : null,
    h("div", { class: "lif-split" }, h("div", { class: "lif-sliders" }, ...controls.map((item) => item.row)),
      h("div", {}, plot.svg, h("p", { class: "lif-note" },
        "Computed from every table that two samples can give; a plan, not data. Dashed: 80%, what studies are often planned for."))),
    says, seen, ratio));

  let due = 0;
  /** The whole curve, a few points at a time: large samples take seconds, and the sliders must not wait. */
  function curve() {
    const [n, m, p, q] = sliders.map(({ trait }) => value(trait));
    const points = [[0, 0]];
    const more = () => {
      const pause = performance.now() + 20;
      while (points.length <= 30 && performance.now() < pause) {
        const times = points.length / 10;
        points.push([times, power(Math.max(1, Math.round(n * times)), Math.max(1, Math.round(m * times)), p, q, alpha)]);
      }
      line.setAttribute("d", plot.path(points));
      if (points.length <= 30) due = setTimeout(more);
      else plot.svg.setAttribute("aria-busy", "false");
    };
    more();
  }
  signal?.addEventListener("abort", () => clearTimeout(due));
  follow(model, sliders.map((item) => item.trait), () => {
    for (const { trait, label, share, show } of controls) {
      const text = share ? PERCENT(value(trait)) : String(value(trait));
      show(value(trait), text, share ? text : `${text} ${label}`);
    }
    const [n, m, p, q] = sliders.map(({ trait }) => value(trait));
    buttons.forEach((button, i) => button.setAttribute("aria-pressed",
      String(Object.entries(presets[i].values).every(([trait, wanted]) => value(trait) === wanted))));
    const found = power(n, m, p, q, alpha);
    dot.setAttribute("cx", plot.px(1));
    dot.setAttribute("cy", plot.py(found));
    says.textContent = p === q
      ? `The two frequencies are the same. The test gives a false alarm in ${PERCENT(found)} of such studies (at P ≤ ${alpha}).`
      : `If these are the true frequencies, ${PERCENT(found, 0)} of such studies find P ≤ ${alpha}; ${PERCENT(1 - found, 0)} miss the difference.`;
    seen.textContent = `A study sees no carrier at all among its cases with a chance of ${PERCENT((1 - p) ** n)}, ` +
      `among its controls with ${PERCENT((1 - q) ** m)}.`;
    const [a, b] = [Math.round(n * p), Math.round(m * q)];
    if (a + b === 0 || a + b === n + m) {
      ratio.textContent = `Typical counts: ${a} of ${n} and ${b} of ${m}. With an empty margin there is no odds ratio.`;
    } else {
      const { estimate, low, high } = oddsRatio(a, n, b, m);
      ratio.textContent = `Typical counts: ${a} of ${n} and ${b} of ${m}. Their odds ratio is ${RATIO(estimate)} ` +
        `(exact 95% interval ${RATIO(low)} to ${RATIO(high)}), P = ${Number(fisher(a, n, b, m).toPrecision(2))}.`;
    }
    plot.title.textContent = `Power against the size of both samples. ${says.textContent}`;
    set(model, { power: found });
    clearTimeout(due); // the whole curve can wait until the slider rests
    plot.svg.setAttribute("aria-busy", "true");
    due = setTimeout(curve, 30);
  }, signal);
}

export default { render };
