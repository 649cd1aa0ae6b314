// Puts the parts together, and follows a run that is going on.

const POLL = 2000;
const SLOWEST = 15000;
const TILES = ["reward_mean", "heldout_accuracy", "loss", "entropy", "length_mean", "truncated_fraction", "tokens_per_second"];
const TILE_NAMES = { reward_mean: "mean reward", heldout_accuracy: "held-out accuracy", loss: "loss", entropy: "entropy, nats", length_mean: "length, tokens", truncated_fraction: "cut at the limit", tokens_per_second: "tokens a second" };
const STATES = { running: "running", ended: "ended", failed: "failed" };

/** JSON of the page's own server; null if it does not answer. */
async function ask(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch (e) {
    return null;
  }
}

function showTiles(data, charts) {
  const place = document.getElementById("tiles");
  if (data.series.length !== 1) return;
  const tiles = TILES.map((key) => charts.charts.get(key)).filter((chart) => chart && !(chart.key === "loss" && charts.charts.has("reward_mean")));
  place.hidden = !tiles.length;
  place.replaceChildren(...tiles.map(({ key, curves: [curve] }) => {
    const change = curve.last - curve.first;
    const was = curve.x.length > 1 && change !== 0 ? `from ${number(curve.first)}` : "";
    return make("div", {}, make("dt", {}, TILE_NAMES[key]), make("dd", {}, number(curve.last)), make("dd", { class: "was" }, was));
  }));
}

function showDiagnoses(diagnoses) {
  const section = document.getElementById("told");
  section.hidden = !diagnoses.length;
  section.querySelector("ul")?.remove();
  section.append(make("ul", {}, ...diagnoses.map((told) => make("li", { class: told.severity },
    make("span", { class: "chip " + (told.severity === "warning" ? "warn" : "") }, told.severity),
    make("span", { class: "label" }, `step ${told.step}`), make("p", {}, told.text)))));
}

function showStatus(data, reached) {
  const place = document.getElementById("status");
  const { step, steps, left, elapsed } = data.progress;
  const state = reached ? data.state : "lost";
  const text = { lost: "no answer: the run has ended or cannot be reached; its folder has report.html when it is done" }[state]
    || `${STATES[state]} · step ${step} of ${steps}`
      + (state === "running" ? (left === undefined ? "" : ` · about ${duration(left)} left`) : "") + ` · ${duration(elapsed)} since the start`;
  place.hidden = false;
  place.className = state;
  const bar = make("progress", { max: String(steps), value: String(step), "aria-label": "steps done" });
  place.replaceChildren(bar, make("span", { role: "status" }, text));
  document.title = (state === "running" ? `${step}/${steps} ` : `${state} `) + document.querySelector("h1").textContent;
}

async function followRun(data, parts) {
  let step = data.step, wait = POLL;
  showStatus(data, true);
  while (data.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? SLOWEST : wait));
    let news = await ask(`api/run?after=${step}`);
    wait = news ? POLL : Math.min(SLOWEST, wait * 1.5);
    if (!news) {
      showStatus(data, false);
      continue;
    }
    if (news.step > step && !parts.charts.append(news)) {
      news = await ask("api/run?after=-1") || news;
      parts.charts.load(news);
    }
    step = news.step;
    data = news;
    parts.show(data);
    showStatus(data, true);
  }
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const curves = document.getElementById("curves");
  const rollouts = new Rollouts(document.getElementById("rollouts"), Boolean(data.live));
  const charts = new Charts(curves, data, (step) => {
    if (!rollouts.runs.length) return;
    rollouts.setFollow(false);
    rollouts.toStepNear(step);
    rollouts.section.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
  const phases = new Phases(curves);
  curves.append(numbersOf(charts));
  const show = (news) => {
    showTiles(news, charts);
    showDiagnoses(news.diagnoses);
    phases.load(news);
    rollouts.load(news.rollouts);
    charts.draw();
    phases.draw();
  };
  new ResizeObserver(() => phases.draw()).observe(phases.figure);
  show(data);
  if (data.live) followRun(data, { charts, show });
  // Two frames later everything has been laid out and painted.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.drawn = Math.round(performance.now());
  }));
}

start();
