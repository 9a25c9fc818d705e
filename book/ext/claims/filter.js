(() => {
  const group = document.querySelector(".claims-filter");
  const buttons = [...group.querySelectorAll("button")];
  const status = group.querySelector("[role=status]");
  const rows = [...document.querySelectorAll(".claims-table tbody tr")];
  const show = (verdict) => {
    for (const b of buttons) b.setAttribute("aria-pressed", b.dataset.verdict === verdict);
    for (const r of rows) r.hidden = verdict !== "" && r.dataset.verdict !== verdict;
    for (const table of document.querySelectorAll(".claims-table")) {
      table.hidden = !table.querySelector("tbody tr:not([hidden])");
      table.parentNode.querySelector(".claims-none").hidden = !table.hidden;
    }
    const shown = rows.filter((r) => !r.hidden).length;
    status.textContent = `${shown} of ${rows.length} claims shown`;
  };
  for (const b of buttons) b.addEventListener("click", () => show(b.dataset.verdict));
  // A link to a claim that the filter hides shows everything again.
  addEventListener("hashchange", () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { show(""); row.scrollIntoView(); }
  });
  group.hidden = false;
})();
