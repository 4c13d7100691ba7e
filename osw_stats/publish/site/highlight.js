// Highlight a group in the charts that have several: "where is mine?". Without JavaScript the charts stand whole.
// A drawing knows its groups itself: at chart.svg#pick-2 all but the second are faint. The chart stays where it is and
// keeps its alt text; the picked drawing lies over it on a screen, never on paper. Rows of the group are marked as well.
"use strict";
(function () {
  const dutch = document.documentElement.lang.startsWith("nl");
  const texts = dutch
    ? { label: "Uitlichten in deze figuur", all: "niets: alles even sterk", rows: "Rijen gemarkeerd in de tabellen op deze pagina: ", none: "Alles staat weer even sterk." }
    : { label: "Highlight in this chart", all: "nothing: all alike", rows: "Rows marked in the tables of this page: ", none: "All stand alike again." };

  function make(name, attributes, parent, text) {
    const element = document.createElement(name);
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  const charts = [...document.querySelectorAll("img[data-groups]")].map(function (image, at) {
    const groups = image.dataset.groups.split("|").map((pair) => pair.split("="));
    const picture = image.closest("picture");
    const room = picture && picture.parentElement.querySelector(".highlight");
    if (!room) return null;
    picture.parentElement.classList.add("overlaid");
    const id = "highlight-" + at;
    make("label", { for: id }, room, texts.label);
    const select = make("select", { id: id, autocomplete: "off" }, room);
    make("option", { value: "" }, select, texts.all);
    for (const group of groups) make("option", { value: group[0] }, select, group[0]);
    const status = make("span", { role: "status" }, room);
    return { image: image, picture: picture, groups: groups, select: select, status: status, over: null };
  }).filter(Boolean);

  // the same drawing at the address of a group, over the chart and of its size
  function lay(chart, place) {
    if (chart.over) chart.over.remove();
    chart.over = null;
    if (place < 0) return;
    const address = "#pick-" + (place + 1);
    chart.over = document.createElement("picture");
    chart.over.className = "picked";
    chart.over.setAttribute("aria-hidden", "true");
    for (const source of chart.picture.querySelectorAll("source")) {
      make("source", { media: source.media, srcset: source.getAttribute("srcset") + address }, chart.over);
    }
    make("img", { src: chart.image.getAttribute("src") + address, alt: "" }, chart.over);
    chart.picture.after(chart.over);
  }

  function mark(head) {
    for (const old of document.querySelectorAll("mark.picked-row")) old.replaceWith(...old.childNodes);
    let count = 0;
    for (const cell of document.querySelectorAll("main tbody tr > :first-child")) {
      if (!head || cell.textContent.trim() !== head) continue;
      const marked = document.createElement("mark");
      marked.className = "picked-row";
      marked.append(...cell.childNodes);
      cell.append(marked);
      count += 1;
    }
    return count;
  }

  // one choice for the page: other charts that have the group follow, those that have not stand whole
  function choose(name, from) {
    const group = from.groups.find((g) => g[0] === name);
    const count = mark(group && group[1]);
    for (const chart of charts) {
      const place = chart.groups.findIndex((g) => g[0] === name);
      chart.select.value = place < 0 ? "" : name;
      lay(chart, place);
      chart.status.textContent = "";
    }
    from.status.textContent = !group ? texts.none : count ? texts.rows + count + "." : group[0];
  }

  for (const chart of charts) {
    chart.select.addEventListener("change", function () { choose(chart.select.value, chart); });
    chart.select.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && chart.select.value) choose("", chart);
    });
  }
})();
