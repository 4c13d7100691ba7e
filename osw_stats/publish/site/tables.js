// Sort a long table by a column, and choose rows of the ledger; a table that does not scroll is no stop of the keyboard.
// Without JavaScript every row stands in its own order.
"use strict";
(function () {
  const SHORT = 12;
  const dutch = document.documentElement.lang.startsWith("nl");
  const say = (nl, en) => (dutch ? nl : en);

  function value(cell) {
    const text = cell ? cell.textContent.trim() : "";
    const first = text.replace(/−/g, "-").replace(/^<\s*/, "").match(/^[€]?\s*-?[\d.,]+/);
    if (!first) return [1, text.toLowerCase()];
    const number = dutch ? first[0].replace(/\./g, "").replace(",", ".") : first[0].replace(/,/g, "");
    return [0, parseFloat(number.replace(/[^\d.-]/g, ""))];
  }

  // a labelled list of choices: one stop of the keyboard, whatever the number of columns
  function chooser(words, options, before, changed) {
    const label = document.createElement("label");
    label.className = "choose";
    const select = document.createElement("select");
    for (const [key, text] of [["", "–"], ...options]) select.add(new Option(text, key));
    select.addEventListener("change", () => changed(select.value));
    label.append(words + " ", select);
    before.before(label);
  }

  function stops() {
    for (const box of document.querySelectorAll(".scroll")) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  }
  stops();
  window.addEventListener("resize", stops);

  for (const table of document.querySelectorAll(".scroll > table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < SHORT || !table.tHead || table.closest(".words")) continue;
    const heads = [...table.tHead.rows[0].cells];
    const order = [...body.rows];
    const options = heads.flatMap((head, at) => [1, -1].map((way) => [at + " " + way, head.textContent + (way > 0 ? " ↑" : " ↓")]));
    chooser(say("Sorteer op", "Sort by"), options, table.parentNode, function (chosen) {
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      const [column, way] = chosen.split(" ").map(Number);
      if (!chosen) { body.append(...order); return; }
      heads[column].setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const rows = order.map((row) => [value(row.cells[column]), row]);
      rows.sort((a, b) => way * (a[0][0] - b[0][0] || (a[0][1] < b[0][1] ? -1 : a[0][1] > b[0][1] ? 1 : 0)));
      body.append(...rows.map((row) => row[1]));
    });
  }

  // the whole ledger: a table a chapter, the verdict at the head of the last cell of a row
  const ledger = [...document.querySelectorAll(".page-claims-annex h3")].flatMap(function (head) {
    for (let next = head.nextElementSibling; next && !/^H[1-3]$/.test(next.tagName); next = next.nextElementSibling) {
      const table = next.querySelector("table");
      if (table) return [[head, table]];
    }
    return [];
  });
  if (!ledger.length) return;
  const verdict = (row) => row.cells[row.cells.length - 1].textContent.split(/[.:(]/)[0].trim();
  const chosen = { chapter: "", verdict: "" };
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  function show() {
    let rows = 0;
    for (const [head, table] of ledger) {
      const all = [...table.tBodies[0].rows];
      for (const row of all) {
        row.hidden = Boolean((chosen.chapter && chosen.chapter !== head.textContent) || (chosen.verdict && chosen.verdict !== verdict(row)));
        rows += row.hidden ? 0 : 1;
      }
      table.parentNode.hidden = head.hidden = all.every((row) => row.hidden);
    }
    count.textContent = say(rows + " rijen", rows + " rows");
  }
  const verdicts = [...new Set(ledger.flatMap(([, table]) => [...table.tBodies[0].rows].map(verdict)))];
  const first = ledger[0][0];
  chooser(say("Hoofdstuk", "Chapter"), ledger.map(([head]) => [head.textContent, head.textContent]), first, (key) => { chosen.chapter = key; show(); });
  chooser(say("Oordeel", "Verdict"), verdicts.map((text) => [text, text]), first, (key) => { chosen.verdict = key; show(); });
  first.before(count);
})();
