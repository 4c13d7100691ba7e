// The what-if of the capacity page. Computes what osw_stats.stats.capacity.scenarios.outcome computes, in the browser.
// No library, no request, no markup from text: everything is built as elements and text nodes.
"use strict";
(function () {
  const block = document.getElementById("what-if");
  if (!block || !block.dataset.settings) return;
  const set = JSON.parse(block.dataset.settings);
  const texts = set.texts;
  const SVG = "http://www.w3.org/2000/svg";
  const formats = [0, 1].map((d) => new Intl.NumberFormat(set.locale, { minimumFractionDigits: d, maximumFractionDigits: d }));
  const show = (value, decimals) => formats[decimals ? 1 : 0].format(value);
  const plain = new Intl.NumberFormat(set.locale, { maximumFractionDigits: 1, useGrouping: false });
  const chosen = (text, parts) => text.replace(/\[(\w):([^|\]]*)\|([^\]]*)\]/g, (_, key, one, many) => (parts[key] === "1" ? one : many));
  const fill = (text, parts) => Object.keys(parts).reduce((t, key) => t.replace("{" + key + "}", parts[key]), chosen(text, parts));
  // a comma and a point both begin the decimals; where that leads out of the range, groups of three are thousands
  function read(text, c) {
    const number = (t) => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(t) ? Number(t) : NaN);
    const fits = (value) => value >= c.min && value <= c.max;
    const bare = text.trim();
    const value = number(bare.replace(",", "."));
    const whole = /^\d{1,3}([.,]\d{3})+$/.test(bare) ? number(bare.replace(/[.,]/g, "")) : NaN;
    return !fits(value) && fits(whole) ? whole : value;
  }

  function compute(v) {
    let demand = 1;
    for (const name of set.drivers) demand *= v[name];
    const each = (set.fixed.productive_hours * set.fixed.clearance_factor) / v[set.work];
    const needed = demand / each;
    const backlog = [set.fixed.backlog_start];
    for (let year = 1; year <= set.years; year++) {
      backlog.push(Math.max(0, backlog[year - 1] + demand - v.fte_available * each));
    }
    return {
      demand: demand, needed: needed, target: needed / set.fixed.target_use,
      use: needed / v.fte_available, growth: demand - v.fte_available * each, backlog: backlog,
    };
  }

  function make(name, attributes, parent, text) {
    const svg = parent && parent.namespaceURI === SVG || name === "svg";
    const element = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const key of Object.keys(attributes || {})) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.appendChild(element);
    return element;
  }

  block.textContent = "";
  const values = {};
  const form = make("form", { class: "what-if-form", autocomplete: "off" }, block);
  const group = make("fieldset", {}, form);
  make("legend", {}, group, texts.title);
  const rows = set.controls.map(function (c) {
    const row = make("div", { class: "what-if-row" }, group);
    const id = "what-if-" + c.name;
    make("label", { for: id }, row, c.label);
    const limits = { min: c.min, max: c.max, step: c.step };
    const range = make("input", Object.assign({ type: "range", id: id }, limits), row);
    const box = make("input", { type: "text", inputmode: "decimal", id: id + "-number", "aria-label": c.label + ", " + c.unit + ", " + texts.exact }, row);
    make("span", { class: "what-if-unit", "aria-hidden": "true" }, row, c.unit);
    const wrong = make("span", { class: "what-if-wrong", id: id + "-wrong" }, row);
    function put(text, from) {
      const value = read(text, c);
      const good = Number.isFinite(value) && value >= c.min && value <= c.max;
      box.setAttribute("aria-invalid", good ? "false" : "true");
      wrong.textContent = good ? "" : fill(texts.invalid, { a: show(c.min, c.min % 1), b: show(c.max, c.max % 1) });
      if (good) wrong.removeAttribute("role"); else wrong.setAttribute("role", "alert");
      if (!good) return;
      values[c.name] = value / c.scale;
      if (from !== range) range.value = String(value);
      if (from !== box) box.value = plain.format(value);
      range.setAttribute("aria-valuetext", show(value, c.step % 1) + " " + c.unit);
      update();
    }
    range.addEventListener("input", function () { put(range.value, range); });
    box.addEventListener("input", function () { put(box.value, box); });
    box.setAttribute("aria-describedby", wrong.id);
    return { control: c, range: range, box: box, wrong: wrong };
  });
  const reset = make("button", { type: "button" }, group, texts.reset);
  form.addEventListener("submit", function (event) { event.preventDefault(); });

  const out = make("div", { class: "what-if-out" }, block);
  make("h2", {}, out, texts.outcome);
  const said = make("p", { class: "what-if-said", "aria-live": "polite", "aria-atomic": "true" }, out);
  const list = make("dl", {}, out);
  const cells = {};
  function cell(key, label) {
    make("dt", {}, list, label);
    cells[key] = make("dd", { "data-key": key }, list);
  }
  cell("demand", texts.cases);
  cell("needed", texts.needed);
  cell("target", fill(texts.target, { a: show(100 * set.fixed.target_use, 0) }));
  cell("use", texts.use);
  for (let year = 1; year <= set.years; year++) cell("backlog" + year, fill(texts.waiting, { a: year }));

  const W = 640, H = 240, LEFT = 16, FOOT = 34, TOP = 30;
  const chart = make("div", {}, out); // columns of nothing are not shown
  make("p", { class: "what-if-head", "aria-hidden": "true" }, chart, texts.chart);
  const svg = make("svg", { viewBox: "0 0 " + W + " " + H, role: "img", "aria-label": texts.chart }, chart);
  make("line", { x1: LEFT, x2: W - LEFT, y1: H - FOOT, y2: H - FOOT, class: "what-if-axis" }, svg);
  const slot = (W - 2 * LEFT) / (set.years + 1);
  const bars = [];
  for (let year = 0; year <= set.years; year++) {
    const middle = LEFT + slot * (year + 0.5);
    bars.push({
      bar: make("rect", { x: middle - slot * 0.3, width: slot * 0.6, class: "what-if-bar" }, svg),
      label: make("text", { x: middle, "text-anchor": "middle", class: "what-if-number" }, svg),
    });
    make("text", { x: middle, y: H - 12, "text-anchor": "middle" }, svg, year ? fill(texts.year, { a: year }) : texts.now);
  }

  function tell(key, value, decimals) {
    cells[key].textContent = show(value, decimals);
    cells[key].dataset.value = String(value);
  }

  function update() {
    if (set.controls.some(function (c) { return values[c.name] === undefined; })) return;
    const r = compute(values);
    tell("demand", r.demand, 0);
    tell("needed", r.needed, 1);
    tell("target", r.target, 1);
    tell("use", 100 * r.use, 0);
    const top = Math.max.apply(null, r.backlog.concat([1]));
    r.backlog.forEach(function (waiting, year) {
      if (year) tell("backlog" + year, waiting, 0);
      const height = (waiting / top) * (H - FOOT - TOP - 18);
      bars[year].bar.setAttribute("y", H - FOOT - height);
      bars[year].bar.setAttribute("height", height);
      bars[year].label.setAttribute("y", H - FOOT - height - 5);
      bars[year].label.textContent = show(waiting, 0);
    });
    const state = Math.abs(r.use - 1) < 1e-12 ? "full" : r.use < 1 ? "stable" : "unstable";
    said.textContent = fill(texts[state], {
      a: show(r.needed, 1), b: show(values.fte_available, values.fte_available % 1),
      c: state === "unstable" ? show(r.growth, r.growth < 10) : show(100 * r.use, 0),
    });
    said.dataset.state = state;
    chart.hidden = !r.backlog.some(Boolean);
    svg.setAttribute("aria-label", texts.chart + ": " + r.backlog.map(function (b) { return show(b, 0); }).join(", "));
  }

  function start() {
    for (const row of rows) {
      const c = row.control;
      values[c.name] = c.value; // the scenario itself, not what a step of the slider makes of it
      row.range.value = String(Number((c.value * c.scale).toFixed(1)));
      row.box.value = plain.format(c.value * c.scale);
      row.box.setAttribute("aria-invalid", "false");
      row.wrong.textContent = "";
      row.wrong.removeAttribute("role");
      row.range.setAttribute("aria-valuetext", show(c.value * c.scale, c.step % 1) + " " + c.unit);
    }
    update();
  }
  reset.addEventListener("click", start);
  start();
})();
