// A two by two experiment as a puzzle: predict each combination, see which were done, see which explanations are left.
import { adopt, follow, h, set } from "../shared/dom.js";

function render({ model, el, signal }) {
  const rows = model.get("rows"); // names of the uteri
  const columns = model.get("columns"); // names of the embryos
  const cells = model.get("cells"); // [{row, column, outcome: true | false | null, finding, source, url}]
  const ideas = model.get("ideas"); // [{text, predicts: [[...], ...]}]
  adopt(el);
  const WORD = { true: "implants", false: "does not implant" };
  const at = ({ row, column }) => row * columns.length + column;

  const boxes = cells.map((cell) => {
    const name = `${model.get("name")}-${at(cell)}`;
    const inputs = [true, false].map((value) => h("input", { type: "radio", name, value,
      onchange: () => {
        const guesses = [...model.get("guesses")];
        guesses[at(cell)] = Number(value);
        set(model, { guesses });
      } }));
    const result = h("p", { class: "lif-puzzle__result" });
    return { cell, inputs, result, box: h("fieldset", { class: "lif-puzzle__cell" },
      h("legend", {}, `${at(cell) + 1}. ${columns[cell.column]} in ${rows[cell.row]}`),
      ...inputs.map((input, i) => h("label", { class: "lif-option" }, input, ` ${WORD[!i]}`)), result) };
  });
  const show = h("button", { type: "button", onclick: () => set(model, { revealed: true }) }, "Show what was found");
  const again = h("button", { type: "button", onclick: () => set(model, { revealed: false, guesses: cells.map(() => -1) }) }, "Start again");
  const says = h("p", { class: "lif-says", role: "status" });
  const marks = ideas.map(() => h("td", {}));
  const verdicts = ideas.map(() => h("td", {}));
  const table = h("table", {}, h("caption", {}, "Explanations, and what each one predicts"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Explanation"), h("th", { scope: "col" }, "Predicted to implant"), h("th", { scope: "col" }, "Against what was found"))),
    h("tbody", {}, ...ideas.map((idea, i) => h("tr", {}, h("th", { scope: "row" }, idea.text), marks[i], verdicts[i]))));
  const after = h("div", { class: "lif-table lif-puzzle__ideas" }, table);
  el.append(h("div", { class: "lif-panel", role: "group", "aria-label": model.get("label") },
    h("div", { class: "lif-puzzle" }, ...boxes.map((item) => item.box)),
    h("div", { class: "lif-viewer__tools" }, show, again), says, after));

  follow(model, ["guesses", "revealed"], () => {
    const guesses = model.get("guesses");
    const revealed = model.get("revealed");
    const missing = guesses.filter((guess) => guess < 0).length;
    show.disabled = revealed || missing > 0;
    again.disabled = guesses.every((guess) => guess < 0) && !revealed;
    after.hidden = !revealed;
    let right = 0;
    for (const { cell, inputs, result, box } of boxes) {
      const guess = guesses[at(cell)];
      inputs.forEach((input, i) => { input.checked = guess === Number(!i); input.disabled = revealed; });
      box.dataset.outcome = revealed ? String(cell.outcome) : "";
      result.replaceChildren();
      if (!revealed) continue;
      right += Number(cell.outcome !== null && guess === Number(cell.outcome));
      result.append(cell.outcome === null ? h("strong", {}, "Not reported. ") : h("strong", {}, `Found: ${WORD[cell.outcome]}. `),
        `${cell.finding} `, ...(cell.url ? [h("a", { href: cell.url }, cell.source)] : []));
    }
    const tested = cells.filter((cell) => cell.outcome !== null);
    const left = ideas.filter((idea) => tested.every((cell) => idea.predicts[cell.row][cell.column] === cell.outcome));
    ideas.forEach((idea, i) => {
      marks[i].textContent = cells.filter((cell) => idea.predicts[cell.row][cell.column])
        .map((cell) => at(cell) + 1).join(", ");
      const wrong = tested.filter((cell) => idea.predicts[cell.row][cell.column] !== cell.outcome);
      verdicts[i].textContent = wrong.length
        ? `ruled out by ${wrong.map((cell) => at(cell) + 1).join(" and ")}` : "still possible";
    });
    // The open combination on which the explanations that are left disagree.
    const open = cells.filter((cell) => cell.outcome === null
      && new Set(left.map((idea) => idea.predicts[cell.row][cell.column])).size > 1);
    says.textContent = !revealed
      ? (missing ? `Predict all four combinations: ${missing} to go.` : "Now see what was found.")
      : `You predicted ${right} of the ${tested.length} results that were reported. ${left.length} of ${ideas.length} explanations are left: ` +
        `${left.map((idea) => idea.text).join("; ")}.` +
        (open.length ? ` What would decide between them: ${at(open[0]) + 1}. ${columns[open[0].column]} in ${rows[open[0].row]}.` : "");
  }, signal);
}

export default { render };
