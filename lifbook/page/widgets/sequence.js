// The sequence as letters that can be picked, with marks that can be switched on and off.
import { adopt, follow, h, rove, set, tabStop } from "../shared/dom.js";

function render({ model, el, signal }) {
  const letters = model.get("letters");
  const kinds = model.get("kinds"); // [{kind, colour}], in the order of the legend
  const colours = new Map(kinds.map(({ kind, colour }) => [kind, colour]));
  adopt(el);
  const info = h("p", { class: "lif-seq__info", "aria-live": "polite" });
  const buttons = [];
  const byId = new Map();

  const strip = h("div", { class: "lif-seq__strip", role: "group", "aria-label": model.get("label") });
  for (let start = 0; start < letters.length; start += 10) {
    const block = h("span", { class: "lif-seq__block" },
      h("span", { class: "lif-seq__number", "aria-hidden": "true" }, String(letters[start].uniprot)));
    for (const letter of letters.slice(start, start + 10)) {
      const marks = letter.kinds.join(", ");
      const text = `${letter.name}, ${marks || "no mark"}`;
      const button = h("button", {
        type: "button", class: "lif-seq__letter", "aria-label": text, title: text, tabindex: -1, "data-id": letter.id,
        onclick: () => {
          info.textContent = letter.id ? text : `${text}: cut off, so not in the structure`;
          if (letter.id) set(model, { picked: model.get("picked") === letter.id ? "" : letter.id });
        },
      }, letter.letter);
      buttons.push(button);
      if (letter.id) byId.set(letter.id, { button, text });
      block.append(button);
    }
    strip.append(block);
  }
  tabStop(buttons, buttons[0]);
  rove(strip, () => buttons, { columns: 10 });

  const legend = h("div", { class: "lif-seq__legend", role: "group", "aria-label": "Marks" });
  const off = new Set();
  for (const { kind, colour } of kinds) {
    const count = letters.filter((letter) => letter.kinds.includes(kind)).length;
    const button = h("button", {
      type: "button", "aria-pressed": "true", style: `--mark:${colour}`, "data-kind": kind,
      onclick: () => {
        off.has(kind) ? off.delete(kind) : off.add(kind);
        button.setAttribute("aria-pressed", String(!off.has(kind)));
        paint();
      },
    }, h("span", { class: "lif-seq__swatch", "aria-hidden": "true" }), `${kind} (${count})`);
    legend.append(button);
  }

  function paint() {
    for (const [i, button] of buttons.entries()) {
      const kind = letters[i].kinds.findLast((item) => !off.has(item));
      button.style.setProperty("--mark", kind ? colours.get(kind) : "transparent");
      button.toggleAttribute("data-marked", Boolean(kind));
    }
  }
  paint();
  el.append(h("div", { class: "lif-seq" }, legend, strip, info));

  follow(model, ["picked"], () => {
    const chosen = byId.get(model.get("picked"));
    for (const { button } of byId.values()) {
      button.setAttribute("aria-pressed", String(button === chosen?.button));
    }
    if (chosen) {
      tabStop(buttons, chosen.button);
      info.textContent = chosen.text;
    } else {
      info.textContent = "Pick a letter, or click an atom in the 3D view.";
    }
  }, signal);
}

export default { render };
