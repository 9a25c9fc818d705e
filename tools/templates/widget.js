// TITLE: what the reader sees, and what happens when they use it.
import { adopt, follow, h, set } from "../shared/dom.js";

function render({ model, el, signal }) {
  adopt(el);
  const label = model.get("label");
  const slider = h("input", { type: "range", min: 0, max: model.get("steps"), step: 1, "aria-label": label,
    oninput: () => set(model, { value: Number(slider.value) }) });
  const says = h("p", { class: "lif-says", role: "status" });
  el.append(h("div", { class: "lif-panel", role: "group", "aria-label": label }, slider, says));
  follow(model, ["value"], () => {
    slider.value = model.get("value");
    says.textContent = `Step ${model.get("value")} of ${model.get("steps")}.`;
  }, signal);
}

export default { render };
