// A count out of a total: what can the true share be?
import { chart, draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { binomial, binomialLimits } from "../shared/exact.js";
import { sliderRow } from "../shared/sliders.js";

function render({ model, el, signal }) {
  const most = model.get("most");
  const colour = model.get("colour");
  adopt(el);
  const show = (share, places = 1) => `${(100 * share).toFixed(places)}%`;
  const slider = (label, min, change) => sliderRow(label, { min, max: most, step: 1, style: `accent-color:${colour}`,
    oninput: ({ target }) => set(model, change(Number(target.value))) });
  const totals = slider("patients whose tumour was assessed", 1, (total) => ({ total, count: Math.min(model.get("count"), total) }));
  const counts = slider("responses seen", 0, (count) => ({ count }));
  const several = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const plot = chart({ label: "", width: 480, height: 250, right: 20,
    x: { min: 0, max: 1, label: "true share of patients who respond",
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => [share, `${100 * share}%`]) },
    y: { min: 0, max: 1, label: "chance of so few", ticks: [[0, "0"], [0.05, "5%"], [0.5, "50%"], [1, "100%"]] } });
  const line = draw("path", { class: "line", stroke: colour });
  const five = draw("line", { x1: plot.left, x2: plot.right, y1: plot.py(0.05), y2: plot.py(0.05), class: "cursor", "stroke-dasharray": "4 4" });
  const mark = draw("line", { y1: plot.top, y2: plot.base, class: "cursor" });
  plot.body.append(five, line, mark);
  const says = h("p", { class: "lif-says", role: "status" });
  const more = h("p", { class: "lif-says" });
  el.append(h("div", { class: "lif-panel" },
    h("div", { class: "lif-split" }, h("div", { class: "lif-sliders" }, totals.row, counts.row),
      h("div", {}, plot.svg, h("p", { class: "lif-note" },
        "The curve: with which chance a trial sees so few responses or fewer, for each true share. Where it falls to 5% lies the upper bound."))),
    says, more));

  follow(model, ["count", "total"], () => {
    const total = model.get("total");
    const count = Math.min(model.get("count"), total);
    counts.input.max = total;
    totals.show(total, String(total), several(total, "patient"));
    counts.show(count, String(count), several(count, "response"));
    const { low, high, bound } = binomialLimits(count, total);
    const grid = Array.from({ length: 101 }, (_, i) => i / 100);
    line.setAttribute("d", plot.path(grid.map((share) => [share,
      Math.min(1, binomial(total, share).slice(0, count + 1).reduce((a, b) => a + b, 0))])));
    for (const end of ["x1", "x2"]) mark.setAttribute(end, plot.px(bound));
    says.textContent = count === total
      ? `${count} of ${total}: all responded. The true share is at least ${show(low)} (95%, two-sided).`
      : `${count} of ${total} is ${show(count / total)}. The true share can be up to ${show(bound)} (95%, one-sided); ` +
        `two-sided: ${show(low)} to ${show(high)}.`;
    more.textContent = count === 0 ? `Rule of three: 3/${total} = ${show(Math.min(1, 3 / total))}.` : "";
    more.hidden = count !== 0;
    plot.title.textContent = `Chance of so few responses against the true share. ${says.textContent}`;
    set(model, { bound });
  }, signal);
}

export default { render };
