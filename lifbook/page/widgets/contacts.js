// A cut-off slider over residue contacts: counts, a small chart, the residues, and what the 3D view marks.
import { draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { sliderRow } from "../shared/sliders.js";

function render({ model, el, signal }) {
  const pairs = model.get("pairs"); // [index in first, index in second, distance in Å], by distance
  const sides = model.get("sides"); // [{name, colour, residues: [{id, label, text}]}, ...]
  const [low, high, step] = model.get("range");
  const reported = model.get("reported"); // [first, second] or []
  adopt(el);

  const within = (cutoff) => {
    const found = [new Set(), new Set()];
    let count = 0;
    for (const [a, b, distance] of pairs) {
      if (distance > cutoff) break;
      found[0].add(a);
      found[1].add(b);
      count += 1;
    }
    return { found, count };
  };
  const positions = Array.from({ length: Math.round((high - low) / step) + 1 },
    (_, i) => Number((low + i * step).toFixed(2)));
  const curve = positions.map((cutoff) => within(cutoff).found.map((set) => set.size));

  const slider = sliderRow("Cut-off", { min: low, max: high, step,
    oninput: ({ target }) => set(model, { cutoff: Number(Number(target.value).toFixed(2)) }) }, "lif-slider lif-slider--left");
  const counts = h("p", { class: "lif-contacts__counts", role: "status" });

  // Counts against the cut-off, with the numbers that the paper reports as dashed lines.
  const [width, height, left, bottom, top] = [420, 190, 34, 34, 10];
  const most = Math.max(...curve.flat(), ...reported) + 3;
  const x = (cutoff) => left + ((cutoff - low) / (high - low)) * (width - left - 62);
  const y = (count) => height - bottom - (count / most) * (height - bottom - top);
  const chart = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "lif-contacts__chart" });
  const chartTitle = draw("title", {});
  chart.append(chartTitle);
  for (let count = 0; count <= most; count += 10) {
    chart.append(draw("line", { x1: left, x2: x(high), y1: y(count), y2: y(count), class: "grid" }),
      draw("text", { x: left - 5, y: y(count) + 4, "text-anchor": "end" }, count));
  }
  for (let cutoff = Math.ceil(low); cutoff <= high; cutoff += 1) {
    chart.append(draw("text", { x: x(cutoff), y: height - bottom + 15, "text-anchor": "middle" }, cutoff));
  }
  chart.append(draw("text", { x: (left + x(high)) / 2, y: height - 4, "text-anchor": "middle" }, "cut-off (Å)"));
  sides.forEach((side, i) => {
    chart.append(
      draw("polyline", { points: positions.map((cutoff, at) => `${x(cutoff)},${y(curve[at][i])}`).join(" "),
        fill: "none", stroke: side.colour, "stroke-width": 2.5 }),
      draw("text", { x: x(high) + 6, y: y(curve.at(-1)[i]) + (i ? -2 : 8), class: "name", fill: side.colour },
        side.name));
    if (reported.length) {
      chart.append(draw("line", { x1: left, x2: x(high), y1: y(reported[i]), y2: y(reported[i]),
        stroke: side.colour, "stroke-width": 1, "stroke-dasharray": "5 4" }));
    }
  });
  const cursor = draw("line", { y1: top, y2: height - bottom, class: "cursor" });
  const dots = sides.map((side) => draw("circle", { r: 4.5, fill: side.colour, class: "dot" }));
  chart.append(cursor, ...dots);

  const lists = sides.map((side) => {
    const chips = side.residues.map((residue) => h("button", {
      type: "button", title: residue.text, "aria-label": residue.text, style: `--mark:${side.colour}`,
      onclick: () => set(model, { picked: model.get("picked") === residue.id ? "" : residue.id }),
    }, residue.label));
    const list = h("div", { class: "lif-contacts__chips", role: "group", "aria-label": side.name }, ...chips);
    return { chips, heading: h("p", { class: "lif-contacts__side" }), list };
  });
  const say = reported.length
    ? h("p", { class: "lif-contacts__note" },
      `Dashed: the ${reported[0]} and ${reported[1]} residues that the paper reports.`) : null;
  el.append(h("div", { class: "lif-contacts" },
    h("div", { class: "lif-contacts__top" }, h("div", {}, slider.row, counts), h("div", {}, chart, say)),
    ...lists.flatMap(({ heading, list }) => [heading, list])));

  follow(model, ["cutoff"], () => {
    const cutoff = Math.min(high, Math.max(low, model.get("cutoff")));
    const { found, count } = within(cutoff);
    slider.show(cutoff, `${cutoff.toFixed(1)} Å`, `${cutoff.toFixed(1)} ångström`);
    const [a, b] = found.map((set) => set.size);
    counts.replaceChildren(
      h("strong", { "data-count": "first", style: `--mark:${sides[0].colour}` }, String(a)), ` ${sides[0].name} and `,
      h("strong", { "data-count": "second", style: `--mark:${sides[1].colour}` }, String(b)),
      ` ${sides[1].name} residues, in `, h("strong", { "data-count": "pairs" }, String(count)), " pairs");
    cursor.setAttribute("x1", x(cutoff));
    cursor.setAttribute("x2", x(cutoff));
    dots.forEach((dot, i) => { dot.setAttribute("cx", x(cutoff)); dot.setAttribute("cy", y(found[i].size)); });
    chartTitle.textContent = `Residues in contact against the cut-off: at ${cutoff.toFixed(1)} Å ` +
      `${a} ${sides[0].name} and ${b} ${sides[1].name} residues.`;
    lists.forEach(({ chips, heading }, i) => {
      chips.forEach((chip, at) => { chip.hidden = !found[i].has(at); });
      heading.textContent = found[i].size ? `${sides[i].name} (${found[i].size})`
        : `${sides[i].name}: no residue within ${cutoff.toFixed(1)} Å`;
    });
    set(model, { highlight: sides.flatMap((side, i) =>
      side.residues.filter((_, at) => found[i].has(at)).map((residue) => residue.id)) });
  }, signal);
  follow(model, ["picked"], () => {
    lists.forEach(({ chips }, i) => chips.forEach((chip, at) =>
      chip.setAttribute("aria-pressed", String(sides[i].residues[at].id === model.get("picked")))));
  }, signal);
}

export default { render };
