// The sequence as letters that can be picked, with marks that can be switched on and off.
import { adopt, follow, h, pick, rove, tabStop } from "#shared/dom.js";

/** The letters as buttons, ten in a block with the number of the first; `say` shows a text about one. */
function makeStrip(model, letters, say) {
  const byId = new Map();
  const buttons = letters.map((letter) => {
    const text = `${letter.name}, ${letter.kinds.join(", ") || "no mark"}`;
    const onclick = () => {
      say(letter.id ? text : `${text}: cut off, so not in the structure`);
      if (letter.id) pick(model, letter.id);
    };
    const look = { class: "lif-seq__letter", "aria-label": text, title: text, tabindex: -1, "data-id": letter.id };
    const button = h("button", { type: "button", ...look, onclick }, letter.letter);
    if (letter.id) byId.set(letter.id, { button, text });
    return button;
  });
  const strip = h("div", { class: "lif-seq__strip", role: "group", "aria-label": model.get("label") });
  for (let start = 0; start < letters.length; start += 10) {
    const look = { class: "lif-seq__number", "aria-hidden": "true" };
    const number = h("span", look, String(letters[start].uniprot));
    strip.append(h("span", { class: "lif-seq__block" }, number, ...buttons.slice(start, start + 10)));
  }
  tabStop(buttons, buttons[0]);
  rove(strip, () => buttons, { columns: 10 });
  return { strip, buttons, byId };
}

/** The legend, whose buttons switch a mark on and off: `paint` is then called with those that are off. */
function makeLegend(kinds, letters, paint) {
  const off = new Set();
  const legend = h("div", { class: "lif-seq__legend", role: "group", "aria-label": "Marks" });
  for (const { kind, colour } of kinds) {
    const count = letters.filter((letter) => letter.kinds.includes(kind)).length;
    const look = { type: "button", "aria-pressed": "true", style: `--mark:${colour}`, "data-kind": kind };
    const swatch = h("span", { class: "lif-seq__swatch", "aria-hidden": "true" });
    const button = h("button", look, swatch, `${kind} (${count})`);
    button.addEventListener("click", () => {
      if (!off.delete(kind)) off.add(kind);
      button.setAttribute("aria-pressed", String(!off.has(kind)));
      paint(off);
    });
    legend.append(button);
  }
  paint(off);
  return legend;
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const letters = model.get("letters");
  const kinds = model.get("kinds"); // [{kind, colour}], in the order of the legend
  const colours = new Map(kinds.map(({ kind, colour }) => [kind, colour]));
  adopt(el);
  const info = h("p", { class: "lif-seq__info", "aria-live": "polite" });
  const say = (text) => {
    info.textContent = text;
  };
  const { strip, buttons, byId } = makeStrip(model, letters, say);
  const paint = (off) => {
    for (const [i, button] of buttons.entries()) {
      const kind = letters[i].kinds.findLast((item) => !off.has(item));
      button.style.setProperty("--mark", kind ? colours.get(kind) : "transparent");
      button.toggleAttribute("data-marked", Boolean(kind));
    }
  };
  el.append(h("div", { class: "lif-seq" }, makeLegend(kinds, letters, paint), strip, info));

  const update = () => {
    const chosen = byId.get(model.get("picked"));
    for (const { button } of byId.values()) {
      button.setAttribute("aria-pressed", String(button === chosen?.button));
    }
    if (chosen) tabStop(buttons, chosen.button);
    say(chosen ? chosen.text : "Pick a letter, or click an atom in the 3D view.");
  };
  follow(model, ["picked"], update, signal);
}

export default { render };
