// TITLE: what the reader sees, and what happens when they use it.
import { adopt, follow, h, set } from "DOM";

/** @param {import("DOM").Place} place */
function render({ model, el, signal }) {
  adopt(el);
  const label = model.get("label");
  const steps = model.get("steps");
  const move = () => set(model, { value: Number(slider.value) });
  const range = { type: "range", min: 0, max: steps, step: 1 };
  const slider = h("input", { ...range, "aria-label": label, oninput: move });
  const says = h("p", { class: "lif-says", role: "status" });
  el.append(h("div", { class: "lif-panel", role: "group", "aria-label": label }, slider, says));

  const update = () => {
    slider.value = model.get("value");
    says.textContent = `Step ${model.get("value")} of ${steps}.`;
  };
  follow(model, ["value"], update, signal);
}

export default { render };
