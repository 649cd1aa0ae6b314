// Elements, numbers and small sums that all parts of the page share.

const SVG = "http://www.w3.org/2000/svg";
const DASHES = ["", "8 4", "2 3", "10 4 2 4", "14 4", "4 2"];
const MINUS = "−";

const color = (i) => `var(--c${i % 6})`;
const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  // Strings become text nodes, so no name, number or completion is ever read as markup.
  node.append(...children);
  return node;
}

/** Three digits, with a true minus; null and NaN are a dash. */
function number(v) {
  if (v === null || v === undefined || Number.isNaN(v)) return "–";
  if (v === 0) return "0";
  const size = Math.abs(v);
  let text;
  if (size < 1e-3 || size >= 1e6) text = exponential(size, 1).replace(".0e", "e");
  else if (size >= 999.5) text = grouped(size, 0);
  else text = size.toPrecision(3).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return (v < 0 ? MINUS : "") + text;
}

const exponential = (size, digits) => size.toExponential(digits).replace("e+", "e").replace("e-", "e" + MINUS);
const grouped = (size, digits) => size.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replaceAll(",", "\u202f");

/** Numbers of an axis, equally far apart: with the digits that their distance takes, so that no two look the same. */
function axisNumbers(values) {
  if (values.length < 2) return values.map(number);
  const power = (v) => Math.floor(Math.log10(v) + 1e-9);
  const step = power(values[1] - values[0]), most = Math.max(...values.map(Math.abs));
  return values.map((v) => {
    const size = Math.abs(v);
    if (size === 0) return "0";
    const text = most < 1e-3 || most >= 1e6 ? exponential(size, Math.max(0, power(size) - step)) : grouped(size, Math.max(0, -step));
    return (v < 0 ? MINUS : "") + text;
  });
}

const signed = (v) => (v > 0 ? "+" : "") + number(v);

/** As many digits after the point as three digits of `scale` have, so that columns line up. */
function fixed(v, scale) {
  if (v === null || v === undefined) return "–";
  const digits = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.max(scale, 1e-9)))));
  const text = Math.abs(v).toFixed(digits);
  return (v < 0 && +text !== 0 ? MINUS : "") + text;
}

function duration(seconds) {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
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

/** Of two steps or more if there are so many, so that an axis has a scale. */
function stepTicks(first, last, count) {
  let found = [];
  for (let more = 0; more < 5 && found.length < 2; more++) found = ticks(first, last, count + more).filter(Number.isInteger);
  return found;
}

/** Index of the last entry of an ascending list that is not above `value`; -1 if there is none. */
function lastAtMost(list, value) {
  let low = -1, high = list.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle; else high = middle;
  }
  return low;
}

/** Buttons of which one is pressed. `choose` is called with the value of the new one. */
function choice(label, options, chosen, choose) {
  const group = make("div", { class: "choice", role: "group", "aria-label": label }, make("span", { class: "label" }, label));
  for (const [value, text] of options) {
    const button = make("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value }, text);
    button.addEventListener("click", () => {
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      choose(value);
    });
    group.append(button);
  }
  return group;
}
