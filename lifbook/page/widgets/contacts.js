// A cut-off slider over residue contacts: counts, a small chart, the residues, and what the 3D view marks.
import { draw } from "#shared/chart.js";
import { adopt, follow, h, pick, set } from "#shared/dom.js";
import { sliderRow } from "#shared/sliders.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [420, 190, 34, 34, 10];

/** Residues of both sides that have a contact within `cutoff` Å; pairs are in the order of their distances. */
function within(pairs, cutoff) {
  const found = [new Set(), new Set()];
  let count = 0;
  for (const [a, b, distance] of pairs) {
    if (distance > cutoff) break;
    found[0].add(a);
    found[1].add(b);
    count += 1;
  }
  return { found, count };
}

/** Marks along the axes of the chart: tens of residues, whole Å. */
function axes({ x, y, low, high, most }) {
  const parts = [];
  for (let count = 0; count <= most; count += 10) {
    parts.push(
      draw("line", { x1: LEFT, x2: x(high), y1: y(count), y2: y(count), class: "grid" }),
      draw("text", { x: LEFT - 5, y: y(count) + 4, "text-anchor": "end" }, count),
    );
  }
  for (let cutoff = Math.ceil(low); cutoff <= high; cutoff += 1) {
    parts.push(draw("text", { x: x(cutoff), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, cutoff));
  }
  const middle = (LEFT + x(high)) / 2;
  parts.push(draw("text", { x: middle, y: HEIGHT - 4, "text-anchor": "middle" }, "cut-off (Å)"));
  return parts;
}

/** Counts against the cut-off, with the numbers that the paper reports as dashed lines. */
function makeChart({ pairs, sides, reported, range: [low, high, step] }) {
  const length = Math.round((high - low) / step) + 1;
  const positions = Array.from({ length }, (_, i) => Number((low + i * step).toFixed(2)));
  const curve = positions.map((cutoff) => within(pairs, cutoff).found.map((residues) => residues.size));
  const most = Math.max(...curve.flat(), ...reported) + 3;
  const x = (cutoff) => LEFT + ((cutoff - low) / (high - low)) * (WIDTH - LEFT - 62);
  const y = (count) => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP);
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "lif-contacts__chart" });
  const title = draw("title", {});
  svg.append(title, ...axes({ x, y, low, high, most }));
  sides.forEach(({ name, colour }, i) => {
    const points = positions.map((cutoff, at) => `${x(cutoff)},${y(curve[at][i])}`).join(" ");
    const place = { x: x(high) + 6, y: y(curve.at(-1)[i]) + (i ? -2 : 8) };
    svg.append(
      draw("polyline", { points, fill: "none", stroke: colour, "stroke-width": 2.5 }),
      draw("text", { ...place, class: "name", fill: colour }, name),
    );
    if (reported.length) {
      const line = { x1: LEFT, x2: x(high), y1: y(reported[i]), y2: y(reported[i]) };
      svg.append(draw("line", { ...line, stroke: colour, "stroke-width": 1, "stroke-dasharray": "5 4" }));
    }
  });
  const cursor = draw("line", { y1: TOP, y2: HEIGHT - BOTTOM, class: "cursor" });
  const dots = sides.map((side) => draw("circle", { r: 4.5, fill: side.colour, class: "dot" }));
  svg.append(cursor, ...dots);
  const show = (cutoff, sizes) => {
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(x(cutoff)));
    for (const [i, dot] of dots.entries()) {
      dot.setAttribute("cx", String(x(cutoff)));
      dot.setAttribute("cy", String(y(sizes[i])));
    }
    title.textContent =
      `Residues in contact against the cut-off: at ${cutoff.toFixed(1)} Å ` +
      `${sizes[0]} ${sides[0].name} and ${sizes[1]} ${sides[1].name} residues.`;
  };
  return { svg, show };
}

/** The residues of one side as buttons, with a heading that counts them. */
function makeList(model, { name, colour, residues }) {
  const chips = residues.map(({ id, label, text }) => {
    const looks = { type: "button", title: text, "aria-label": text, style: `--mark:${colour}` };
    return h("button", { ...looks, onclick: () => pick(model, id) }, label);
  });
  const list = h("div", { class: "lif-contacts__chips", role: "group", "aria-label": name }, ...chips);
  const heading = h("p", { class: "lif-contacts__side" });
  const show = (found, cutoff) => {
    for (const [at, chip] of chips.entries()) chip.hidden = !found.has(at);
    heading.textContent = found.size ? `${name} (${found.size})` : `${name}: no residue within ${cutoff.toFixed(1)} Å`;
  };
  const mark = (picked) => {
    for (const [at, chip] of chips.entries()) chip.setAttribute("aria-pressed", String(residues[at].id === picked));
  };
  return { parts: [heading, list], show, mark };
}

/** The counts in one line: residues of either side, and the pairs they make. */
function counted(sides, sizes, pairs) {
  const number = (which, text, colour) =>
    h("strong", { "data-count": which, style: colour ? `--mark:${colour}` : null }, String(text));
  return [
    number("first", sizes[0], sides[0].colour),
    ` ${sides[0].name} and `,
    number("second", sizes[1], sides[1].colour),
    ` ${sides[1].name} residues, in `,
    number("pairs", pairs),
    " pairs",
  ];
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const pairs = model.get("pairs"); // [index in first, index in second, distance in Å], by distance
  const sides = model.get("sides"); // [{name, colour, residues: [{id, label, text}]}, ...]
  const range = model.get("range");
  const reported = model.get("reported"); // [first, second] or []
  const [low, high, step] = range;
  adopt(el);
  const oninput = ({ target }) => set(model, { cutoff: Number(Number(target.value).toFixed(2)) });
  const slider = sliderRow("Cut-off", { min: low, max: high, step, oninput }, "lif-slider lif-slider--left");
  const counts = h("p", { class: "lif-contacts__counts", role: "status" });
  const chart = makeChart({ pairs, sides, reported, range });
  const lists = sides.map((side) => makeList(model, side));
  const dashed = `Dashed: the ${reported[0]} and ${reported[1]} residues that the paper reports.`;
  const say = reported.length ? h("p", { class: "lif-contacts__note" }, dashed) : null;
  const top = [h("div", {}, slider.row, counts), h("div", {}, chart.svg, say)];
  el.append(
    h(
      "div",
      { class: "lif-contacts" },
      h("div", { class: "lif-contacts__top" }, ...top),
      ...lists.flatMap(({ parts }) => parts),
    ),
  );

  const update = () => {
    const cutoff = Math.min(high, Math.max(low, model.get("cutoff")));
    const { found, count } = within(pairs, cutoff);
    const sizes = found.map((residues) => residues.size);
    slider.show(cutoff, `${cutoff.toFixed(1)} Å`, `${cutoff.toFixed(1)} ångström`);
    counts.replaceChildren(...counted(sides, sizes, count));
    chart.show(cutoff, sizes);
    for (const [i, list] of lists.entries()) list.show(found[i], cutoff);
    const near = ({ residues }, i) => residues.filter((_, at) => found[i].has(at)).map(({ id }) => id);
    set(model, { highlight: sides.flatMap(near) });
  };
  const mark = () => {
    for (const list of lists) list.mark(model.get("picked"));
  };
  follow(model, ["cutoff"], update, signal);
  follow(model, ["picked"], mark, signal);
}

export default { render };
