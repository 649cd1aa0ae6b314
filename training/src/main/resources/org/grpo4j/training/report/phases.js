// Where the time of a step goes: a stacked column for each step or few steps of one run, a bar for each of several.

const shade = (k) => `var(--p${k % 6})`;

class Phases {
  constructor(place) {
    this.place = place;
    this.svg = draw("svg", { role: "img" });
    this.keys = make("div", { class: "keys" });
    this.figure = make("figure", { class: "wide", hidden: "" },
      make("figcaption", {}, make("span", {}, "Seconds of a step, by phase")), this.keys, this.svg);
    place.append(this.figure);
  }

  load(data) {
    this.names = [...new Set(data.seconds.flatMap((run) => Object.keys(run.phases)))];
    this.runs = data.seconds.map((run, i) => ({ ...run, name: data.series[i].name, mean: this.means(run) }));
    this.figure.hidden = !this.names.length;
    this.svg.setAttribute("aria-label", "Mean seconds of a step. " + this.runs.map((run) =>
      `${run.name}: ` + this.names.map((name) => `${name} ${number(run.mean[name])}`).join(", ")).join("; "));
    const single = this.runs.length === 1;
    this.keys.replaceChildren(...this.names.map((name, k) => {
      const swatch = make("i");
      swatch.style.background = shade(k);
      return make("span", {}, swatch, name, ...(single ? [make("b", {}, ` ${number(this.runs[0].mean[name])} s`)] : []));
    }));
  }

  means(run) {
    const mean = {};
    for (const name of this.names) {
      const values = run.phases[name] || [];
      mean[name] = values.length ? values.reduce((a, b) => a + b, 0) / run.columns : 0;
    }
    return mean;
  }

  draw() {
    if (!this.names || !this.names.length) return;
    const width = this.svg.clientWidth || 320;
    this.svg.replaceChildren();
    if (this.runs.length === 1) this.columns(this.runs[0], width); else this.bars(width);
  }

  columns(run, width) {
    const height = HEIGHT;
    this.size(width, height);
    const totals = Array.from({ length: run.columns }, (_, c) => this.names.reduce((sum, name) => sum + ((run.phases[name] || [])[c] || 0), 0));
    // The first step compiles plans and takes many times longer; the axis is that of the others, and says when it cuts.
    const sorted = [...totals].sort((a, b) => a - b);
    const usual = sorted[Math.floor(0.97 * (sorted.length - 1))];
    const top = sorted.at(-1) > 3 * usual && usual > 0 ? 1.5 * usual : sorted.at(-1) || 1;
    const last = run.from + run.columns * run.every - 1;
    const box = { x: (c) => BOX.left + c / run.columns * (width - BOX.left - BOX.right), y: (v) => height - BOX.bottom - Math.min(1, v / top) * (height - BOX.top - BOX.bottom) };
    axes(this.svg, {
      x: (step) => box.x((step - run.from + 0.5) / run.every), y: box.y,
      xTicks: stepTicks(run.from, Math.max(last, run.from + 1), Math.max(3, width / 90)).filter((v) => v <= last), yTicks: ticks(0, top, 3), yNumbers: axisNumbers,
    }, width);
    const sums = new Array(run.columns).fill(0);
    const gap = (width / run.columns) > 4 ? 1 : 0;
    this.names.forEach((name, k) => {
      let d = "";
      for (let c = 0; c < run.columns; c++) {
        const seconds = (run.phases[name] || [])[c] || 0;
        const from = box.y(sums[c]), to = box.y(sums[c] += seconds);
        if (from - to > 0) d += `M${box.x(c).toFixed(1)} ${from.toFixed(1)}V${to.toFixed(1)}H${(box.x(c + 1) - gap).toFixed(1)}V${from.toFixed(1)}Z`;
      }
      this.svg.append(draw("path", { fill: shade(k), d }));
    });
    this.sayCut(totals, top, box);
  }

  /** The seconds of columns that the axis cuts, the largest first, as many as there is room for. */
  sayCut(totals, top, box) {
    const taken = [];
    const cut = totals.map((total, c) => ({ total, c })).filter(({ total }) => total > top).sort((a, b) => b.total - a.total);
    for (const { total, c } of cut) {
      const left = c > 0.8 * totals.length;
      const text = left ? `${number(total)} s →` : `← ${number(total)} s`;
      const x = left ? box.x(c) - 4 : box.x(c + 1) + 3, width = text.length * 7;
      const from = left ? x - width : x;
      if (taken.some((other) => from < other + width && from + width > other)) continue;
      taken.push(from);
      this.svg.append(draw("text", { x, y: BOX.top + 6, "text-anchor": left ? "end" : "start" }, text));
    }
  }

  bars(width) {
    const row = 42, longest = Math.max(...this.runs.map((run) => Object.values(run.mean).reduce((a, b) => a + b, 0)));
    this.size(width, row * this.runs.length);
    this.runs.forEach((run, i) => {
      const total = Object.values(run.mean).reduce((a, b) => a + b, 0);
      this.svg.append(draw("text", { x: 0, y: i * row + 13 }, `${run.name}: ${number(total)} s`));
      let x = 0;
      this.names.forEach((name, k) => {
        const w = run.mean[name] / longest * width;
        this.svg.append(draw("rect", { x, y: i * row + 18, width: Math.max(0, w - 1), height: 18, rx: 2, fill: shade(k) }));
        const text = number(run.mean[name]);
        if (w > text.length * 8 + 8) this.svg.append(draw("text", { class: "inside", x: x + w / 2, y: i * row + 31, "text-anchor": "middle" }, text));
        x += w;
      });
    });
  }

  size(width, height) {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("height", height);
  }
}
