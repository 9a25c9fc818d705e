// Studies as a table that can be searched, filtered and sorted, and as dots: direction against strength of evidence.
import { adopt, follow, h, pick, rove, set, tabStop } from "#shared/dom.js";

/** A select for each of the columns that can be filtered: [{key, label, options}]. */
function makeFilters(model) {
  return model.get("filters").map(({ key, label, options }) => {
    const choose = () => {
      const chosen = { ...model.get("chosen") };
      if (select.value) chosen[key] = select.value;
      else delete chosen[key];
      set(model, { chosen });
    };
    const texts = options.map((text) => h("option", { value: text }, text));
    const select = h("select", { onchange: choose }, h("option", { value: "" }, "all"), ...texts);
    return { key, select, row: h("label", {}, `${label} `, select) };
  });
}

/** Search, filters, order, and a button that takes them all back. */
function makeTools(model, columns) {
  const search = h("input", {
    type: "search",
    "aria-label": "Search the studies",
    placeholder: "Search: a word, a cancer, a name",
    oninput: () => set(model, { query: search.value }),
  });
  const filters = makeFilters(model);
  const order = h(
    "select",
    { onchange: () => set(model, { sort: order.value }) },
    h("option", { value: "" }, "as in the table"),
    ...columns.flatMap(({ key, label }) => [
      h("option", { value: key }, `${label}, rising`),
      h("option", { value: `-${key}` }, `${label}, falling`),
    ]),
  );
  const all = () => set(model, { query: "", chosen: {}, sort: "" });
  const clear = h("button", { type: "button", onclick: all }, "Show all");
  const sort = h("label", { class: "lif-tools__sort" }, "Order ", order);
  const block = h("div", { class: "lif-tools" }, search, ...filters.map((item) => item.row), sort, clear);
  const show = () => {
    const query = model.get("query");
    if (search.value !== query) search.value = query;
    for (const { key, select } of filters) select.value = model.get("chosen")[key] ?? "";
    order.value = model.get("sort");
  };
  return { block, show };
}

/** One study: its dot in the picture and its row in the table. */
function makeItem(model, columns, row, at) {
  const choose = () => pick(model, row.id);
  const dot = h("button", {
    type: "button",
    class: `lif-dot lif-dot--${row.shape}`,
    style: `--mark:${row.colour}`,
    "data-id": row.id,
    "aria-label": row.name,
    title: row.name,
    onclick: choose,
  });
  const button = h("button", { type: "button", class: "lif-table__pick", onclick: choose }, row.values[columns[0].key]);
  const content = (key) => (key === "source" && row.url ? h("a", { href: row.url }, row.values[key]) : row.values[key]);
  const cells = columns.slice(1).map(({ key, label }) => h("td", { "data-label": label, role: "cell" }, content(key)));
  const head = h("th", { scope: "row", role: "rowheader" }, button);
  const line = h("tr", { "data-id": row.id, role: "row" }, head, ...cells);
  line.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("button, a"))) choose();
  });
  const text = `${Object.values(row.values).join(" ")} ${row.finding}`.toLowerCase();
  return { row, at, dot, button, line, text };
}

/** The picture: a grid with a heading for each direction and a row for each strength. */
function makeBoard(levels, directions, items) {
  const cell = (level, direction) => {
    const here = items.filter(({ row }) => row.level === level && row.direction === direction);
    return h("div", { class: "lif-grid__cell" }, ...here.map((item) => item.dot));
  };
  const rows = levels.map(([number, text]) => {
    const name = h("span", { class: "lif-grid__name" }, `${number} ${text}`);
    return h("div", { class: "lif-grid__row" }, name, ...directions.map((direction) => cell(number, direction)));
  });
  const heads = directions.map((text) => h("span", { class: "lif-grid__head" }, text));
  const label = "Studies: what becomes of the tumour across, strength of evidence upwards";
  const name = h("span", { class: "lif-grid__name" }, "The tumour is …");
  const head = h("div", { class: "lif-grid__row", "aria-hidden": "true" }, name, ...heads);
  const board = h("div", { class: "lif-grid", role: "group", "aria-label": label }, head, ...rows);
  const follows = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  const inOrder = items.map((item) => item.dot).sort((a, b) => (follows(a, b) ? -1 : 1));
  const visible = () => inOrder.filter((dot) => !dot.hidden);
  rove(board, visible);
  return { board, visible };
}

/** The table; a click on a heading sorts, a second one the other way round. */
function makeTable(model, columns) {
  const label = model.get("label");
  const sort = (key) => set(model, { sort: model.get("sort") === key ? `-${key}` : key });
  const body = h("tbody", { role: "rowgroup" });
  const heads = columns.map(({ key, label: text }) => {
    const button = h("button", { type: "button", onclick: () => sort(key) }, text);
    return h("th", { scope: "col", role: "columnheader", "aria-sort": "none" }, button);
  });
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads));
  const table = h("table", { role: "table" }, h("caption", {}, label), head, body);
  const look = { class: "lif-table lif-cards", tabindex: 0, role: "region", "aria-label": label };
  return { box: h("div", look, table), body, heads };
}

/** The studies in the order that `sort` names: a column, or one with "-" before it, falling. */
function sorted(items, sort) {
  const key = sort.replace("-", "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const compare = (a, b) => a.row.values[key].localeCompare(b.row.values[key], "en", { numeric: true });
  return [...items].sort((a, b) => (key ? sign * compare(a, b) : 0) || a.at - b.at);
}

/** How many studies are shown, from how many sources, and what they found. */
function summary(shown, total, directions) {
  if (shown.length === 0) return "No study fits. Take a filter away or search for another word.";
  const sources = new Set(shown.map(({ row }) => row.values.source)).size;
  const each = directions.map((text) => `${shown.filter(({ row }) => row.direction === text).length} ${text}`);
  return `${shown.length} of ${total} entries, from ${sources} sources: ${each.join(", ")}.`;
}

/** The studies that have all the words and the chosen values. */
function fitting(items, query, chosen) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(
    ({ row, text }) =>
      words.every((word) => text.includes(word)) &&
      Object.entries(chosen).every(([key, value]) => row.values[key] === value),
  );
}

/** Mark the study that is picked, and say what was found in it. */
function showPicked({ model, items, detail, table, board }) {
  const picked = items.find(({ row }) => row.id === model.get("picked"));
  for (const item of items) {
    const on = item === picked;
    item.line.toggleAttribute("data-picked", on);
    item.button.setAttribute("aria-pressed", String(on));
    item.dot.setAttribute("aria-pressed", String(on));
  }
  if (!picked) {
    detail.textContent = "Pick a dot or a row to read what was found.";
    return;
  }
  const { box, heads } = table;
  if (!box.contains(document.activeElement)) box.scrollTop = picked.line.offsetTop - heads[0].offsetHeight - 8;
  tabStop(board.visible(), picked.dot);
  const { name, finding, url, values } = picked.row;
  const source = url ? [h("a", { href: url }, values.source)] : [];
  detail.replaceChildren(h("strong", {}, `${name}. `), `${finding} `, ...source);
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const columns = model.get("columns"); // [{key, label}]
  const rows = model.get("rows"); // [{id, direction, level, shape, colour, name, finding, url, values: {key: text}}]
  const directions = model.get("directions");
  adopt(el);
  const tools = makeTools(model, columns);
  const says = h("p", { class: "lif-says", role: "status" });
  const items = rows.map((row, at) => makeItem(model, columns, row, at));
  const board = makeBoard(model.get("levels"), directions, items); // levels: [[number, text]], strongest first
  const legend = model.get("legend").flatMap(([text, shape, colour]) => {
    const dot = h("span", { class: `lif-dot lif-dot--${shape} lif-dot--key`, style: `--mark:${colour}` });
    return [dot, ` ${text} `];
  });
  const detail = h("p", { class: "lif-detail", role: "status" });
  const table = makeTable(model, columns);
  const note = h("p", { class: "lif-note" }, ...legend);
  el.append(h("div", { class: "lif-panel" }, tools.block, says, board.board, note, detail, table.box));

  const update = () => {
    tools.show();
    const sort = model.get("sort");
    const shown = fitting(items, model.get("query"), model.get("chosen"));
    table.body.append(...sorted(items, sort).map((item) => item.line));
    const way = sort.startsWith("-") ? "descending" : "ascending";
    for (const [i, head] of table.heads.entries()) {
      head.setAttribute("aria-sort", columns[i].key === sort.replace("-", "") ? way : "none");
    }
    for (const item of items) {
      item.dot.hidden = !shown.includes(item);
      item.line.hidden = item.dot.hidden;
    }
    const dots = board.visible();
    if (dots.length) tabStop(dots, dots.find((dot) => dot.tabIndex === 0) ?? dots[0]);
    says.textContent = summary(shown, rows.length, directions);
  };
  follow(model, ["query", "chosen", "sort"], update, signal);
  follow(model, ["picked"], () => showPicked({ model, items, detail, table, board }), signal);
}

export default { render };
