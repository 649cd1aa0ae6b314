"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const DASHES = ["", "8 4", "2 4", "10 4 2 4", "14 4", "4 2"];
  const hidden = new Set();
  const drawings = [];

  const color = (i) => `var(--c${i % 6})`;
  const shade = (k) => `var(--p${k % 6})`;
  const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    // Strings become text nodes, so no name or number is ever read as markup.
    node.append(...children);
    return node;
  }

  function number(v) {
    if (v === 0) return "0";
    const size = Math.abs(v);
    if (size < 1e-3 || size >= 1e6) return v.toExponential(1).replace(".0e", "e").replace("e+", "e");
    if (size >= 1000) return Math.round(v).toString();
    return String(+v.toPrecision(3));
  }

  /** Round numbers that cut [low, high] into about `count` parts. */
  function ticks(low, high, count) {
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
    const result = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) result.push(+(i * step).toPrecision(12));
    return result;
  }

  /** Exponential average that starts unbiased; a window of about a twentieth of the run. */
  function smooth(points) {
    const keep = Math.exp(-1 / Math.max(2, points.length / 20));
    let sum = 0, weight = 0;
    return points.map(([x, y]) => {
      sum = keep * sum + y;
      weight = keep * weight + 1;
      return [x, sum / weight];
    });
  }

  function scales(chart, curves, width, height, box) {
    const all = curves.flat();
    const xs = all.map((p) => p[0]);
    let low = Math.min(...all.map((p) => p[1])), high = Math.max(...all.map((p) => p[1]));
    const log = chart.log && low > 0;
    const put = log ? Math.log10 : (v) => v;
    low = put(chart.zero && !log ? Math.min(0, low) : low);
    high = put(high);
    if (log) { low = Math.floor(low); high = Math.ceil(high); }
    if (high - low < 1e-12) { const pad = Math.abs(high) * 0.1 || 1; high += pad; low -= chart.zero && low >= 0 ? 0 : pad; }
    else if (!log) { const pad = (high - low) * 0.05; high += pad; if (!(chart.zero && low === 0)) low -= pad; }
    const first = Math.min(...xs), last = Math.max(...xs, first + 1);
    return {
      first, last,
      x: (v) => box.left + (v - first) / (last - first) * (width - box.left - box.right),
      y: (v) => height - box.bottom - (put(v) - low) / (high - low) * (height - box.top - box.bottom),
      xTicks: ticks(first, last, Math.max(3, width / 90)).filter(Number.isInteger),
      yTicks: log
        ? Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
        : ticks(low, high, 5),
    };
  }

  function path(points, at) {
    return points.map(([x, y], i) => `${i ? "L" : "M"}${at.x(x).toFixed(1)} ${at.y(y).toFixed(1)}`).join("");
  }

  function render(chart, svg, readout) {
    const width = svg.clientWidth || 400, height = 220;
    const box = { left: 52, right: 12, top: 10, bottom: 26 };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.replaceChildren();
    const shown = chart.curves.map((points, i) => (hidden.has(i) ? [] : points));
    if (!shown.flat().length) return;
    const at = scales(chart, shown, width, height, box);
    for (const v of at.yTicks) {
      svg.append(draw("line", { class: "grid", x1: box.left, x2: width - box.right, y1: at.y(v), y2: at.y(v) }));
      svg.append(draw("text", { x: box.left - 6, y: at.y(v) + 4, "text-anchor": "end" }, number(v)));
    }
    for (const v of at.xTicks) svg.append(draw("text", { x: at.x(v), y: height - 8, "text-anchor": "middle" }, String(v)));
    svg.append(draw("line", { class: "axis", x1: box.left, x2: width - box.right, y1: height - box.bottom, y2: height - box.bottom }));
    shown.forEach((points, i) => {
      const dense = points.length > 20;
      if (dense) svg.append(draw("path", { class: "raw", stroke: color(i), d: path(points, at) }));
      svg.append(draw("path", { class: "curve", stroke: color(i), "stroke-dasharray": DASHES[i % 6], d: path(dense ? smooth(points) : points, at) }));
      if (!dense) for (const [x, y] of points) svg.append(draw("circle", { cx: at.x(x), cy: at.y(y), r: 3, fill: color(i) }));
    });
    const cross = draw("line", { class: "cross", y1: box.top, y2: height - box.bottom, visibility: "hidden" });
    svg.append(cross);
    svg.onpointermove = (event) => {
      const share = (event.clientX - svg.getBoundingClientRect().left - box.left) / (width - box.left - box.right);
      const step = Math.round(at.first + Math.min(1, Math.max(0, share)) * (at.last - at.first));
      cross.setAttribute("x1", at.x(step));
      cross.setAttribute("x2", at.x(step));
      cross.setAttribute("visibility", "visible");
      const values = shown.map((points, i) => {
        const point = points.find((p) => p[0] === step);
        return point ? `${data.runs[i]} ${number(point[1])}` : null;
      }).filter(Boolean);
      readout.textContent = `step ${step}: ${values.join(" · ") || "nothing measured"}`;
    };
    svg.onpointerleave = () => { cross.setAttribute("visibility", "hidden"); readout.textContent = chart.note; };
  }

  function describe(chart) {
    return chart.title + ". " + chart.curves.map((points, i) => points.length
      ? `${data.runs[i]}: ${number(points[0][1])} at step ${points[0][0]}, ${number(points.at(-1)[1])} at step ${points.at(-1)[0]}`
      : `${data.runs[i]}: not measured`).join("; ") + ".";
  }

  /** The numbers behind a chart; built when asked for, because they may be many. */
  function numbers(chart) {
    const details = make("details", {}, make("summary", {}, "Numbers"));
    details.addEventListener("toggle", () => {
      if (details.querySelector("table")) return;
      const head = make("tr", {}, ...["step", ...data.runs].map((name) => make("th", { scope: "col", class: "number" }, name)));
      const maps = chart.curves.map((points) => new Map(points));
      const steps = [...new Set(chart.curves.flat().map((p) => p[0]))].sort((a, b) => a - b);
      const rows = steps.map((step) => make("tr", {}, make("th", { scope: "row", class: "number" }, String(step)),
        ...maps.map((map) => make("td", { class: "number" }, map.has(step) ? number(map.get(step)) : "–"))));
      details.append(make("div", { class: "scroll", tabindex: "0" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
    });
    return details;
  }

  function figure(chart) {
    chart.note = chart.curves.some((points) => points.length > 20) ? "faint: each step; strong: running average" : "";
    const svg = draw("svg", { role: "img", "aria-label": describe(chart) });
    const readout = make("div", { class: "readout" }, chart.note);
    drawings.push(() => render(chart, svg, readout));
    return make("figure", {}, make("figcaption", {}, chart.title), readout, svg, numbers(chart));
  }

  /** Seconds of an average step, one bar a run, split by phase. */
  function phases() {
    const names = [...new Set(data.seconds.flatMap((s) => Object.keys(s)))];
    const totals = data.seconds.map((s) => Object.values(s).reduce((a, b) => a + b, 0));
    const label = data.runs.map((run, i) => `${run}: ${number(totals[i])} seconds a step (`
      + names.map((n) => `${n} ${number(data.seconds[i][n] || 0)}`).join(", ") + ")").join("; ");
    const svg = draw("svg", { role: "img", "aria-label": "Seconds of an average step. " + label });
    drawings.push(() => {
      const width = svg.clientWidth || 400, row = 46, longest = Math.max(...totals);
      const height = row * data.runs.length;
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.replaceChildren();
      data.runs.forEach((run, i) => {
        svg.append(draw("text", { x: 0, y: i * row + 13 }, `${run}: ${number(totals[i])} s`));
        let x = 0;
        names.forEach((name, k) => {
          const w = (data.seconds[i][name] || 0) / longest * width;
          svg.append(draw("rect", { x, y: i * row + 19, width: Math.max(0, w - 1), height: 19, rx: 2, fill: shade(k) }));
          const text = number(data.seconds[i][name] || 0);
          if (w > text.length * 8 + 8) svg.append(draw("text", { class: "inside", x: x + w / 2, y: i * row + 33, "text-anchor": "middle" }, text));
          x += w;
        });
      });
    });
    const keys = make("div", { class: "keys" }, ...names.map((name, k) => {
      const swatch = make("i");
      swatch.style.background = shade(k);
      return make("span", {}, swatch, name);
    }));
    const head = make("tr", {}, make("th", { scope: "col" }, "run"), ...names.map((n) => make("th", { scope: "col", class: "number" }, n)));
    const rows = data.runs.map((run, i) => make("tr", {}, make("th", { scope: "row" }, run),
      ...names.map((n) => make("td", { class: "number" }, number(data.seconds[i][n] || 0)))));
    const table = make("div", { class: "scroll", tabindex: "0" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
    return make("figure", { class: "wide" }, make("figcaption", {}, "Seconds of an average step, by phase"), keys, svg,
      make("details", {}, make("summary", {}, "Numbers"), table));
  }

  const redraw = () => drawings.forEach((drawing) => drawing());
  const charts = document.getElementById("charts");
  data.runs.forEach((run, i) => {
    const line = draw("svg", { width: 30, height: 8, viewBox: "0 0 30 8", "aria-hidden": "true" },
      draw("line", { x1: 0, x2: 30, y1: 4, y2: 4, stroke: color(i), "stroke-width": 3, "stroke-dasharray": DASHES[i % 6] }));
    line.style.width = "30px";
    line.style.flex = "none";
    const button = make("button", { type: "button", "aria-pressed": "true", title: "show or hide" }, line, run);
    button.addEventListener("click", () => {
      if (!hidden.delete(i)) hidden.add(i);
      button.setAttribute("aria-pressed", String(!hidden.has(i)));
      redraw();
    });
    document.getElementById("legend").append(button);
  });
  charts.append(...data.charts.map(figure));
  if (data.seconds.some((s) => Object.keys(s).length)) charts.append(phases());
  new ResizeObserver(redraw).observe(charts);
  redraw();
})();
