// A completion as text, each token shaded by a number of its own: the credit it got, or how unlikely it was.

const LEVELS = 8;
const MARKED = /[\n\t]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What tokens can be shaded by; `sides` is 2 where the sign counts. */
const SHADES = {
  credit: { text: "credit", sides: 2, of: (completion) => completion.credit },
  surprise: { text: "surprise", sides: 1, of: (completion) => completion.log_probs.map((v) => (v === null ? null : -v)) },
};

const largest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v || 0)), 0);

/**
 * The class of a value: p1 to p8 above 0, n1 to n8 below, s1 to s8 where there is no below, z next to 0. With a power of
 * 1/2 small values can be told apart beside one that is many times larger; the legend has the values.
 */
function level(value, most, sides, power) {
  const k = most > 0 ? Math.round(LEVELS * (Math.abs(value || 0) / most) ** power) : 0;
  return k === 0 ? "z" : (sides === 1 ? "s" : value > 0 ? "p" : "n") + k;
}

/** Text whose line ends, tabs and invisible characters can be seen. What is copied is the text itself, but for the invisible. */
function visible(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    const c = match[0];
    if (c === "\n") nodes.push(make("i", { class: "nl" }, "\n"));
    else if (c === "\t") nodes.push(make("i", { class: "tab" }, "\t"));
    else nodes.push(make("i", { class: "odd" }, "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")));
    from = match.index + c.length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

class TokenText {
  /** `look` has: shade, most (where the colour is full), power, longest (tokens of the longest completion beside it), tip. */
  constructor(completion, label, look) {
    this.completion = completion;
    this.look = look;
    this.values = SHADES[look.shade].of(completion);
    this.on = -1;
    this.cells = completion.pieces.map((piece, i) => this.cell(piece, i));
    this.text = make("pre", { class: "tokens", tabindex: "0", role: "group", "aria-label": `${label}; arrow keys read its tokens` });
    this.cells.forEach((cell, i) => {
      if (completion.gap && completion.gap.at === i) this.text.append(make("span", { class: "gap" }, `… ${completion.gap.tokens} tokens left out …`));
      this.text.append(cell);
    });
    this.strip = this.drawStrip();
    const peak = largest(this.values);
    const both = this.values.some((v) => v > 0) && this.values.some((v) => v < 0);
    const sign = SHADES[look.shade].sides === 1 ? "" : both ? "±" : this.values.some((v) => v > 0) ? "+" : MINUS;
    const edge = make("span", { class: "edge" }, peak ? sign + number(peak) : "");
    this.element = make("div", {}, make("div", { class: "over", title: `largest ${SHADES[look.shade].text} ${number(peak)}` }, this.strip, edge), this.text);
    this.listen();
  }

  cell(piece, i) {
    const { completion, values } = this;
    const cell = make("span", { class: "t " + (values.length ? level(values[i], this.look.most, SHADES[this.look.shade].sides, this.look.power) : "z"), "data-i": i }, ...visible(piece));
    if (piece === "") cell.classList.add(i === completion.pieces.length - 1 && completion.finished ? "end" : "part");
    return cell;
  }

  /** The values as bars over the place in the completion, which all completions of a prompt share; the height is its own. */
  drawStrip() {
    const { values, look } = this;
    const { sides } = SHADES[look.shade];
    const most = largest(values), width = Math.max(look.longest, 1);
    const above = values.some((v) => v > 0), below = sides === 2 && values.some((v) => v < 0);
    const zero = below ? (above ? 20 : 2) : 38;
    const room = above && below ? 18 : 36;
    const bars = { p: "", n: "", s: "" };
    values.forEach((v, i) => {
      if (!v || !most) return;
      const height = Math.max(0.4, Math.abs(v) / most * room);
      bars[sides === 1 ? "s" : v > 0 ? "p" : "n"] += `M${this.place(i)} ${zero}v${(v > 0 ? -height : height).toFixed(2)}h1V${zero}z`;
    });
    const svg = draw("svg", { class: "strip", viewBox: `0 0 ${width} 40`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.spot = draw("rect", { class: "spot", y: 0, width: 1, height: 40, visibility: "hidden" });
    svg.append(...Object.entries(bars).filter(([, d]) => d).map(([side, d]) => draw("path", { class: "bar " + side, d })),
      draw("line", { class: "zero", x1: 0, x2: width, y1: zero, y2: zero }), this.spot);
    return svg;
  }

  /** Place of a kept token in the whole completion. */
  place(i) {
    const { gap } = this.completion;
    return gap && i >= gap.at ? i + gap.tokens : i;
  }

  listen() {
    this.text.addEventListener("pointerover", (event) => {
      const cell = event.target.closest(".t");
      if (cell) this.show(+cell.dataset.i);
    });
    this.strip.addEventListener("pointermove", (event) => {
      const box = this.strip.getBoundingClientRect();
      const at = Math.floor((event.clientX - box.left) / box.width * Math.max(this.look.longest, 1));
      const i = this.cells.findIndex((_, k) => this.place(k) >= at);
      if (i >= 0 && this.place(i) === at) this.show(i); else this.hide();
    });
    for (const node of [this.text, this.strip]) node.addEventListener("pointerleave", () => this.hide());
    this.text.addEventListener("blur", () => this.hide());
    this.text.addEventListener("keydown", (event) => {
      const end = this.cells.length - 1;
      const moves = { ArrowRight: this.on + 1, ArrowLeft: this.on < 0 ? end : this.on - 1, Home: 0, End: end };
      if (event.key in moves) {
        this.show(Math.min(end, Math.max(0, moves[event.key])));
        this.look.tip.say();
      } else if (event.key === "Escape") this.hide();
      else return;
      event.preventDefault();
    });
  }

  show(i) {
    if (i < 0 || i === this.on) return;
    this.hide();
    this.on = i;
    this.cells[i].classList.add("on");
    this.spot.setAttribute("x", this.place(i));
    this.spot.setAttribute("visibility", "visible");
    const { completion } = this;
    const logProb = completion.log_probs[i];
    this.look.tip.show(this.cells[i], [
      ["token", `${this.place(i) + 1} of ${completion.tokens}`],
      ["text", this.spelled(i)],
      ["credit", completion.credit.length ? signed(completion.credit[i]) : "left out of the update"],
      ["log-prob", `${number(logProb)}  (p ${logProb === null ? "–" : number(Math.exp(logProb))})`],
    ]);
  }

  spelled(i) {
    if (this.cells[i].classList.contains("end")) return "end of the completion";
    if (this.cells[i].classList.contains("part")) return "no text, or part of the next character";
    return "“" + this.completion.pieces[i].replaceAll("\n", "↵").replaceAll("\t", "⇥").replace(MARKED, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + "”";
  }

  hide() {
    if (this.on < 0) return;
    this.cells[this.on].classList.remove("on");
    this.spot.setAttribute("visibility", "hidden");
    this.on = -1;
    this.look.tip.hide();
  }
}

/** One box for whatever is pointed at. */
class Tip {
  constructor(place) {
    this.box = make("dl", { id: "tip", role: "tooltip", hidden: "" });
    this.spoken = make("p", { class: "spoken", "aria-live": "polite" });
    place.append(this.box, this.spoken);
    addEventListener("scroll", () => this.hide(), { passive: true, capture: true });
  }

  show(cell, rows) {
    this.rows = rows;
    this.box.replaceChildren(...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
    this.box.hidden = false;
    const first = cell.getClientRects()[0] || cell.getBoundingClientRect();
    const own = this.box.getBoundingClientRect();
    const left = Math.max(8, Math.min(first.left, document.documentElement.clientWidth - own.width - 8));
    const below = first.bottom + 6, above = first.top - own.height - 6;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${below + own.height > innerHeight && above > 0 ? above : below}px`;
  }

  say() {
    this.spoken.textContent = this.rows.map((row) => row.join(" ")).join(", ");
  }

  hide() {
    this.box.hidden = true;
  }
}
