// The reader puts studies in order, strongest first; only then the book's order is shown, with reasons.
import { adopt, follow, h, set } from "#shared/dom.js";

/** A study in the list: it can be moved by buttons, by the number of its place, and by arrow keys. */
function makeItem(model, study, count, move) {
  const { id, title, text } = study;
  const at = () => model.get("order").indexOf(id);
  const keep = (control, to) => {
    move(id, to);
    control.focus();
  };
  const button = (name, sign, step) => {
    const made = h("button", { type: "button", "aria-label": `${title}: ${name}` }, sign);
    made.addEventListener("click", () => keep(made, at() + step));
    return made;
  };
  const [up, down] = [button("up", "▲", -1), button("down", "▼", 1)];
  const numbers = Array.from({ length: count }, (_, i) => h("option", { value: i }, String(i + 1)));
  const choose = () => keep(place, Number(place.value));
  const place = h("select", { "aria-label": `${title}: place`, onchange: choose }, ...numbers);
  const reason = h("p", { class: "lif-rank__reason" });
  const tools = h("div", { class: "lif-rank__tools" }, place, up, down);
  const item = h("li", { "data-id": id }, tools, h("div", {}, h("strong", {}, title), `: ${text}`, reason));
  item.addEventListener("keydown", (event) => {
    if (!["ArrowUp", "ArrowDown"].includes(event.key) || event.target === place) return;
    event.preventDefault();
    keep(event.target, at() + (event.key === "ArrowUp" ? -1 : 1));
  });
  const show = (position, revealed) => {
    up.disabled = position === 0;
    down.disabled = position === count - 1;
    place.value = position;
    reason.hidden = !revealed;
    reason.replaceChildren(...(revealed ? ours(study) : []));
  };
  return { item, show };
}

/** Where the book puts a study, and why. */
function ours({ place, points, reason, url }) {
  const source = url ? [h("a", { href: url }, "Source")] : [];
  return [h("strong", {}, `Ours: ${place}, ${points}. `), `${reason} `, ...source];
}

/** Of all pairs that the book puts in an order, how many stand in the same one. */
function agreement(ranks) {
  let [pairs, same] = [0, 0];
  for (const [at, one] of ranks.entries()) {
    for (const other of ranks.slice(at + 1)) {
      pairs += Number(other !== one);
      same += Number(other > one);
    }
  }
  return { pairs, same };
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  // {id, title, text, place, points, reason, url}
  const studies = new Map(model.get("studies").map((study) => [study.id, study]));
  adopt(el);
  const says = h("p", { class: "lif-says", role: "status" });
  const list = h("ol", { class: "lif-rank" });
  const reveal = () => set(model, { revealed: !model.get("revealed") });
  const button = h("button", { type: "button", onclick: reveal });
  const look = { class: "lif-panel", role: "group", "aria-label": model.get("label") };
  el.append(h("div", look, list, button, says));

  let last = "";
  const move = (id, to) => {
    const order = model.get("order").filter((other) => other !== id);
    const place = Math.max(0, Math.min(order.length, to));
    order.splice(place, 0, id);
    last = `${studies.get(id).title} is now in place ${place + 1} of ${order.length}.`;
    set(model, { order });
  };
  const items = new Map();
  for (const [id, study] of studies) items.set(id, makeItem(model, study, studies.size, move));

  const update = () => {
    const order = model.get("order");
    const revealed = model.get("revealed");
    const current = /** @type {HTMLElement[]} */ ([...list.children]).map((item) => item.dataset.id);
    if (current.join() !== order.join()) list.replaceChildren(...order.map((id) => items.get(id).item));
    for (const [at, id] of order.entries()) items.get(id).show(at, revealed);
    button.textContent = revealed ? "Hide our order" : "This is my order: show yours";
    const { pairs, same } = agreement(order.map((id) => studies.get(id).rank));
    const agreed = `You and we agree on ${same} of the ${pairs} pairs that we put in an order. ${model.get("after")}`;
    const ask = last || "Strongest first. Move a study with its arrows or its number.";
    says.textContent = revealed ? agreed : ask;
  };
  follow(model, ["order", "revealed"], update, signal);
}

export default { render };
