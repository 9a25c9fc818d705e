// Cytokines and receptor chains: a matrix and a network of the same tables, filtered and picked together.
import { draw } from "../shared/chart.js";
import { adopt, follow, h, rove, set, tabStop } from "../shared/dom.js";

function render({ model, el, signal }) {
  const cytokines = model.get("cytokines"); // [{name, ..., y, cells, complexes, shares, findings}]
  const chains = model.get("chains"); // [{name, gene, uniprot, text, alpha, colour, users, y}]
  const scenes = model.get("scenes");
  const toggle = (name) => () => set(model, { picked: model.get("picked") === name ? "" : name });
  const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
  adopt(el);

  // What a complex must hold. OSM has two complexes: a chain of each is not a complex with both.
  const holds = ({ copies }) => model.get("needs").every((chain) => chain in copies)
    && (model.get("alpha") === "any" || (model.get("alpha") === "with") === chains.some(({ name, alpha }) => alpha && name in copies));
  const fits = ({ complexes }) => complexes.some(holds);

  const choice = (label, items) => h("div", { class: "lif-choice", role: "group", "aria-label": label },
    h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, label), ...items);
  const option = (trait, value, text) => ({ trait, value, button: h("button", { type: "button",
    onclick: () => set(model, { [trait]: value }) }, text) });
  const views = [option("view", "matrix", "Matrix"), option("view", "network", "Network")];
  const alphas = [option("alpha", "any", "either way"), option("alpha", "with", "with another chain"),
    option("alpha", "without", "without")];
  const ticks = chains.filter(({ alpha }) => !alpha).map(({ name }) => {
    const box = h("input", { type: "checkbox", onchange: () => {
      const needs = model.get("needs").filter((item) => item !== name);
      set(model, { needs: box.checked ? [...needs, name] : needs });
    } });
    return { name, box, row: h("label", { class: "lif-tick" }, box, ` ${name}`) };
  });
  const count = h("p", { class: "lif-says", role: "status" });

  /** Arrow keys move, and what they come to is picked. */
  function pickable(container, items, columns) {
    rove(container, items, { columns });
    container.addEventListener("keydown", (event) => {
      const name = document.activeElement?.dataset.id;
      if (/^(Arrow|Home|End)/.test(event.key) && name && event.defaultPrevented) set(model, { picked: name });
    });
  }

  // The matrix: one row for each cytokine.
  const heads = chains.map(({ name, colour }) => h("button", { type: "button", "data-id": name, onclick: toggle(name),
    style: `--mark:${colour}` }, h("span", {}, name)));
  const rows = cytokines.map((cytokine) => {
    const button = h("button", { type: "button", class: "lif-table__pick", "data-id": cytokine.name, onclick: toggle(cytokine.name) }, cytokine.name);
    const cells = cytokine.cells.map((text, at) => h("td", { style: `--mark:${chains[at].colour}`, "data-on": text !== "",
      "data-chain": chains[at].name }, text ? h("span", {}, text) : ""));
    const row = h("tr", {}, h("th", { scope: "row" }, button), ...cells);
    row.addEventListener("click", (event) => { if (!event.target.closest("button")) button.click(); });
    return { cytokine, button, cells, row };
  });
  const head = h("tr", {}, h("th", { scope: "col" }, "Cytokine"), ...heads.map((button) => h("th", { scope: "col" }, button)));
  const body = h("tbody", {}, ...rows.map((item) => item.row));
  const matrix = h("div", { class: "lif-table lif-matrix", role: "region", "aria-label": model.get("label"), tabindex: 0 },
    h("table", {}, h("thead", {}, head), body));
  pickable(head, () => heads, heads.length);
  pickable(body, () => rows.filter((item) => !item.row.hidden).map((item) => item.button), 1);

  // The network: cytokines on the left, chains on the right, places from Python.
  const svg = draw("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", class: "lif-map", "aria-hidden": "true" });
  const edges = cytokines.flatMap((cytokine) => chains.flatMap((chain) => {
    const here = cytokine.complexes.filter(({ copies }) => chain.name in copies);
    if (!here.length) return [];
    const place = { x1: 0, y1: 100 * cytokine.y, x2: 100, y2: 100 * chain.y, stroke: chain.colour, class: "edge" };
    const group = draw("g", { "data-copies": here[0].copies[chain.name] });
    const part = here.length < cytokine.complexes.length;
    group.append(draw("line", part ? { ...place, "stroke-dasharray": here[0] === cytokine.complexes[0] ? "9 4" : "3 4" } : place));
    if (here[0].copies[chain.name] > 1) group.append(draw("line", { ...place, class: "edge twice" }));
    svg.append(group);
    return [{ cytokine, chain, group }];
  }));
  const node = ({ name, y, colour }) => h("button", { type: "button", "data-id": name, onclick: toggle(name),
    style: `top:${100 * y}%;${colour ? `--mark:${colour}` : ""}` }, name);
  const sides = [cytokines, chains].map((side) => {
    const buttons = [...side].sort((a, b) => a.y - b.y).map(node);
    const column = h("div", { class: "lif-net__side" }, ...buttons);
    pickable(column, () => buttons.filter((button) => !button.disabled), 1);
    return { column, buttons };
  });
  const network = h("div", { class: "lif-net", role: "group", "aria-label": model.get("label"),
    style: `--rows:${Math.max(cytokines.length, chains.length)}` }, sides[0].column, svg, sides[1].column);
  const key = h("p", { class: "lif-note" });

  const says = h("p", { class: "lif-says", role: "status" });
  const more = h("div", {});
  el.append(h("div", { class: "lif-panel" },
    choice("Show as", views.map((item) => item.button)),
    h("fieldset", { class: "lif-choice" }, h("legend", { class: "lif-viewer__grouplabel" }, "Must use"), ...ticks.map((item) => item.row)),
    choice("Alpha chain", alphas.map((item) => item.button)),
    count, matrix, network, key, says, more));

  const paper = ([name, url]) => (url ? h("a", { href: url }, name) : name);
  const cited = (papers) => papers.flatMap((item, at) => [at ? "; " : " (", paper(item)]).concat(papers.length ? ")" : "");
  const entry = ({ name, gene, uniprot, species }) => `${name} (${[gene && gene !== name ? `gene ${gene}` : "", uniprot ? `UniProt ${uniprot}` : "",
    species].filter(Boolean).join(", ")})`;

  follow(model, ["picked", "needs", "alpha", "view"], () => {
    const { needs, alpha, view, picked } = Object.fromEntries(["needs", "alpha", "view", "picked"].map((trait) => [trait, model.get(trait)]));
    for (const { trait, value, button } of [...views, ...alphas]) button.setAttribute("aria-pressed", String(model.get(trait) === value));
    for (const { name, box } of ticks) box.checked = needs.includes(name);
    matrix.hidden = view !== "matrix";
    network.hidden = view !== "network";
    key.textContent = view === "matrix"
      ? "1 or 2: so many copies in each complex; +: used, not counted. I, II: only in the complex of this type; some: not in all of its complexes."
      : "A double line stands for two copies. Broken lines: not in all complexes; OSM has type I (long dashes) and type II (dots).";
    const shown = cytokines.filter(fits);
    const names = shown.map(({ name }) => name);
    if (String(model.get("shown")) !== String(names)) set(model, { shown: names });
    const asked = (needs.length ? `${needs.length > 1 ? `both `.repeat(needs.length === 2) : ""}${list(needs)}` : "")
      + (alpha === "any" ? "" : `${needs.length ? ", " : ""}${alpha === "with" ? "an alpha chain" : "no alpha chain"}`);
    const each = shown.length ? [] : cytokines.filter(({ complexes }) => needs.length > 1
      && needs.every((chain) => complexes.some(({ copies }) => chain in copies))).map(({ name }) => name);
    count.textContent = !asked ? `${cytokines.length} cytokines and ${chains.length} chains.`
      : shown.length ? `${shown.length} of ${cytokines.length} cytokines ${shown.length === 1 ? "uses" : "use"} ${asked} in one complex: ${names.join(", ")}.`
        : `No cytokine in the table uses ${asked} in one complex.` + (each.length ? ` ${list(each)} uses each of them, but in different complexes.` : "");

    const chosen = cytokines.find(({ name }) => name === picked);
    const chain = chains.find(({ name }) => name === picked);
    const on = (cytokine, at) => cytokine.name === picked || at.name === picked;
    for (const { cytokine, button, cells, row } of rows) {
      row.hidden = !names.includes(cytokine.name);
      row.toggleAttribute("data-picked", cytokine === chosen);
      button.setAttribute("aria-pressed", String(cytokine === chosen));
      cells.forEach((cell) => cell.toggleAttribute("data-picked", cell.dataset.chain === picked));
    }
    heads.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.id === picked)));
    for (const { cytokine, chain: at, group } of edges) {
      group.classList.toggle("off", !names.includes(cytokine.name) || (Boolean(picked) && !on(cytokine, at)));
      group.classList.toggle("on", on(cytokine, at));
    }
    for (const { buttons } of sides) {
      for (const button of buttons) {
        const name = button.dataset.id;
        button.setAttribute("aria-pressed", String(name === picked));
        button.disabled = cytokines.some((item) => item.name === name) && !names.includes(name);
      }
    }
    for (const items of [heads, rows.filter((item) => !item.row.hidden).map((item) => item.button),
      ...sides.map(({ buttons }) => buttons.filter((button) => !button.disabled))]) {
      tabStop(items, items.find((button) => button.dataset.id === picked) ?? items[0]);
    }

    says.textContent = chosen ? `${chosen.name} consists of ${chosen.composition.replace(/\.?$/, ".")} ${chosen.shares}`
      : chain ? `${chain.name} is used by ${list(chain.users)}: ${chain.users.length} of ${cytokines.length}.`
        : "Pick a cytokine to see its chains, or a chain to see who uses it.";
    more.replaceChildren(...(chosen ? [
      h("p", { class: "lif-note" }, `${entry(chosen)}. ${chosen.note}`, ...cited(chosen.papers)),
      h("ul", { class: "lif-evidence" }, ...chosen.findings.map(({ complex, chain: at, finding, evidence, papers }) =>
        h("li", {}, h("strong", {}, chosen.complexes.length > 1 ? `${at}, ${complex}` : at), `: ${finding.replace(/\.$/, "")} [${evidence}]`, ...cited(papers)))),
    ] : chain ? [h("p", { class: "lif-note" }, `${entry(chain)}. ${chain.text}`, ...cited(chain.papers))] : []));
    if (chosen && scenes[picked] && model.get("scene") !== scenes[picked]) set(model, { scene: scenes[picked] });
  }, signal);

  // A scene that was chosen in a linked viewer picks its cytokine.
  follow(model, ["scene"], () => {
    const scene = model.get("scene");
    if (scene && scenes[model.get("picked")] === scene) return; // it may be the scene of several
    const found = cytokines.find(({ name }) => scene && scenes[name] === scene);
    if (found) set(model, { picked: found.name });
  }, signal);
}

export default { render };
