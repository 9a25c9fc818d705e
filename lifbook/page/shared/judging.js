// How a quiz judges what is chosen or typed; nothing here touches the page.

/**
 * @typedef {{answer?: string, correct?: boolean, feedback: string, type?: string, value?: number,
 *   range?: [number, number]}} Answer
 */

/** The answer that counts for a number, the first that fits; a range leaves out its upper end.
 *  @param {Answer[]} answers @param {number} number @returns {Answer} */
export function answerToNumber(answers, number) {
  /** @param {Answer} answer */
  const fits = ({ value, range }) => value === number || (range && number >= range[0] && number < range[1]);
  return answers.find(fits) ?? unforeseen(answers);
}

/** The answer that counts for a word, whatever its capitals.
 *  @param {Answer[]} answers @param {string} text @returns {Answer} */
export function answerToText(answers, text) {
  const word = text.toLowerCase();
  return answers.find(({ type, answer }) => type !== "default" && answer.toLowerCase() === word) ?? unforeseen(answers);
}

/** @param {Answer[]} answers */
const unforeseen = (answers) => answers.find(({ type }) => type === "default");

/** What was typed, as it can be judged: with the hyphen as minus, and where a number is wanted with a point
 *  before the decimals and nothing between thousands. Empty if it cannot be judged.
 *  @param {string} typed @param {boolean} numeric @returns {string} */
export function tidied(typed, numeric) {
  const text = typed.trim().replace("\u2212", "-");
  if (!numeric) return text;
  const thousands = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text);
  const number = thousands ? text.replaceAll(",", "") : text.replace(",", ".");
  return Number.isFinite(Number(number)) ? number : "";
}

/** Which choices are marked when one more has been chosen. Where one is right, only the last; where several
 *  are, those of one kind: right ones add up until a wrong one is chosen, and the other way round.
 *  @param {Answer[]} answers @param {Set<number>} marked @param {number} chosen @returns {Set<number>} */
export function markedAfter(answers, marked, chosen) {
  const many = answers.filter(({ correct }) => correct).length > 1;
  const alike = many && [...marked].every((number) => answers[number].correct === answers[chosen].correct);
  return new Set(alike ? [...marked, chosen] : [chosen]);
}
