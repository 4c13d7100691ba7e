// Sort a long table by a column. Without JavaScript the table stands in its own order, complete.
"use strict";
(function () {
  const SHORT = 8;
  const dutch = document.documentElement.lang.startsWith("nl");
  const label = dutch ? "sorteer op " : "sort by ";

  function value(cell) {
    const text = cell ? cell.textContent.trim() : "";
    const first = text.replace(/−/g, "-").replace(/^<\s*/, "").match(/^[€]?\s*-?[\d.,]+/);
    if (!first) return [1, text.toLowerCase()];
    const number = dutch ? first[0].replace(/\./g, "").replace(",", ".") : first[0].replace(/,/g, "");
    return [0, parseFloat(number.replace(/[^\d.-]/g, ""))];
  }

  for (const table of document.querySelectorAll(".scroll > table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < SHORT || !table.tHead || table.closest(".words")) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      button.title = label + button.textContent;
      head.append(button);
      button.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [value(row.cells[column]), row]);
        rows.sort(function (a, b) {
          const order = a[0][0] - b[0][0] || (a[0][1] < b[0][1] ? -1 : a[0][1] > b[0][1] ? 1 : 0);
          return down ? -order : order;
        });
        body.append(...rows.map((r) => r[1]));
      });
    });
  }
})();
