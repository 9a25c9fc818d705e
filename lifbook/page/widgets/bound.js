// A count out of a total: what can the true share be?
import { chart, draw } from "#shared/chart.js";
import { adopt, follow, h, set } from "#shared/dom.js";
import { binomial, binomialLimits } from "#shared/exact.js";
import { sliderRow } from "#shared/sliders.js";

const percent = (share, places = 1) => `${(100 * share).toFixed(places)}%`;
const several = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

/** The chance of this few responses, or fewer, against the true share, with the bound. */
function makePlot(colour) {
  const shares = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => [share, `${100 * share}%`]);
  const chances = [0, 0.05, 0.5, 1].map((chance) => [chance, chance ? `${100 * chance}%` : "0"]);
  const plot = chart({
    label: "",
    width: 480,
    height: 250,
    right: 20,
    x: { min: 0, max: 1, label: "true share of patients who respond", ticks: shares },
    y: { min: 0, max: 1, label: "chance of so few", ticks: chances },
  });
  const line = draw("path", { class: "line", stroke: colour });
  const five = plot.py(0.05);
  const level = { x1: plot.left, x2: plot.right, y1: five, y2: five, class: "cursor", "stroke-dasharray": "4 4" };
  const mark = draw("line", { y1: plot.top, y2: plot.base, class: "cursor" });
  plot.body.append(draw("line", level), line, mark);
  const grid = Array.from({ length: 101 }, (_, i) => i / 100);
  const soFew = (share, count, total) =>
    Math.min(
      1,
      binomial(total, share)
        .slice(0, count + 1)
        .reduce((a, b) => a + b, 0),
    );
  const show = (count, total, bound) => {
    line.setAttribute("d", plot.path(grid.map((share) => [share, soFew(share, count, total)])));
    for (const end of ["x1", "x2"]) mark.setAttribute(end, String(plot.px(bound)));
  };
  return { svg: plot.svg, title: plot.title, show };
}

/** What the count says about the true share, in words. */
function sentence(count, total, { low, high, bound }) {
  if (count === total) {
    return `${count} of ${total}: all responded. The true share is at least ${percent(low)} (95%, two-sided).`;
  }
  return (
    `${count} of ${total} is ${percent(count / total)}. The true share can be up to ${percent(bound)} ` +
    `(95%, one-sided); two-sided: ${percent(low)} to ${percent(high)}.`
  );
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const most = model.get("most");
  const colour = model.get("colour");
  adopt(el);
  const slider = (label, min, change) => {
    const oninput = ({ target }) => set(model, change(Number(target.value)));
    return sliderRow(label, { min, max: most, step: 1, style: `accent-color:${colour}`, oninput });
  };
  const fewer = (total) => ({ total, count: Math.min(model.get("count"), total) });
  const totals = slider("patients whose tumour was assessed", 1, fewer);
  const counts = slider("responses seen", 0, (count) => ({ count }));
  const plot = makePlot(colour);
  const note =
    "The curve: with which chance a trial sees so few responses or fewer, for each true share. " +
    "Where it falls to 5% lies the upper bound.";
  const says = h("p", { class: "lif-says", role: "status" });
  const more = h("p", { class: "lif-says" });
  const rows = h("div", { class: "lif-sliders" }, totals.row, counts.row);
  const figure = h("div", {}, plot.svg, h("p", { class: "lif-note" }, note));
  el.append(h("div", { class: "lif-panel" }, h("div", { class: "lif-split" }, rows, figure), says, more));

  const update = () => {
    const total = model.get("total");
    const count = Math.min(model.get("count"), total);
    counts.input.max = total;
    totals.show(total, String(total), several(total, "patient"));
    counts.show(count, String(count), several(count, "response"));
    const limits = binomialLimits(count, total);
    plot.show(count, total, limits.bound);
    says.textContent = sentence(count, total, limits);
    more.textContent = count === 0 ? `Rule of three: 3/${total} = ${percent(Math.min(1, 3 / total))}.` : "";
    more.hidden = count !== 0;
    plot.title.textContent = `Chance of so few responses against the true share. ${says.textContent}`;
    set(model, { bound: limits.bound });
  };
  follow(model, ["count", "total"], update, signal);
}

export default { render };
