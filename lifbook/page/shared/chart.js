// A small chart in SVG whose colours follow the page. Shared by the widgets that draw curves.

/**
 * @typedef {object} Axis
 * @property {number} min
 * @property {number} max
 * @property {string} label
 * @property {(string | number)[][]} ticks [where a mark stands, what it says]
 * @property {boolean} [log] whether the scale is logarithmic
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element of SVG.
 * @param {string} tag
 * @param {Record<string, any>} attributes
 * @param {string | number} [text]
 * @returns {SVGElement}
 */
export function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = String(text);
  return element;
}

/**
 * Axes: `x` and `y` are {min, max, label, ticks: [[value, text], ...], log?}. Returns the SVG and its scales.
 * @param {{ x: Axis, y: Axis, width?: number, height?: number, right?: number, label: string }} about
 */
export function chart({ x, y, width = 460, height = 240, right = 12, label }) {
  const [left, bottom, top] = [46, 40, 12];
  /** @type {(axis: Axis, from: number, to: number) => (value: any) => number} */
  const scale = ({ min, max, log }, from, to) => {
    const value = log ? Math.log10 : (number) => number;
    return (number) => from + ((value(number) - value(min)) / (value(max) - value(min))) * (to - from);
  };
  const px = scale(x, left, width - right);
  const py = scale(y, height - bottom, top);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "lif-chart" });
  const title = draw("title", {}, label);
  svg.append(title);
  for (const [value, text] of y.ticks) {
    svg.append(
      draw("line", { x1: left, x2: width - right, y1: py(value), y2: py(value), class: "grid" }),
      draw("text", { x: left - 6, y: py(value) + 4, "text-anchor": "end" }, text),
    );
  }
  for (const [value, text] of x.ticks) {
    svg.append(
      draw("line", { x1: px(value), x2: px(value), y1: height - bottom, y2: height - bottom + 4, class: "grid" }),
      draw("text", { x: px(value), y: height - bottom + 16, "text-anchor": "middle" }, text),
    );
  }
  svg.append(
    draw("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle", class: "axis" }, x.label),
    draw(
      "text",
      {
        x: 12,
        y: (top + height - bottom) / 2,
        "text-anchor": "middle",
        class: "axis",
        transform: `rotate(-90 12 ${(top + height - bottom) / 2})`,
      },
      y.label,
    ),
  );
  const body = draw("g", {});
  svg.append(body);
  const path = (points) =>
    points.map(([a, b], i) => `${i ? "L" : "M"}${px(a).toFixed(1)} ${py(b).toFixed(1)}`).join("");
  return { svg, body, title, px, py, path, left, right: width - right, top, base: height - bottom };
}

/**
 * Powers of ten between two concentrations in nM, as ticks: [[nM, text], ...].
 * @param {number} min
 * @param {number} max
 * @returns {(string | number)[][]}
 */
export function decades(min, max) {
  const found = [];
  for (let at = Math.ceil(Math.log10(min)); at <= Math.log10(max); at += 1) {
    found.push([10 ** at, at < 0 ? `${10 ** (at + 3)} pM` : `${10 ** at} nM`]);
  }
  return found;
}
