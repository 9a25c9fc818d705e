// Wakes the quizzes of a page: at once, and without Jupyter's widget manager, so that nothing of the other
// widgets has to arrive for them. Each stands in the page as text, with its state beside it.
import quiz from "../../../lifbook/page/quiz.js";
import "../../../lifbook/page/quiz.css";

for (const state of document.querySelectorAll(".lif-quiz > script[type='application/json']")) {
  const traits = JSON.parse(state.textContent);
  const text = state.parentElement;
  const el = document.createElement("div");
  el.id = text.id;
  quiz.render({ model: { get: (trait) => traits[trait] }, el });
  text.replaceWith(el);
}
