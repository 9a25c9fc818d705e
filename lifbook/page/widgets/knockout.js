// A two by two experiment as a puzzle: predict each combination, see which were done, see which explanations are left.
import { adopt, follow, h, set } from "#shared/dom.js";

const WORD = { true: "implants", false: "does not implant" };

/** One combination, with its number: predict it, and read what was found. */
function makeCell(model, cell, number, title) {
  const at = number - 1;
  const name = `${model.get("name")}-${at}`;
  const guess = (value) => {
    const guesses = [...model.get("guesses")];
    guesses[at] = Number(value);
    set(model, { guesses });
  };
  const inputs = [true, false].map((value) => {
    const input = h("input", { type: "radio", name, value, onchange: () => guess(value) });
    return { value, input, row: h("label", { class: "lif-option" }, input, ` ${WORD[value]}`) };
  });
  const result = h("p", { class: "lif-puzzle__result" });
  const legend = h("legend", {}, `${number}. ${title}`);
  const box = h("fieldset", { class: "lif-puzzle__cell" }, legend, ...inputs.map((item) => item.row), result);
  const show = (guessed, revealed) => {
    for (const { value, input } of inputs) {
      input.checked = guessed === Number(value);
      input.disabled = revealed;
    }
    box.dataset.outcome = revealed ? String(cell.outcome) : "";
    result.replaceChildren(...(revealed ? found(cell) : []));
  };
  return { box, show };
}

/** What was found in a combination, with its source. */
function found({ outcome, finding, source, url }) {
  const verdict = outcome === null ? "Not reported. " : `Found: ${WORD[outcome]}. `;
  return [h("strong", {}, verdict), `${finding} `, ...(url ? [h("a", { href: url }, source)] : [])];
}

/** The explanations: what each one predicts, and what the results say of it. */
function makeIdeas(ideas, cells, number) {
  const predicted = (idea, cell) => idea.predicts[cell.row][cell.column];
  const rows = ideas.map((idea) => ({ idea, mark: h("td", {}), verdict: h("td", {}) }));
  const heads = ["Explanation", "Predicted to implant", "Against what was found"];
  const table = h(
    "table",
    {},
    h("caption", {}, "Explanations, and what each one predicts"),
    h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      ...rows.map(({ idea, mark, verdict }) => h("tr", {}, h("th", { scope: "row" }, idea.text), mark, verdict)),
    ),
  );
  const tested = cells.filter((cell) => cell.outcome !== null);
  const wrong = (idea) => tested.filter((cell) => predicted(idea, cell) !== cell.outcome);
  const show = () => {
    for (const { idea, mark, verdict } of rows) {
      mark.textContent = cells
        .filter((cell) => predicted(idea, cell))
        .map(number)
        .join(", ");
      const against = wrong(idea).map(number);
      verdict.textContent = against.length ? `ruled out by ${against.join(" and ")}` : "still possible";
    }
  };
  const left = ideas.filter((idea) => !wrong(idea).length);
  // The open combination on which the explanations that are left disagree.
  const open = cells.find(
    (cell) => cell.outcome === null && new Set(left.map((idea) => predicted(idea, cell))).size > 1,
  );
  return { block: h("div", { class: "lif-table lif-puzzle__ideas" }, table), show, tested, left, open };
}

/** @param {import("#shared/dom.js").Place} place */
function render({ model, el, signal }) {
  const rows = model.get("rows"); // names of the uteri
  const columns = model.get("columns"); // names of the embryos
  const cells = model.get("cells"); // [{row, column, outcome: true | false | null, finding, source, url}]
  const ideas = model.get("ideas"); // [{text, predicts: [[...], ...]}]
  adopt(el);
  const number = ({ row, column }) => row * columns.length + column + 1;
  const title = ({ row, column }) => `${columns[column]} in ${rows[row]}`;
  const boxes = cells.map((cell) => makeCell(model, cell, number(cell), title(cell)));
  const reveal = () => set(model, { revealed: true });
  const restart = () => set(model, { revealed: false, guesses: cells.map(() => -1) });
  const show = h("button", { type: "button", onclick: reveal }, "Show what was found");
  const again = h("button", { type: "button", onclick: restart }, "Start again");
  const says = h("p", { class: "lif-says", role: "status" });
  const after = makeIdeas(ideas, cells, number);
  const puzzle = h("div", { class: "lif-puzzle" }, ...boxes.map((item) => item.box));
  const tools = h("div", { class: "lif-viewer__tools" }, show, again);
  const look = { class: "lif-panel", role: "group", "aria-label": model.get("label") };
  el.append(h("div", look, puzzle, tools, says, after.block));

  const outcome = (guesses) => {
    const { tested, left, open } = after;
    const right = tested.filter((cell) => guesses[number(cell) - 1] === Number(cell.outcome)).length;
    return (
      `You predicted ${right} of the ${tested.length} results that were reported. ` +
      `${left.length} of ${ideas.length} explanations are left: ${left.map((idea) => idea.text).join("; ")}.` +
      (open ? ` What would decide between them: ${number(open)}. ${title(open)}.` : "")
    );
  };
  const update = () => {
    const guesses = model.get("guesses");
    const revealed = model.get("revealed");
    const missing = guesses.filter((guess) => guess < 0).length;
    show.disabled = revealed || missing > 0;
    again.disabled = guesses.every((guess) => guess < 0) && !revealed;
    after.block.hidden = !revealed;
    after.show();
    for (const [i, box] of boxes.entries()) box.show(guesses[number(cells[i]) - 1], revealed);
    const ask = missing ? `Predict all four combinations: ${missing} to go.` : "Now see what was found.";
    says.textContent = revealed ? outcome(guesses) : ask;
  };
  follow(model, ["guesses", "revealed"], update, signal);
}

export default { render };
