"use strict";
const rows = [...document.querySelectorAll("details[data-kind]")];
const kind = document.getElementById("kind"), outcome = document.getElementById("outcome");
const words = document.getElementById("words"), shown = document.getElementById("shown");
function filter() {
  const wanted = words.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = (!kind.value || row.dataset.kind === kind.value) &&
      (!outcome.value || row.dataset.outcome === outcome.value) &&
      (!wanted || row.textContent.toLowerCase().includes(wanted));
    row.hidden = !fits;
    count += fits;
  }
  shown.textContent = `${count} / ${rows.length} 件`;
}
if (rows.length) {
  for (const control of [kind, outcome, words]) control.addEventListener("input", filter);
  filter();
}
