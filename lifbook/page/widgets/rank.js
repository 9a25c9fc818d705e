// The reader puts studies in order, strongest first; only then the book's order is shown, with reasons.
import { adopt, follow, h, set } from "../shared/dom.js";

function render({ model, el, signal }) {
  const studies = new Map(model.get("studies").map((study) => [study.id, study])); // {id, title, text, place, points, reason, url}
  adopt(el);
  const says = h("p", { class: "lif-says", role: "status" });
  const list = h("ol", { class: "lif-rank" });
  const button = h("button", { type: "button", onclick: () => set(model, { revealed: !model.get("revealed") }) });
  el.append(h("div", { class: "lif-panel", role: "group", "aria-label": model.get("label") }, list, button, says));

  let last = "";
  function move(id, to) {
    const order = model.get("order").filter((other) => other !== id);
    const place = Math.max(0, Math.min(order.length, to));
    order.splice(place, 0, id);
    last = `${studies.get(id).title} is now in place ${place + 1} of ${order.length}.`;
    set(model, { order });
  }
  const items = new Map([...studies.values()].map((study) => {
    const at = () => model.get("order").indexOf(study.id);
    const keep = (control, to) => { move(study.id, to); control.focus(); };
    const up = h("button", { type: "button", "aria-label": `${study.title}: up`, onclick: () => keep(up, at() - 1) }, "▲");
    const down = h("button", { type: "button", "aria-label": `${study.title}: down`, onclick: () => keep(down, at() + 1) }, "▼");
    const place = h("select", { "aria-label": `${study.title}: place`, onchange: () => keep(place, Number(place.value)) },
      ...[...studies].map((_, i) => h("option", { value: i }, String(i + 1))));
    const reason = h("p", { class: "lif-rank__reason" });
    const item = h("li", { "data-id": study.id }, h("div", { class: "lif-rank__tools" }, place, up, down),
      h("div", {}, h("strong", {}, study.title), `: ${study.text}`, reason));
    item.addEventListener("keydown", (event) => {
      if (!["ArrowUp", "ArrowDown"].includes(event.key) || event.target === place) return;
      event.preventDefault();
      keep(event.target, at() + (event.key === "ArrowUp" ? -1 : 1));
    });
    return [study.id, { study, item, up, down, place, reason }];
  }));

  follow(model, ["order", "revealed"], () => {
    const order = model.get("order");
    const revealed = model.get("revealed");
    const current = [...list.children].map((item) => item.dataset.id);
    if (current.join() !== order.join()) list.replaceChildren(...order.map((id) => items.get(id).item));
    order.forEach((id, at) => {
      const { study, up, down, place, reason } = items.get(id);
      up.disabled = at === 0;
      down.disabled = at === order.length - 1;
      place.value = at;
      reason.hidden = !revealed;
      reason.replaceChildren(...(revealed ? [h("strong", {}, `Ours: ${study.place}, ${study.points}. `), `${study.reason} `,
        ...(study.url ? [h("a", { href: study.url }, "Source")] : [])] : []));
    });
    button.textContent = revealed ? "Hide our order" : "This is my order: show yours";
    // Of all pairs that we put in an order, how many stand in the same one?
    let [pairs, same] = [0, 0];
    order.forEach((one, at) => order.slice(at + 1).forEach((other) => {
      const difference = studies.get(other).rank - studies.get(one).rank;
      pairs += Number(difference !== 0);
      same += Number(difference > 0);
    }));
    says.textContent = revealed ? `You and we agree on ${same} of the ${pairs} pairs that we put in an order. ${model.get("after")}`
      : last || "Strongest first. Move a study with its arrows or its number.";
  }, signal);
}

export default { render };
