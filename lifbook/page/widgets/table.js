// A table whose rows can be sorted and picked.
import { adopt, follow, h, pick } from "#shared/dom.js";

/** A cell's text: a dash for what is not known, numbers with the places of their column. */
function text(value, { numeric, decimals }) {
  if (value === null) return "–";
  return numeric ? value.toFixed(decimals) : value;
}

/** A row; a click anywhere in it picks it, the keyboard has a button. */
function makeLine(model, columns, row) {
  const look = { type: "button", class: "lif-table__pick" };
  const button = h("button", { ...look, onclick: () => pick(model, row.id) }, String(row.values[0]));
  const cells = row.values.slice(1).map((value, i) => {
    const column = columns[i + 1];
    return h("td", { class: column.numeric ? "lif-table__number" : null }, text(value, column));
  });
  const line = h("tr", { "data-id": row.id }, h("th", { scope: "row" }, button), ...cells);
  line.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("button"))) button.click();
  });
  return { row, line, button };
}

/** The lines by a column: the first in the order of the residues, others with what is not known at the end. */
function sorted(lines, at, down) {
  const key = ({ row }) => (at === 0 ? row.order : (row.values[at] ?? Number.NEGATIVE_INFINITY));
  const sign = down ? -1 : 1;
  return lines.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
  });
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const columns = model.get("columns");
  const label = model.get("label");
  adopt(el);
  const order = { column: -1, down: true };
  const sort = (at) => {
    order.down = order.column === at ? !order.down : columns[at].numeric;
    order.column = at;
    body.append(...sorted(lines, at, order.down).map((item) => item.line));
    const way = order.down ? "descending" : "ascending";
    for (const [i, head] of heads.entries()) head.setAttribute("aria-sort", i === at ? way : "none");
  };
  const lines = model.get("rows").map((row) => makeLine(model, columns, row));
  const body = h("tbody", {}, ...lines.map((item) => item.line));
  const heads = columns.map((column, at) => {
    const button = h("button", { type: "button", onclick: () => sort(at) }, column.label);
    return h("th", { scope: "col", "aria-sort": "none" }, button);
  });
  const table = h("table", {}, h("caption", {}, label), h("thead", {}, h("tr", {}, ...heads)), body);
  el.append(h("div", { class: "lif-table", tabindex: 0, role: "region", "aria-label": label }, table));

  const update = () => {
    for (const { row, line, button } of lines) {
      const chosen = row.id === model.get("picked");
      line.toggleAttribute("data-picked", chosen);
      button.setAttribute("aria-pressed", String(chosen));
    }
  };
  follow(model, ["picked"], update, signal);
}

export default { render };
