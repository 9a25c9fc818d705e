// A table whose rows can be sorted and picked.
import { adopt, follow, h, set } from "../shared/dom.js";

function render({ model, el, signal }) {
  const columns = model.get("columns");
  const rows = model.get("rows");
  adopt(el);
  const body = h("tbody");
  const heads = columns.map((column, at) => h("th", { scope: "col", "aria-sort": "none" },
    h("button", { type: "button", onclick: () => sort(at) }, column.label)));
  const table = h("table", {},
    h("caption", {}, model.get("label")), h("thead", {}, h("tr", {}, ...heads)), body);
  const lines = rows.map((row) => {
    const button = h("button", { type: "button", class: "lif-table__pick",
      onclick: () => set(model, { picked: model.get("picked") === row.id ? "" : row.id }) },
    String(row.values[0]));
    const line = h("tr", { "data-id": row.id }, h("th", { scope: "row" }, button),
      ...row.values.slice(1).map((value, i) =>
        h("td", { class: columns[i + 1].numeric ? "lif-table__number" : null },
          value === null ? "–" : columns[i + 1].numeric ? value.toFixed(columns[i + 1].decimals) : value)));
    line.addEventListener("click", (event) => { if (!event.target.closest("button")) button.click(); });
    return { row, line, button };
  });
  body.append(...lines.map((item) => item.line));

  const order = { column: -1, down: true };
  function sort(at) {
    order.down = order.column === at ? !order.down : columns[at].numeric;
    order.column = at;
    const key = at === 0 ? (item) => item.row.order : (item) => item.row.values[at] ?? -Infinity;
    const sign = order.down ? -1 : 1;
    lines.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
    });
    body.append(...lines.map((item) => item.line));
    heads.forEach((head, i) => head.setAttribute("aria-sort",
      i !== at ? "none" : order.down ? "descending" : "ascending"));
  }
  el.append(h("div", { class: "lif-table", tabindex: 0, role: "region", "aria-label": model.get("label") },
    table));

  follow(model, ["picked"], () => {
    for (const { row, line, button } of lines) {
      const chosen = row.id === model.get("picked");
      line.toggleAttribute("data-picked", chosen);
      button.setAttribute("aria-pressed", String(chosen));
    }
  }, signal);
}

export default { render };
