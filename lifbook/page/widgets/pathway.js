// A map of signalling: pick a node to read the evidence, knock nodes out to see what is lost.
import { draw } from "#shared/chart.js";
import { adopt, follow, h, pick, rove, set, tabStop } from "#shared/dom.js";

const [UNIT, WIDTH, HEIGHT] = [7.2, 760, 640];
const place = ({ x, y }) => [20 + x * UNIT, 24 + (y / 100) * (HEIGHT - 56)];

/** The ends of arrows, by the name of the map, so that two maps of a page do not share them. */
function makeHeads(name) {
  const marker = (id, d) => {
    const size = { markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" };
    const found = draw("marker", { id: `${name}-${id}`, viewBox: "0 0 10 10", refX: 9, refY: 5, ...size });
    found.append(draw("path", { d, class: "head" }));
    return found;
  };
  const heads = draw("defs", {});
  heads.append(marker("activates", "M0 0 L10 5 L0 10 z"), marker("inhibits", "M8 0 L10 0 L10 10 L8 10 z"));
  return heads;
}

/** An arrow from border to border of the boxes, whose size is about that of their label. */
function makeArrow(source, target, head) {
  const [x1, y1] = place(source);
  const [x2, y2] = place(target);
  const [dx, dy] = [x2 - x1, y2 - y1];
  const inside = ({ label }) =>
    Math.min((label.length * 5 + 16) / (Math.abs(dx) || 1e-9), 21 / (Math.abs(dy) || 1e-9), 0.45);
  const [from, to] = [inside(source), inside(target)];
  const ends = { x1: x1 + dx * from, y1: y1 + dy * from, x2: x2 - dx * to, y2: y2 - dy * to };
  return draw("line", { ...ends, class: "edge", "marker-end": `url(#${head})` });
}

/** The map: arrows drawn, nodes as buttons. */
function makeBoard(model, nodes, edges, byId) {
  const name = model.get("name");
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "lif-map", "aria-hidden": "true" });
  svg.append(makeHeads(name));
  const lines = edges.map((edge) => {
    const line = makeArrow(byId.get(edge.source), byId.get(edge.target), `${name}-${edge.sign}`);
    svg.append(line);
    return { edge, line };
  });
  const board = h("div", { class: "lif-board", role: "group", "aria-label": model.get("label") }, svg);
  const boxes = new Map();
  for (const node of nodes) {
    const [x, y] = place(node);
    const style = `left:${(100 * x) / WIDTH}%;top:${(100 * y) / HEIGHT}%;--mark:${node.colour}`;
    const look = { type: "button", class: "lif-node", "data-id": node.id, tabindex: -1, style };
    const button = h("button", { ...look, onclick: () => pick(model, node.id) }, node.label);
    board.append(button);
    boxes.set(node.id, button);
  }
  const buttons = [...boxes.values()];
  tabStop(buttons, buttons[0]);
  rove(board, () => buttons);
  return { board, lines, boxes };
}

/** What can still be reached from the ligand along activating edges, when the nodes in `out` are gone. */
function reached(nodes, edges, out) {
  const start = nodes.filter((node) => node.kind === "ligand" && !out.includes(node.id));
  const found = new Set(start.map((node) => node.id));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { source, target, sign } of edges) {
      if (sign === "activates" && found.has(source) && !out.includes(target)) found.add(target);
    }
  }
  return found;
}

/** What the knock-outs do: nodes that are lost, arrows that work, brakes that no longer do. */
function consequences(nodes, edges, out) {
  const alive = reached(nodes, edges, out);
  const whole = reached(nodes, edges, []);
  const gone = ({ id }) => whole.has(id) && !alive.has(id) && !out.includes(id);
  // An arrow works if its source is reached, its target is there, and so is the node that it needs.
  const works = ({ source, target, needs }) =>
    alive.has(source) && !out.includes(target) && (!needs || (alive.has(needs) && !out.includes(needs)));
  const there = ({ source, target }) => !out.includes(source) && !out.includes(target);
  const idle = edges.filter((edge) => edge.sign === "inhibits" && !works(edge) && there(edge));
  return { lost: nodes.filter(gone), works, idle };
}

/** The first line: what is knocked out and what that does, or what can be picked. */
function heading({ out, lost, idle, picked, label }) {
  if (!out.length) {
    return picked ? `The evidence for ${label(picked)}:` : "Pick a node to read the evidence for its arrows.";
  }
  const missed = lost.length
    ? `No longer reached: ${lost.map((node) => node.label).join(", ")}.`
    : "Everything else is still reached.";
  const brakes = idle.map(({ source, target }) => `${label(source)} on ${label(target)}`);
  const loose = brakes.length ? ` Brakes that no longer work: ${brakes.join(", ")}.` : "";
  return `Knocked out: ${out.map(label).join(", ")}. ${missed}${loose}`;
}

/** The evidence for an arrow. */
function evidence({ source, target, sign, shown, system, stimulus, citation, url }, label) {
  const name = h("strong", {}, `${label(source)} ${sign} ${label(target)}`);
  const text = `: ${shown} (${system}${stimulus ? `; ${stimulus}` : ""}). `;
  return h("li", {}, name, text, url ? h("a", { href: url }, citation) : citation);
}

const SPOKEN = { out: ", knocked out", lost: ", no longer reached", on: "" };

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const nodes = model.get("nodes"); // [{id, label, kind, arm, colour, x, y}] on a 0-100 grid
  const edges = model.get("edges"); // [{source, target, sign, arm, shown, system, citation, url}]
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const label = (id) => byId.get(id).label;
  adopt(el);
  const { board, lines, boxes } = makeBoard(model, nodes, edges, byId);
  const switchNode = () => {
    const id = model.get("picked");
    const out = model.get("knocked_out");
    set(model, { knocked_out: out.includes(id) ? out.filter((item) => item !== id) : [...out, id] });
  };
  const restart = () => set(model, { knocked_out: [], picked: "" });
  const knock = h("button", { type: "button", onclick: switchNode });
  const clear = h("button", { type: "button", onclick: restart }, "Start again");
  const says = h("p", { class: "lif-says", role: "status" });
  const list = h("ul", { class: "lif-evidence" });
  const tools = h("div", { class: "lif-viewer__tools" }, knock, clear);
  el.append(h("div", { class: "lif-panel" }, board, tools, says, list));

  const update = () => {
    const out = model.get("knocked_out");
    const picked = model.get("picked");
    const { lost, works, idle } = consequences(nodes, edges, out);
    for (const [id, button] of boxes) {
      const state = out.includes(id) ? "out" : lost.includes(byId.get(id)) ? "lost" : "on";
      button.dataset.state = state;
      button.setAttribute("aria-pressed", String(id === picked));
      button.setAttribute("aria-label", label(id) + SPOKEN[state]);
    }
    const touches = ({ source, target }) => picked === source || picked === target;
    for (const { edge, line } of lines) {
      line.classList.toggle("off", !works(edge));
      line.classList.toggle("on", touches(edge));
    }
    knock.disabled = !picked;
    const action = picked && (out.includes(picked) ? `Bring ${label(picked)} back` : `Knock out ${label(picked)}`);
    knock.textContent = action || "Knock out: pick a node first";
    says.textContent = heading({ out, lost, idle, picked, label });
    const shown = edges.filter((edge) => picked && touches(edge));
    list.replaceChildren(...shown.map((edge) => evidence(edge, label)));
  };
  follow(model, ["picked", "knocked_out"], update, signal);
}

export default { render };
