// Cytokines and receptor chains: a matrix and a network of the same tables, filtered and picked together.
import { draw } from "#shared/chart.js";
import { adopt, follow, h, pick, rove, set, tabStop } from "#shared/dom.js";

const MATRIX_KEY =
  "1 or 2: so many copies in each complex; +: used, not counted. " +
  "I, II: only in the complex of this type; some: not in all of its complexes.";
const NETWORK_KEY =
  "A double line stands for two copies. " +
  "Broken lines: not in all complexes; OSM has type I (long dashes) and type II (dots).";

const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
const named = (name) => h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, name);

/** Whether a cytokine has what is asked for. OSM has two complexes: a chain of each is not a complex with both. */
function asking(model, chains) {
  const needs = model.get("needs");
  const alpha = model.get("alpha");
  const hasAlpha = (copies) => chains.some((chain) => chain.alpha && chain.name in copies);
  const holds = ({ copies }) =>
    needs.every((chain) => chain in copies) && (alpha === "any" || (alpha === "with") === hasAlpha(copies));
  return ({ complexes }) => complexes.some(holds);
}

/** Arrow keys move, and what they come to is picked. */
function pickable(model, container, items, columns) {
  rove(container, items, { columns });
  container.addEventListener("keydown", (event) => {
    const name = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.id;
    if (/^(Arrow|Home|End)/.test(event.key) && name && event.defaultPrevented) set(model, { picked: name });
  });
}

/** Buttons of which one is pressed: the value of a trait. */
function makeChoice(model, label, trait, options) {
  const buttons = Object.entries(options).map(([value, text]) => {
    const button = h("button", { type: "button", onclick: () => set(model, { [trait]: value }) }, text);
    return { value, button };
  });
  const look = { class: "lif-choice", role: "group", "aria-label": label };
  const block = h("div", look, named(label), ...buttons.map((item) => item.button));
  const show = () => {
    for (const { value, button } of buttons) {
      button.setAttribute("aria-pressed", String(model.get(trait) === value));
    }
  };
  return { block, show };
}

/** Tick boxes: chains that a complex must use. */
function makeNeeds(model, chains) {
  const ticks = chains
    .filter(({ alpha }) => !alpha)
    .map(({ name }) => {
      const change = () => {
        const needs = model.get("needs").filter((item) => item !== name);
        set(model, { needs: box.checked ? [...needs, name] : needs });
      };
      const box = h("input", { type: "checkbox", onchange: change });
      return { name, box, row: h("label", { class: "lif-tick" }, box, ` ${name}`) };
    });
  const legend = h("legend", { class: "lif-viewer__grouplabel" }, "Must use");
  const block = h("fieldset", { class: "lif-choice" }, legend, ...ticks.map((item) => item.row));
  const show = () => {
    for (const { name, box } of ticks) box.checked = model.get("needs").includes(name);
  };
  return { block, show };
}

/** A row of the matrix: a cytokine and its copies of each chain. */
function makeRow(model, cytokine, chains) {
  const { name } = cytokine;
  const look = { type: "button", class: "lif-table__pick", "data-id": name };
  const button = h("button", { ...look, onclick: () => pick(model, name) }, name);
  const cells = cytokine.cells.map((text, at) => {
    const chain = chains[at];
    const about = { style: `--mark:${chain.colour}`, "data-on": text !== "", "data-chain": chain.name };
    return h("td", about, text ? h("span", {}, text) : "");
  });
  const row = h("tr", {}, h("th", { scope: "row" }, button), ...cells);
  row.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("button"))) button.click();
  });
  return { cytokine, button, cells, row };
}

/** The matrix: one row for each cytokine. */
function makeMatrix(model, cytokines, chains) {
  const heads = chains.map(({ name, colour }) => {
    const look = { type: "button", "data-id": name, style: `--mark:${colour}` };
    return h("button", { ...look, onclick: () => pick(model, name) }, h("span", {}, name));
  });
  const rows = cytokines.map((cytokine) => makeRow(model, cytokine, chains));
  const first = h("th", { scope: "col" }, "Cytokine");
  const head = h("tr", {}, first, ...heads.map((button) => h("th", { scope: "col" }, button)));
  const body = h("tbody", {}, ...rows.map((item) => item.row));
  const look = { class: "lif-table lif-matrix", role: "region", "aria-label": model.get("label"), tabindex: 0 };
  const block = h("div", look, h("table", {}, h("thead", {}, head), body));
  const shown = () => rows.filter((item) => !item.row.hidden).map((item) => item.button);
  pickable(model, head, () => heads, heads.length);
  pickable(model, body, shown, 1);
  const show = (names, picked) => {
    for (const { cytokine, button, cells, row } of rows) {
      const on = cytokine.name === picked;
      row.hidden = !names.includes(cytokine.name);
      row.toggleAttribute("data-picked", on);
      button.setAttribute("aria-pressed", String(on));
      for (const cell of cells) cell.toggleAttribute("data-picked", cell.dataset.chain === picked);
    }
    for (const button of heads) button.setAttribute("aria-pressed", String(button.dataset.id === picked));
  };
  return { block, show, stops: () => [heads, shown()] };
}

/** The lines between cytokines and their chains; broken where not every complex has the chain. */
function makeEdges(svg, cytokines, chains) {
  const edge = (cytokine, chain) => {
    const here = cytokine.complexes.filter(({ copies }) => chain.name in copies);
    if (!here.length) return [];
    const place = { x1: 0, y1: 100 * cytokine.y, x2: 100, y2: 100 * chain.y, stroke: chain.colour, class: "edge" };
    const copies = here[0].copies[chain.name];
    const part = here.length < cytokine.complexes.length;
    const dash = part ? { "stroke-dasharray": here[0] === cytokine.complexes[0] ? "9 4" : "3 4" } : {};
    const group = draw("g", { "data-copies": copies });
    group.append(draw("line", { ...place, ...dash }));
    if (copies > 1) group.append(draw("line", { ...place, class: "edge twice" }));
    svg.append(group);
    return [{ cytokine, chain, group }];
  };
  return cytokines.flatMap((cytokine) => chains.flatMap((chain) => edge(cytokine, chain)));
}

/** The network: cytokines on the left, chains on the right, places from Python. */
function makeNetwork(model, cytokines, chains) {
  const look = { viewBox: "0 0 100 100", preserveAspectRatio: "none", class: "lif-map", "aria-hidden": "true" };
  const svg = draw("svg", look);
  const edges = makeEdges(svg, cytokines, chains);
  const node = ({ name, y, colour }) => {
    const style = `top:${100 * y}%;${colour ? `--mark:${colour}` : ""}`;
    return h("button", { type: "button", "data-id": name, onclick: () => pick(model, name), style }, name);
  };
  const open = (buttons) => buttons.filter((button) => !button.disabled);
  const sides = [cytokines, chains].map((side) => {
    const buttons = [...side].sort((a, b) => a.y - b.y).map(node);
    const column = h("div", { class: "lif-net__side" }, ...buttons);
    pickable(model, column, () => open(buttons), 1);
    return { column, buttons };
  });
  const style = `--rows:${Math.max(cytokines.length, chains.length)}`;
  const about = { class: "lif-net", role: "group", "aria-label": model.get("label"), style };
  const block = h("div", about, sides[0].column, svg, sides[1].column);
  const show = (names, picked) => {
    for (const { cytokine, chain, group } of edges) {
      const on = cytokine.name === picked || chain.name === picked;
      group.classList.toggle("off", !names.includes(cytokine.name) || (Boolean(picked) && !on));
      group.classList.toggle("on", on);
    }
    for (const button of sides.flatMap(({ buttons }) => buttons)) {
      const name = button.dataset.id;
      button.setAttribute("aria-pressed", String(name === picked));
      button.disabled = cytokines.some((item) => item.name === name) && !names.includes(name);
    }
  };
  return { block, show, stops: () => sides.map(({ buttons }) => open(buttons)) };
}

/** How many cytokines have what is asked for, in a sentence. */
function counted({ cytokines, chains, shown, needs, alpha }) {
  const both = needs.length === 2 ? "both " : "";
  const asked =
    (needs.length ? both + list(needs) : "") +
    (alpha === "any" ? "" : `${needs.length ? ", " : ""}${alpha === "with" ? "an alpha chain" : "no alpha chain"}`);
  if (!asked) return `${cytokines.length} cytokines and ${chains.length} chains.`;
  if (shown.length) {
    const use = shown.length === 1 ? "uses" : "use";
    return `${shown.length} of ${cytokines.length} cytokines ${use} ${asked} in one complex: ${shown.join(", ")}.`;
  }
  const uses = ({ complexes }, chain) => complexes.some(({ copies }) => chain in copies);
  const each = cytokines.filter((item) => needs.length > 1 && needs.every((chain) => uses(item, chain)));
  const apart = each.length
    ? ` ${list(each.map(({ name }) => name))} uses each of them, but in different complexes.`
    : "";
  return `No cytokine in the table uses ${asked} in one complex.${apart}`;
}

const paper = ([name, url]) => (url ? h("a", { href: url }, name) : name);
const cited = (papers) =>
  papers.flatMap((item, at) => [at ? "; " : " (", paper(item)]).concat(papers.length ? ")" : "");

/** A cytokine or a chain with the names of its gene and protein. */
function entry({ name, gene, uniprot, species }) {
  const parts = [gene && gene !== name ? `gene ${gene}` : "", uniprot ? `UniProt ${uniprot}` : "", species];
  return `${name} (${parts.filter(Boolean).join(", ")})`;
}

/** What is known of a cytokine, with its evidence. */
function aboutCytokine(cytokine) {
  const { complexes, findings, note, papers } = cytokine;
  const item = ({ complex, chain, finding, evidence, papers: sources }) => {
    const where = complexes.length > 1 ? `${chain}, ${complex}` : chain;
    const text = `: ${finding.replace(/\.$/, "")} [${evidence}]`;
    return h("li", {}, h("strong", {}, where), text, ...cited(sources));
  };
  return [
    h("p", { class: "lif-note" }, `${entry(cytokine)}. ${note}`, ...cited(papers)),
    h("ul", { class: "lif-evidence" }, ...findings.map(item)),
  ];
}

/**
 * What is picked: a sentence, and what follows it.
 * @returns {[string, Node[]]}
 */
function described(picked, cytokines, chains) {
  const cytokine = cytokines.find(({ name }) => name === picked);
  if (cytokine) {
    const { name, composition, shares } = cytokine;
    return [`${name} consists of ${composition.replace(/\.?$/, ".")} ${shares}`, aboutCytokine(cytokine)];
  }
  const chain = chains.find(({ name }) => name === picked);
  if (!chain) return ["Pick a cytokine to see its chains, or a chain to see who uses it.", []];
  const { name, users, text, papers } = chain;
  return [
    `${name} is used by ${list(users)}: ${users.length} of ${cytokines.length}.`,
    [h("p", { class: "lif-note" }, `${entry(chain)}. ${text}`, ...cited(papers))],
  ];
}

/** A scene that was chosen in a linked viewer picks its cytokine, and the other way round. */
function linkScenes(model, cytokines, signal) {
  const scenes = model.get("scenes");
  const toScene = () => {
    const picked = model.get("picked");
    const ours = cytokines.some(({ name }) => name === picked) && scenes[picked];
    if (ours && model.get("scene") !== ours) set(model, { scene: ours });
  };
  const toCytokine = () => {
    const scene = model.get("scene");
    if (scene && scenes[model.get("picked")] === scene) return; // it may be the scene of several
    const found = cytokines.find(({ name }) => scene && scenes[name] === scene);
    if (found) set(model, { picked: found.name });
  };
  follow(model, ["picked", "needs", "alpha", "view"], toScene, signal);
  follow(model, ["scene"], toCytokine, signal);
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const cytokines = model.get("cytokines"); // [{name, ..., y, cells, complexes, shares, findings}]
  const chains = model.get("chains"); // [{name, gene, uniprot, text, alpha, colour, users, y}]
  adopt(el);
  const views = makeChoice(model, "Show as", "view", { matrix: "Matrix", network: "Network" });
  const needs = makeNeeds(model, chains);
  const ways = { any: "either way", with: "with another chain", without: "without" };
  const alphas = makeChoice(model, "Alpha chain", "alpha", ways);
  const count = h("p", { class: "lif-says", role: "status" });
  const matrix = makeMatrix(model, cytokines, chains);
  const network = makeNetwork(model, cytokines, chains);
  const key = h("p", { class: "lif-note" });
  const says = h("p", { class: "lif-says", role: "status" });
  const more = h("div", {});
  const tools = [views.block, needs.block, alphas.block];
  el.append(h("div", { class: "lif-panel" }, ...tools, count, matrix.block, network.block, key, says, more));

  const update = () => {
    for (const part of [views, needs, alphas]) part.show();
    const asMatrix = model.get("view") === "matrix";
    matrix.block.hidden = !asMatrix;
    network.block.hidden = asMatrix;
    key.textContent = asMatrix ? MATRIX_KEY : NETWORK_KEY;
    const shown = cytokines.filter(asking(model, chains)).map(({ name }) => name);
    if (String(model.get("shown")) !== String(shown)) set(model, { shown });
    const asked = { needs: model.get("needs"), alpha: model.get("alpha") };
    count.textContent = counted({ cytokines, chains, shown, ...asked });
    const picked = model.get("picked");
    matrix.show(shown, picked);
    network.show(shown, picked);
    for (const items of [...matrix.stops(), ...network.stops()]) {
      tabStop(items, items.find((button) => button.dataset.id === picked) ?? items[0]);
    }
    const [sentence, rest] = described(picked, cytokines, chains);
    says.textContent = sentence;
    more.replaceChildren(...rest);
  };
  follow(model, ["picked", "needs", "alpha", "view"], update, signal);
  linkScenes(model, cytokines, signal);
}

export default { render };
