// Questions with answers to choose or to type; each answer is judged, and the reason is said.
import { h } from "./shared/dom.js";
import { answerToNumber, answerToText, markedAfter, tidied } from "./shared/judging.js";

/**
 * @typedef {import("./shared/judging.js").Answer} Answer
 * @typedef {{id: string, type: string, question: string, unit?: string, answers: Answer[]}} Question
 * @typedef {{id: string, names: string}} Words its id, and the ids of what names it
 */

/** Otherwise JupyterLab takes keys for its own commands: "d d" would delete the cell. */
const OURS = { "data-lm-suppress-shortcuts": "true" };
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Where a question says what it thinks of an answer: a live region, which screen readers read out. */
function speaker() {
  const said = h("div", { class: "lif-quiz__said" });
  const live = h(
    "div",
    { class: "lif-quiz__live", role: "status", "aria-live": "polite", "aria-atomic": "true" },
    said,
  );
  /**
   * @param {Answer} answer
   * @param {string} [found]
   */
  const judge = ({ correct, feedback }, found = "") => {
    said.dataset.verdict = correct ? "right" : "wrong";
    said.replaceChildren(
      h("strong", {}, correct ? "Right. " : "Not quite. "),
      feedback,
      ...(found ? [" ", h("span", { class: "lif-quiz__found" }, found)] : []),
    );
  };
  /** @param {string} text */
  const ask = (text) => {
    delete said.dataset.verdict;
    said.textContent = text;
  };
  return { live, judge, ask };
}

/**
 * Look before you choose: an arrow key goes to the next answer, and Enter chooses. By itself an arrow key would
 * choose in a radio group.
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement[]} inputs
 * @param {number} at
 */
function walk(event, inputs, at) {
  const step = STEPS[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (step) inputs[(at + step + inputs.length) % inputs.length].focus();
  else inputs[at].click();
}

/**
 * Answers to choose from.
 * @param {Question} question
 * @param {Words} words
 * @param {ReturnType<typeof speaker>} says
 */
function choices({ answers, type }, { id, names }, { judge }) {
  const many = type === "many_choice";
  const rights = answers.filter(({ correct }) => correct).length;
  let marked = new Set();

  function choose(number) {
    marked = markedAfter(answers, marked, number);
    rows.forEach(({ input, row }, at) => {
      input.checked = marked.has(at);
      if (marked.has(at)) row.dataset.verdict = answers[at].correct ? "right" : "wrong";
      else delete row.dataset.verdict;
    });
    const found = [...marked].filter((at) => answers[at].correct).length;
    judge(answers[number], many ? `${found} of ${rights} found.` : "");
  }

  const rows = answers.map(({ answer }, number) => {
    const input = h("input", {
      type: many ? "checkbox" : "radio",
      name: `${id}-choice`,
      ...OURS,
      onclick: () => choose(number),
      onkeydown: (event) =>
        walk(
          event,
          rows.map((row) => row.input),
          number,
        ),
    });
    return { input, row: h("label", { class: "lif-quiz__choice" }, input, h("span", {}, answer)) };
  });
  const hint = h(
    "p",
    { class: "lif-quiz__hint", id: `${id}-hint` },
    many ? "Choose all that are right." : "Choose one.",
    h("span", { class: "lif-quiz__hidden" }, " Arrow keys move from answer to answer, the space bar chooses."),
  );
  return [
    hint,
    h(
      "div",
      {
        class: "lif-quiz__answers",
        role: many ? "group" : "radiogroup",
        "aria-labelledby": names,
        "aria-describedby": hint.id,
      },
      ...rows.map(({ row }) => row),
    ),
  ];
}

/**
 * A field for an answer to type, and a button to check it.
 * @param {Question} question
 * @param {Words} words
 * @param {ReturnType<typeof speaker>} says
 */
function field({ answers, type, unit }, { id, names }, { judge, ask }) {
  const numeric = type === "numeric";

  function submit() {
    const text = tidied(input.value, numeric);
    if (!text) {
      ask(numeric ? "Type a number, such as 12.5, and check it." : "Type your answer and check it.");
      return;
    }
    input.value = text;
    const answer = numeric ? answerToNumber(answers, Number(text)) : answerToText(answers, text);
    judge(answer);
    input.setAttribute("aria-invalid", String(!answer.correct));
  }

  const input = h("input", {
    type: "text",
    id: `${id}-field`,
    class: "lif-quiz__field",
    autocomplete: "off",
    inputmode: numeric ? "decimal" : "text",
    "aria-describedby": names,
    ...OURS,
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      submit();
    },
  });
  return [
    h(
      "div",
      { class: "lif-quiz__answers lif-quiz__answers--typed" },
      h("label", { for: input.id }, unit ? `Your answer, in ${unit}` : "Your answer"),
      input,
      h(
        "button",
        {
          type: "button",
          class: "lif-quiz__check",
          ...OURS,
          onclick: ({ currentTarget }) => {
            submit();
            currentTarget.focus(); // Safari does not focus a button that is clicked
          },
        },
        "Check",
      ),
    ),
  ];
}

/**
 * One question with its answers. Its ids are its own in the page, whatever else shows the same question.
 * @param {Question} question
 * @param {number} place
 * @param {number} count
 */
function card(question, place, count) {
  globalThis.lifbookQuestions = (globalThis.lifbookQuestions ?? 0) + 1; // one count for all modules of the page
  const id = `lif-question-${globalThis.lifbookQuestions}`;
  const words = { id, names: `${id}-count ${id}-text` };
  const says = speaker();
  const answers = question.type.endsWith("_choice") ? choices : field;
  return h(
    "div",
    { class: "lif-quiz__card", "data-question": question.id },
    h("p", { class: "lif-quiz__count", id: `${id}-count` }, `Question ${place + 1} of ${count}`),
    h("div", { class: "lif-quiz__question", id: `${id}-text` }, question.question),
    ...answers(question, words, says),
    says.live,
  );
}

/** @param {{ model: Pick<import("./shared/dom.js").Model, "get">, el: HTMLElement }} place */
function render({ model, el }) {
  const questions = model.get("questions");
  el.append(
    h(
      "div",
      { class: "lif-quiz", role: "group", "aria-label": model.get("label") },
      ...questions.map((question, place) => card(question, place, questions.length)),
    ),
  );
}

export default { render };
