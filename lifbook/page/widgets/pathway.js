// A map of signalling: pick a node to read the evidence, knock nodes out to see what is lost.
import { draw } from "../shared/chart.js";
import { adopt, follow, h, rove, set, tabStop } from "../shared/dom.js";

function render({ model, el, signal }) {
  const nodes = model.get("nodes"); // [{id, label, kind, arm, colour, x, y}] on a 0-100 grid
  const edges = model.get("edges"); // [{source, target, sign, arm, shown, system, citation, url}]
  const byId = new Map(nodes.map((node) => [node.id, node]));
  adopt(el);
  const [unit, width, height] = [7.2, 760, 640];
  const place = ({ x, y }) => [20 + x * unit, 24 + (y / 100) * (height - 56)];

  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, class: "lif-map", "aria-hidden": "true" });
  const marker = (id, path) => {
    const found = draw("marker", { id: `${model.get("name")}-${id}`, viewBox: "0 0 10 10", refX: 9, refY: 5,
      markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
    found.append(draw("path", { d: path, class: "head" }));
    return found;
  };
  const heads = draw("defs", {});
  heads.append(marker("activates", "M0 0 L10 5 L0 10 z"), marker("inhibits", "M8 0 L10 0 L10 10 L8 10 z"));
  svg.append(heads);
  const lines = edges.map((edge) => {
    const [x1, y1] = place(byId.get(edge.source));
    const [x2, y2] = place(byId.get(edge.target));
    const [dx, dy] = [x2 - x1, y2 - y1];
    // From border to border of the boxes, which are about so wide and high.
    const inside = (label) => Math.min((label.length * 5 + 16) / (Math.abs(dx) || 1e-9), 21 / (Math.abs(dy) || 1e-9), 0.45);
    const [from, to] = [inside(byId.get(edge.source).label), inside(byId.get(edge.target).label)];
    const line = draw("line", { x1: x1 + dx * from, y1: y1 + dy * from, x2: x2 - dx * to, y2: y2 - dy * to,
      class: "edge", "marker-end": `url(#${model.get("name")}-${edge.sign})` });
    svg.append(line);
    return { edge, line };
  });

  const board = h("div", { class: "lif-board", role: "group", "aria-label": model.get("label") }, svg);
  const boxes = new Map(nodes.map((node) => {
    const [x, y] = place(node);
    const button = h("button", { type: "button", class: "lif-node", "data-id": node.id, tabindex: -1,
      style: `left:${(100 * x) / width}%;top:${(100 * y) / height}%;--mark:${node.colour}`,
      onclick: () => set(model, { picked: model.get("picked") === node.id ? "" : node.id }) }, node.label);
    board.append(button);
    return [node.id, button];
  }));
  const buttons = [...boxes.values()];
  tabStop(buttons, buttons[0]);
  rove(board, () => buttons);

  const knock = h("button", { type: "button", onclick: () => {
    const id = model.get("picked");
    const out = model.get("knocked_out");
    set(model, { knocked_out: out.includes(id) ? out.filter((item) => item !== id) : [...out, id] });
  } });
  const clear = h("button", { type: "button", onclick: () => set(model, { knocked_out: [], picked: "" }) }, "Start again");
  const heading = h("p", { class: "lif-says", role: "status" });
  const list = h("ul", { class: "lif-evidence" });
  el.append(h("div", { class: "lif-panel" }, board,
    h("div", { class: "lif-viewer__tools" }, knock, clear), heading, list));

  /** What can still be reached from the ligand along activating edges. */
  function reached(out) {
    const found = new Set(nodes.filter((node) => node.kind === "ligand" && !out.includes(node.id)).map((node) => node.id));
    for (let size = -1; size !== found.size;) {
      size = found.size;
      for (const { source, target, sign } of edges) {
        if (sign === "activates" && found.has(source) && !out.includes(target)) found.add(target);
      }
    }
    return found;
  }
  const whole = reached([]);

  follow(model, ["picked", "knocked_out"], () => {
    const out = model.get("knocked_out");
    const picked = model.get("picked");
    const alive = reached(out);
    const lost = nodes.filter((node) => whole.has(node.id) && !alive.has(node.id) && !out.includes(node.id));
    for (const [id, button] of boxes) {
      const state = out.includes(id) ? "out" : whole.has(id) && !alive.has(id) ? "lost" : "on";
      button.dataset.state = state;
      button.setAttribute("aria-pressed", String(id === picked));
      button.setAttribute("aria-label", byId.get(id).label + (state === "out" ? ", knocked out"
        : state === "lost" ? ", no longer reached" : ""));
    }
    // An arrow works if its source is reached, its target is there, and so is the node that it needs.
    const works = ({ source, target, needs }) => alive.has(source) && !out.includes(target)
      && (!needs || (alive.has(needs) && !out.includes(needs)));
    const idle = edges.filter((edge) => edge.sign === "inhibits" && !works(edge) && !out.includes(edge.source)
      && !out.includes(edge.target));
    for (const { edge, line } of lines) {
      line.classList.toggle("off", !works(edge));
      line.classList.toggle("on", picked === edge.source || picked === edge.target);
    }
    knock.disabled = !picked;
    knock.textContent = !picked ? "Knock out: pick a node first"
      : out.includes(picked) ? `Bring ${byId.get(picked).label} back` : `Knock out ${byId.get(picked).label}`;
    heading.textContent = (out.length ? `Knocked out: ${out.map((id) => byId.get(id).label).join(", ")}. ` +
      (lost.length ? `No longer reached: ${lost.map((node) => node.label).join(", ")}.` : "Everything else is still reached.") +
      (idle.length ? ` Brakes that no longer work: ${idle.map((edge) =>
        `${byId.get(edge.source).label} on ${byId.get(edge.target).label}`).join(", ")}.` : "")
      : picked ? `The evidence for ${byId.get(picked).label}:` : "Pick a node to read the evidence for its arrows.");
    list.replaceChildren(...edges.filter((edge) => picked && (edge.source === picked || edge.target === picked))
      .map((edge) => h("li", {}, h("strong", {}, `${byId.get(edge.source).label} ${edge.sign} ${byId.get(edge.target).label}`),
        `: ${edge.shown} (${edge.system}${edge.stimulus ? `; ${edge.stimulus}` : ""}). `, edge.url ? h("a", { href: edge.url }, edge.citation) : edge.citation)));
  }, signal);
}

export default { render };
