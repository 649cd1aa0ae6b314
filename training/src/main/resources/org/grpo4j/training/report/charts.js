// Small multiples over one axis of steps. One crosshair goes through all of them, by pointer or by arrow keys.

const HEIGHT = 132;
const BOX = { left: 46, right: 10, top: 8, bottom: 20 };
const FEW = 60;
const LIVE_LIMIT = 2000;

class Charts {
  constructor(place, data, choose) {
    this.hidden = new Set();
    this.charts = new Map();
    this.at = null;
    this.choose = choose;
    this.place = place;
    this.legend = make("div", { id: "legend" });
    this.grid = make("div", { id: "charts" });
    this.spoken = make("p", { class: "spoken", "aria-live": "polite" });
    place.append(this.legend, make("p", { class: "hint" }), this.grid, this.spoken);
    this.load(data);
    this.width = 0;
    new ResizeObserver(() => {
      if (this.grid.clientWidth !== this.width) this.draw();
    }).observe(this.grid);
  }

  load(data) {
    this.series = data.series;
    this.completions = data.rollouts.length > 0;
    this.grid.classList.toggle("many", data.series.length > 3);
    this.charts.clear();
    this.reached = data.step;
    for (const chart of data.charts) {
      this.charts.set(chart.key, chart);
      for (const curve of chart.curves) curve.within = Math.min(curve.every, data.step - curve.x.at(-1) + 1);
    }
    this.build();
  }

  /** Adds the points of later steps; false if the page has so many now that it should load all of them thinned. */
  append(data) {
    let full = false, built = true;
    for (const news of data.charts) {
      const chart = this.charts.get(news.key);
      if (!chart) {
        built = false;
        continue;
      }
      news.curves.forEach((more, i) => {
        const curve = chart.curves[i];
        if (more.every > 1) full = true;
        for (const [k, x] of more.x.entries()) {
          if (x > this.reached) this.add(curve, x, more.y[k], (more.lo || more.y)[k], (more.hi || more.y)[k], more.breaks?.includes(k));
        }
        if (curve.first === undefined) curve.first = more.first;
        if (more.last !== undefined) curve.last = more.last;
        full = full || curve.x.length > LIVE_LIMIT;
      });
    }
    this.reached = Math.max(this.reached, data.step);
    return built && !full;
  }

  /** Adds a step to a curve, whose last point it belongs to where a point stands for several. */
  add(curve, x, y, low, high, broken) {
    const start = curve.x.length ? curve.x[0] + Math.floor((x - curve.x[0]) / curve.every) * curve.every : x;
    if (!curve.lo && (low < high || curve.every > 1)) [curve.lo, curve.hi] = [[...curve.y], [...curve.y]];
    const last = curve.x.length - 1;
    if (last >= 0 && start === curve.x[last]) {
      curve.y[last] += (y - curve.y[last]) / ++curve.within;
      curve.lo[last] = Math.min(curve.lo[last], low);
      curve.hi[last] = Math.max(curve.hi[last], high);
      return;
    }
    if (broken) (curve.breaks ||= []).push(curve.x.length);
    curve.x.push(start);
    curve.y.push(y);
    curve.lo?.push(low);
    curve.hi?.push(high);
    curve.within = 1;
  }

  build() {
    this.grid.replaceChildren();
    this.drawings = [];
    let section = null;
    for (const chart of this.charts.values()) {
      if (chart.section !== section) {
        section = chart.section;
        this.grid.append(make("h3", {}, section));
      }
      this.grid.append(this.figure(chart));
    }
    this.buildLegend();
    this.place.querySelector(".hint").textContent = this.hint();
  }

  hint() {
    const every = Math.max(...[...this.charts.values()].flatMap((c) => c.curves.map((curve) => curve.every)));
    const dense = [...this.charts.values()].some((c) => c.curves.some((curve) => curve.x.length > FEW));
    const parts = [];
    if (this.series.length === 1 && this.series[0].runs === 1 && [...this.charts.values()].some((c) => c.ranged)) parts.push("Lengths have a band from the shortest to the longest completion.");
    if (this.series.some((s) => s.runs > 1)) parts.push("Bands reach from the smallest to the largest of the seeds.");
    if (every > 1) parts.push(`A point stands for ${every} steps: the band is their range, the line the running average of their means.`);
    else if (dense) parts.push("Faint: every step. Strong: running average.");
    if ([...this.charts.values()].some((c) => c.curves.some((curve) => curve.breaks?.some((k) => k > 0)))) parts.push("A line is broken where its value was not finite.");
    parts.push("Point at a chart, or focus it and use the arrow keys, to read one step in all of them" + (this.completions ? "; click or Enter shows its completions." : "."));
    return parts.join(" ");
  }

  buildLegend() {
    this.legend.replaceChildren();
    if (this.series.length < 2) return;
    this.series.forEach((series, i) => {
      const line = draw("svg", { width: 26, height: 8, viewBox: "0 0 26 8", "aria-hidden": "true" },
        draw("line", { x1: 0, x2: 26, y1: 4, y2: 4, stroke: color(i), "stroke-width": 3, "stroke-dasharray": DASHES[i % 6] }));
      const button = make("button", { type: "button", "aria-pressed": String(!this.hidden.has(i)), title: "show or hide" }, line, series.name);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(i)) this.hidden.add(i);
        button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
        this.draw();
      });
      this.legend.append(button);
    });
  }

  figure(chart) {
    const svg = draw("svg", { role: "img", tabindex: "0", "aria-label": this.describe(chart), "data-key": chart.key });
    const values = make("span", { class: "values" });
    const drawing = { chart, svg, values };
    this.drawings.push(drawing);
    svg.addEventListener("pointermove", (event) => this.moveTo(this.stepAt(event)));
    svg.addEventListener("pointerleave", () => this.moveTo(null));
    svg.addEventListener("blur", () => this.moveTo(null));
    svg.addEventListener("click", (event) => this.choose(this.stepAt(event)));
    svg.addEventListener("keydown", (event) => this.key(event, drawing));
    return make("figure", {}, make("figcaption", {}, make("span", {}, chart.title), values), svg);
  }

  describe(chart) {
    return chart.title + ". " + chart.curves.map((curve, i) => curve.x.length
      ? `${this.series[i].name}: ${number(curve.first)} at step ${curve.x[0]}, ${number(curve.last)} at the end`
      : `${this.series[i].name}: not measured`).join("; ") + ".";
  }

  stepAt(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - BOX.left) / (box.width - BOX.left - BOX.right);
    return Math.round(this.first + Math.min(1, Math.max(0, share)) * (this.last - this.first));
  }

  key(event, { chart }) {
    const i = chart.curves.findIndex((curve, k) => curve.x.length && !this.hidden.has(k));
    if (i < 0) return;
    const xs = chart.curves[i].x;
    const now = this.at === null ? xs.length - 1 : Math.max(0, lastAtMost(xs, this.at));
    const far = event.shiftKey ? Math.max(1, Math.round(xs.length / 20)) : 1;
    const moves = { ArrowLeft: this.at === null ? now : now - far, ArrowRight: now + far, Home: 0, End: xs.length - 1 };
    if (event.key in moves) {
      this.moveTo(xs[Math.min(xs.length - 1, Math.max(0, moves[event.key]))]);
      this.spoken.textContent = `step ${this.at}: ` + this.reading(chart).map((r) => `${r.name} ${r.text}`).join(", ");
    } else if (event.key === "Escape") this.moveTo(null);
    else if (event.key === "Enter" && this.at !== null) this.choose(this.at);
    else return;
    event.preventDefault();
  }

  /** The value of every visible curve at the crosshair, or its last. */
  reading(chart) {
    return chart.curves.map((curve, i) => {
      if (this.hidden.has(i) || !curve.x.length) return null;
      const name = this.series[i].name;
      if (this.at === null) return { i, name, text: number(curve.last) };
      const k = lastAtMost(curve.x, this.at);
      if (k < 0) return { i, name, text: "–" };
      const range = curve.lo && curve.lo[k] < curve.hi[k] ? ` (${number(curve.lo[k])} to ${number(curve.hi[k])})` : "";
      return { i, k, name, text: number(curve.y[k]) + (this.series.length > 1 ? "" : range), range };
    }).filter(Boolean);
  }

  moveTo(step) {
    if (step === this.at) return;
    this.at = step;
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.drawings.forEach((drawing) => this.mark(drawing));
    });
  }

  mark({ chart, values, scale, cross, dots }) {
    const reading = this.reading(chart);
    const keyed = this.series.length > 1;
    values.replaceChildren(...reading.flatMap((r) => {
      const text = make("span", {}, r.text);
      if (!keyed) return [text];
      const swatch = make("i");
      swatch.style.background = color(r.i);
      return [make("span", { title: r.name }, swatch, text)];
    }));
    if (this.at !== null) values.prepend(make("span", { class: "step" }, `step ${this.at}`));
    if (!scale) return;
    const shown = this.at !== null;
    cross.setAttribute("visibility", shown ? "visible" : "hidden");
    dots.replaceChildren();
    if (!shown) return;
    cross.setAttribute("x1", scale.x(this.at));
    cross.setAttribute("x2", scale.x(this.at));
    for (const r of reading) {
      if (r.k === undefined) continue;
      const curve = chart.curves[r.i];
      dots.append(draw("circle", { cx: scale.x(curve.x[r.k] + (curve.every - 1) / 2), cy: scale.y(curve.y[r.k]), r: 3, fill: color(r.i) }));
    }
  }

  draw() {
    const all = [...this.charts.values()].flatMap((chart) => chart.curves).filter((curve) => curve.x.length);
    this.first = Math.min(...all.map((curve) => curve.x[0]));
    this.last = Math.max(this.first + 1, ...all.map((curve) => curve.x.at(-1) + curve.every - 1));
    this.width = this.grid.clientWidth;
    // All widths are read before anything is drawn, so that the browser lays the page out once.
    for (const drawing of this.drawings) drawing.width = drawing.svg.clientWidth || 320;
    for (const drawing of this.drawings) this.render(drawing);
  }

  render(drawing) {
    const { chart, svg, width } = drawing;
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute("height", HEIGHT);
    svg.setAttribute("aria-label", this.describe(chart));
    svg.replaceChildren();
    drawing.scale = null;
    const shown = chart.curves.map((curve, i) => (this.hidden.has(i) || !curve.x.length ? null : curve));
    if (shown.some(Boolean)) {
      const scale = drawing.scale = this.scale(chart, shown.filter(Boolean), width);
      axes(svg, scale, width);
      shown.forEach((curve, i) => curve && drawCurve(svg, curve, scale, i, this.series.length > 1));
      drawing.cross = draw("line", { class: "cross", y1: BOX.top, y2: HEIGHT - BOX.bottom, visibility: "hidden" });
      drawing.dots = draw("g", {});
      svg.append(drawing.cross, drawing.dots);
    }
    this.mark(drawing);
  }

  scale(chart, curves, width) {
    let low = Infinity, high = -Infinity;
    for (const curve of curves) {
      for (const v of curve.lo || curve.y) if (v < low) low = v;
      for (const v of curve.hi || curve.y) if (v > high) high = v;
    }
    const log = chart.log && low > 0;
    const put = log ? Math.log10 : (v) => v;
    low = put(chart.zero && !log ? Math.min(0, low) : low);
    high = put(high);
    if (log) { low = Math.floor(low); high = Math.max(low + 1, Math.ceil(high)); }
    // Values have five digits, and what is within their rounding is no change.
    else if (high - low <= 1e-4 * Math.max(Math.abs(high), Math.abs(low))) { const pad = Math.abs(high) * 0.1 || 1; high += pad; low -= chart.zero && low >= 0 ? 0 : pad; }
    else { const pad = (high - low) * 0.05; high += pad; if (!(chart.zero && low === 0)) low -= pad; }
    return {
      x: (v) => BOX.left + (v - this.first) / (this.last - this.first) * (width - BOX.left - BOX.right),
      y: (v) => HEIGHT - BOX.bottom - (put(v) - low) / (high - low) * (HEIGHT - BOX.top - BOX.bottom),
      xTicks: stepTicks(this.first, this.last, Math.max(2, width / 80)),
      yTicks: log ? Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) : enoughTicks(low, high),
      yNumbers: log ? (values) => values.map(number) : axisNumbers,
    };
  }
}

function enoughTicks(low, high) {
  for (const count of [3, 4, 5, 6]) {
    const found = ticks(low, high, count);
    if (found.length > 2) return found;
  }
  return ticks(low, high, 8);
}

function axes(svg, scale, width) {
  const numbers = scale.yNumbers(scale.yTicks);
  for (const [i, v] of scale.yTicks.entries()) {
    const y = scale.y(v);
    svg.append(draw("line", { class: "grid", x1: BOX.left, x2: width - BOX.right, y1: y, y2: y }),
      draw("text", { x: BOX.left - 6, y: y + 4, "text-anchor": "end" }, numbers[i]));
  }
  for (const v of scale.xTicks) {
    const x = scale.x(v);
    svg.append(draw("text", { x: Math.min(x, width - BOX.right - 4), y: HEIGHT - 5, "text-anchor": x > width - 30 ? "end" : "middle" }, String(v)));
  }
  svg.append(draw("line", { class: "axis", x1: BOX.left, x2: width - BOX.right, y1: HEIGHT - BOX.bottom, y2: HEIGHT - BOX.bottom }));
}

function drawCurve(svg, curve, scale, i, dashed) {
  const xs = curve.x.map((x) => scale.x(x + (curve.every - 1) / 2));
  const stroke = color(i);
  const dense = curve.x.length > FEW;
  if (curve.lo) {
    const corner = (k, ys) => `${xs[k].toFixed(1)} ${scale.y(ys[k]).toFixed(1)}`;
    const band = pieces(curve).map((ks) => `M${ks.map((k) => corner(k, curve.hi)).join("L")}L${ks.reverse().map((k) => corner(k, curve.lo)).join("L")}Z`);
    svg.append(draw("path", { class: "band", fill: stroke, stroke, d: band.join("") }));
  } else if (dense) svg.append(draw("path", { class: "raw", stroke, d: path(curve, xs, curve.y, scale) }));
  const line = { class: "curve", stroke, d: path(curve, xs, dense ? smooth(curve.y) : curve.y, scale) };
  if (dashed) line["stroke-dasharray"] = DASHES[i % 6];
  svg.append(draw("path", line));
  if (curve.x.length <= 12) for (const [k, x] of xs.entries()) svg.append(draw("circle", { cx: x, cy: scale.y(curve.y[k]), r: 2.5, fill: stroke }));
}

/** The points of a curve from one break to the next. */
function pieces(curve) {
  const starts = [0, ...(curve.breaks || []).filter((k) => k > 0)];
  return starts.map((from, i) => Array.from({ length: (starts[i + 1] ?? curve.x.length) - from }, (_, k) => from + k));
}

/** A point between two breaks is drawn by the round end of a line without length. */
function path(curve, xs, ys, scale) {
  return pieces(curve).map((ks) => ks.map((k, i) => `${i ? "L" : "M"}${xs[k].toFixed(1)} ${scale.y(ys[k]).toFixed(1)}${i ? "" : "h0"}`).join("")).join("");
}

/** Exponential average that starts unbiased; a window of about a twentieth of the run. */
function smooth(values) {
  const keep = Math.exp(-1 / Math.max(2, values.length / 20));
  let sum = 0, weight = 0;
  return values.map((v) => {
    sum = keep * sum + v;
    weight = keep * weight + 1;
    return sum / weight;
  });
}

/** The numbers behind the charts, a chart at a time; built when asked for, because they may be many. */
function numbersOf(charts) {
  const select = make("select", { "aria-label": "chart" });
  const place = make("div");
  const details = make("details", { class: "numbers" }, make("summary", {}, "The numbers as a table"), select, place);
  const show = () => {
    const chart = charts.charts.get(select.value);
    if (!chart) return;
    const steps = [...new Set(chart.curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
    const head = make("tr", {}, ...["step", ...charts.series.map((s) => s.name)].map((name) => make("th", { scope: "col", class: "number" }, name)));
    const at = chart.curves.map((curve) => new Map(curve.x.map((x, k) => [x, k])));
    const rows = steps.map((step) => make("tr", {}, make("th", { scope: "row", class: "number" }, String(step)),
      ...chart.curves.map((curve, i) => make("td", { class: "number" }, at[i].has(step) ? number(curve.y[at[i].get(step)]) : "–"))));
    place.replaceChildren(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": chart.title },
      make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
  };
  select.addEventListener("change", show);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    const before = select.value;
    select.replaceChildren(...[...charts.charts.values()].map((chart) => make("option", { value: chart.key }, chart.title)));
    if (charts.charts.has(before)) select.value = before;
    show();
  });
  return details;
}
