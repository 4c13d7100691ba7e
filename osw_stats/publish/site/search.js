// Search in this site. The index is a script (search-index.js), so it works from disk; nothing is fetched.
"use strict";
(function () {
  const form = document.getElementById("search-form");
  const list = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  if (!form || !window.oswSearch) return;
  const box = form.elements.q;
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const rows = window.oswSearch.map((r) => ({ href: r[0], page: r[1], head: r[2], text: r[3], low: plain(r[1] + " " + r[2] + " " + r[3]), top: plain(r[1] + " " + r[2]) }));

  const pages = [...new Set(rows.map((r) => r.page))].map((name) => {
    const own = rows.filter((r) => r.page === name);
    return { row: own[0], low: own.map((r) => r.low).join(" ") };
  });

  function snippet(row, words) {
    const low = plain(row.text);
    const at = words.map((w) => low.indexOf(w)).filter((n) => n >= 0).sort((a, b) => a - b)[0] || 0;
    const from = Math.max(0, at - 70);
    return (from ? "… " : "") + row.text.slice(from, at + 150) + (row.text.length > at + 150 ? " …" : "");
  }

  function show() {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    list.textContent = "";
    if (!words.length) { status.textContent = ""; return; }
    const found = [];
    const hits = rows.filter((row) => words.every((w) => row.low.includes(w)));
    const known = new Set(hits.map((row) => row.page));
    // words that stand in different sections of a page lead to its top
    const tops = pages.filter((p) => !known.has(p.row.page) && words.every((w) => p.low.includes(w))).map((p) => p.row);
    for (const row of hits.concat(tops)) {
      // the page before what stands behind it: its annex, its figures, and last the rows of sources
      const behind = /^sources/.test(row.href) ? 60 : /^(trace|figure|changes|quality|methods|data)/.test(row.href) ? 40 : /-annex/.test(row.href) ? 20 : 0;
      found.push([words.filter((w) => row.top.includes(w)).length * 10 - behind, row]);
    }
    found.sort((a, b) => b[0] - a[0]);
    status.textContent = status.dataset.found.replace("{n}", String(found.length))
      .replace(/\[n:([^|\]]*)\|([^\]]*)\]/g, found.length === 1 ? "$1" : "$2");
    for (const [, row] of found.slice(0, 40)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = row.href;
      link.textContent = row.head === row.page ? row.page : row.page + ": " + row.head;
      const text = document.createElement("p");
      text.textContent = snippet(row, words);
      item.append(link, text);
      list.append(item);
    }
  }

  box.value = new URLSearchParams(location.search).get("q") || "";
  box.addEventListener("input", show);
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  show();
})();
