// Studies as a table that can be searched, filtered and sorted, and as dots: direction against strength of evidence.
import { adopt, follow, h, rove, set, tabStop } from "../shared/dom.js";

function render({ model, el, signal }) {
  const columns = model.get("columns"); // [{key, label}]
  const rows = model.get("rows"); // [{id, direction, level, shape, colour, name, finding, url, values: {key: text}}]
  const filters = model.get("filters"); // [{key, label, options}]
  const levels = model.get("levels"); // [[number, text]], strongest first
  const directions = model.get("directions");
  adopt(el);

  const search = h("input", { type: "search", "aria-label": "Search the studies", placeholder: "Search: a word, a cancer, a name",
    oninput: () => set(model, { query: search.value }) });
  const selects = filters.map(({ key, label, options }) => {
    const select = h("select", { onchange: () => {
      const chosen = { ...model.get("chosen") };
      if (select.value) chosen[key] = select.value; else delete chosen[key];
      set(model, { chosen });
    } }, h("option", { value: "" }, "all"), ...options.map((text) => h("option", { value: text }, text)));
    return { key, select, row: h("label", {}, `${label} `, select) };
  });
  const order = h("select", { onchange: () => set(model, { sort: order.value }) },
    h("option", { value: "" }, "as in the table"),
    ...columns.flatMap(({ key, label }) => [
      h("option", { value: key }, `${label}, rising`), h("option", { value: `-${key}` }, `${label}, falling`)]));
  const clear = h("button", { type: "button", onclick: () => set(model, { query: "", chosen: {}, sort: "" }) }, "Show all");
  const says = h("p", { class: "lif-says", role: "status" });

  const choose = (id) => set(model, { picked: model.get("picked") === id ? "" : id });
  const items = rows.map((row, at) => {
    const dot = h("button", { type: "button", class: `lif-dot lif-dot--${row.shape}`, style: `--mark:${row.colour}`, "data-id": row.id,
      "aria-label": row.name, title: row.name, onclick: () => choose(row.id) });
    const pick = h("button", { type: "button", class: "lif-table__pick", onclick: () => choose(row.id) }, row.values[columns[0].key]);
    const line = h("tr", { "data-id": row.id }, h("th", { scope: "row", role: "rowheader" }, pick),
      ...columns.slice(1).map(({ key, label }) => h("td", { "data-label": label, role: "cell" },
        key === "source" && row.url ? h("a", { href: row.url }, row.values[key]) : row.values[key])));
    line.setAttribute("role", "row");
    line.addEventListener("click", (event) => { if (!event.target.closest("button, a")) choose(row.id); });
    return { row, at, dot, pick, line, text: `${Object.values(row.values).join(" ")} ${row.finding}`.toLowerCase() };
  });

  // The picture: a grid with a heading for each direction and a row for each strength.
  const cells = levels.map(([number, text]) => h("div", { class: "lif-grid__row" },
    h("span", { class: "lif-grid__name" }, `${number} ${text}`),
    ...directions.map((direction) => h("div", { class: "lif-grid__cell" },
      ...items.filter(({ row }) => row.level === number && row.direction === direction).map((item) => item.dot)))));
  const board = h("div", { class: "lif-grid", role: "group", "aria-label": "Studies: what becomes of the tumour across, strength of evidence upwards" },
    h("div", { class: "lif-grid__row", "aria-hidden": "true" }, h("span", { class: "lif-grid__name" }, "The tumour is …"),
      ...directions.map((text) => h("span", { class: "lif-grid__head" }, text))), ...cells);
  const inOrder = items.map((item) => item.dot).sort((a, b) =>
    a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  const visible = () => inOrder.filter((dot) => !dot.hidden);
  rove(board, visible);

  const body = h("tbody", { role: "rowgroup" });
  const heads = columns.map(({ key, label }) => h("th", { scope: "col", role: "columnheader", "aria-sort": "none" },
    h("button", { type: "button", onclick: () => set(model, { sort: model.get("sort") === key ? `-${key}` : key }) }, label)));
  const table = h("table", { role: "table" }, h("caption", {}, model.get("label")),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)), body);
  const detail = h("p", { class: "lif-detail", role: "status" });
  el.append(h("div", { class: "lif-panel" },
    h("div", { class: "lif-tools" }, search, ...selects.map((item) => item.row), h("label", { class: "lif-tools__sort" }, "Order ", order), clear),
    says, board,
    h("p", { class: "lif-note" }, ...model.get("legend").flatMap(([text, shape, colour]) =>
      [h("span", { class: `lif-dot lif-dot--${shape} lif-dot--key`, style: `--mark:${colour}` }), ` ${text} `])),
    detail,
    h("div", { class: "lif-table lif-cards", tabindex: 0, role: "region", "aria-label": model.get("label") }, table)));

  follow(model, ["query", "chosen", "sort"], () => {
    const words = model.get("query").toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = model.get("chosen");
    if (search.value !== model.get("query")) search.value = model.get("query");
    selects.forEach(({ key, select }) => { select.value = chosen[key] ?? ""; });
    const shown = items.filter(({ row, text }) => words.every((word) => text.includes(word))
      && Object.entries(chosen).every(([key, value]) => row.values[key] === value));
    const sort = model.get("sort");
    order.value = sort;
    const key = sort.replace("-", "");
    const sign = sort.startsWith("-") ? -1 : 1;
    const sorted = [...items].sort((a, b) => (key
      ? sign * a.row.values[key].localeCompare(b.row.values[key], "en", { numeric: true }) : 0) || a.at - b.at);
    body.append(...sorted.map((item) => item.line));
    heads.forEach((head, i) => head.setAttribute("aria-sort",
      columns[i].key !== key ? "none" : sign < 0 ? "descending" : "ascending"));
    for (const item of items) item.line.hidden = item.dot.hidden = !shown.includes(item);
    const dots = visible();
    if (dots.length) tabStop(dots, dots.find((dot) => dot.tabIndex === 0) ?? dots[0]);
    says.textContent = shown.length === 0
      ? "No study fits. Take a filter away or search for another word."
      : `${shown.length} of ${rows.length} entries, from ${new Set(shown.map(({ row }) => row.values.source)).size} sources: ` +
        directions.map((text) => `${shown.filter(({ row }) => row.direction === text).length} ${text}`).join(", ") + ".";
  }, signal);

  follow(model, ["picked"], () => {
    const picked = items.find(({ row }) => row.id === model.get("picked"));
    for (const item of items) {
      const on = item === picked;
      item.line.toggleAttribute("data-picked", on);
      item.pick.setAttribute("aria-pressed", String(on));
      item.dot.setAttribute("aria-pressed", String(on));
    }
    if (!picked) {
      detail.textContent = "Pick a dot or a row to read what was found.";
      return;
    }
    const box = table.parentElement;
    if (!box.contains(document.activeElement)) box.scrollTop = picked.line.offsetTop - heads[0].offsetHeight - 8;
    tabStop(visible(), picked.dot);
    detail.replaceChildren(h("strong", {}, `${picked.row.name}. `), `${picked.row.finding} `,
      ...(picked.row.url ? [h("a", { href: picked.row.url }, picked.row.values.source)] : []));
  }, signal);
}

export default { render };
