// A prediction that opens what is linked to it: nothing is marked, but it has to be made first.
import { adopt, follow, h, set } from "../shared/dom.js";

function render({ model, el, signal }) {
  adopt(el);
  const name = `${model.get("name")}-choice`;
  const inputs = model.get("options").map((text, at) => {
    const input = h("input", { type: "radio", name, value: at,
      onchange: () => set(model, { chosen: at }) });
    return { input, row: h("label", { class: "lif-option" }, input, ` ${text}`) };
  });
  const done = h("button", { type: "button", onclick: () => set(model, { locked: "" }) }, "This is my prediction");
  const says = h("p", { class: "lif-says", role: "status" });
  el.append(h("fieldset", { class: "lif-panel" }, h("legend", {}, model.get("question")),
    ...inputs.map((item) => item.row), done, says));
  follow(model, ["chosen", "locked"], () => {
    const chosen = model.get("chosen");
    const open = !model.get("locked");
    inputs.forEach(({ input }, at) => { input.checked = at === chosen; input.disabled = open; });
    done.disabled = chosen < 0 || open;
    says.textContent = open ? `You predicted: ${model.get("options")[chosen] ?? "nothing"}. ${model.get("after")}` : "";
  }, signal);
}

export default { render };
