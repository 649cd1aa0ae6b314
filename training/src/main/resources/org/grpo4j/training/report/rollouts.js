// Prompts of a step, the completions of a prompt, and what each token of them was credited with.

const BRIEF = 120;

class Rollouts {
  constructor(section, live) {
    this.section = section;
    this.live = live;
    this.runs = [];
    this.run = 0;
    this.step = null;
    this.group = 0;
    this.follow = live;
    this.shade = "credit";
    this.scope = "step";
    this.tip = new Tip(document.body);
    this.build();
  }

  build() {
    this.runChoice = make("div");
    this.slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "step" });
    this.output = make("output");
    this.slider.addEventListener("input", () => this.toStep(+this.slider.value, true));
    const move = (by, text, label) => {
      const button = make("button", { type: "button", "aria-label": label }, text);
      button.addEventListener("click", () => this.toStep(this.index() + by, true));
      return button;
    };
    const steps = make("div", { class: "choice steps" }, make("span", { class: "label" }, "step"),
      move(-1, "‹", "earlier step"), this.slider, move(1, "›", "later step"), this.output);
    if (this.live) {
      this.latest = make("button", { type: "button", "aria-pressed": "true" }, "follow");
      this.latest.addEventListener("click", () => { this.setFollow(!this.follow); if (this.follow) this.toStep(Infinity); });
      steps.append(this.latest);
    }
    this.legend = make("div", { class: "scale" });
    const tools = make("div", { class: "tools" }, this.runChoice, steps,
      choice("shade", Object.entries(SHADES).map(([key, shade]) => [key, shade.text]), this.shade, (v) => { this.shade = v; this.show(); }),
      choice("full colour at the largest of", [["step", "the step"], ["completion", "each completion"]], this.scope, (v) => { this.scope = v; this.show(); }),
      this.legend);
    this.note = make("p", { class: "hint" });
    this.prompts = make("div", { class: "prompts", role: "group", "aria-label": "prompts" });
    this.prompts.addEventListener("keydown", (event) => this.promptKey(event));
    this.completions = make("div", { class: "completions" });
    // Who reads a completion does not want the next step to take it away.
    this.completions.addEventListener("focusin", () => this.setFollow(false));
    this.section.append(this.note, tools, make("div", { class: "browser" }, this.prompts, this.completions));
  }

  load(runs) {
    const known = new Map(this.runs.flatMap((run) => run.steps.filter((s) => s.data).map((s) => [`${run.run} ${s.step}`, s.data])));
    this.runs = runs.filter((run) => run.steps.length);
    for (const run of this.runs) for (const step of run.steps) step.data = step.data || known.get(`${run.run} ${step.step}`);
    this.section.hidden = !this.runs.length;
    if (!this.runs.length) return;
    if (this.runs.length > 1 && !this.runChoice.hasChildNodes()) {
      this.runChoice.append(choice("run", this.runs.map((run, i) => [i, run.run]), 0, (i) => { this.run = i; this.toStepNear(this.step); }));
    }
    const steps = this.steps();
    this.slider.max = String(steps.length - 1);
    if (this.follow || this.step === null) this.toStep(Infinity);
    else if (!this.data) this.toStep(this.index());
    else {
      this.slider.value = String(this.index());
      this.sayStep();
    }
  }

  steps() { return this.runs[this.run].steps; }

  index() { return Math.max(0, lastAtMost(this.steps().map((s) => s.step), this.step)); }

  setFollow(follow) {
    this.follow = follow;
    if (this.latest) this.latest.setAttribute("aria-pressed", String(follow));
  }

  /** Shows the kept step nearest to one of the run. */
  toStepNear(step) {
    const steps = this.steps();
    let best = 0;
    steps.forEach((s, i) => { if (Math.abs(s.step - step) < Math.abs(steps[best].step - step)) best = i; });
    this.toStep(best);
  }

  async toStep(index, byHand) {
    const steps = this.steps();
    const i = Math.min(steps.length - 1, Math.max(0, index));
    const entry = steps[i];
    if (byHand && this.live) this.setFollow(i === steps.length - 1);
    this.slider.max = String(steps.length - 1);
    this.slider.value = String(i);
    this.step = entry.step;
    this.sayStep();
    if (!entry.data && this.live) {
      const answer = await ask(`api/rollouts?step=${entry.step}`);
      if (!answer || !Array.isArray(answer.groups) || !answer.groups.length) {
        if (this.step === entry.step) this.miss();
        return;
      }
      entry.data = answer;
      // Only the shown step and its neighbours are worth the memory in a page that stays open for days.
      for (const other of steps) if (Math.abs(steps.indexOf(other) - i) > 8) other.data = undefined;
      if (this.step !== entry.step) return;
    }
    const changed = this.data !== entry.data;
    this.data = entry.data;
    if (changed || byHand) this.show();
  }

  /** Rather nothing than the completions of another step. */
  miss() {
    this.data = undefined;
    this.note.textContent = `The completions of step ${this.step} cannot be had now.`;
    this.prompts.replaceChildren();
    this.completions.replaceChildren();
  }

  sayStep() {
    const steps = this.steps();
    this.output.textContent = `${this.step}`;
    this.slider.setAttribute("aria-valuetext", `step ${this.step}`);
    this.slider.title = `${steps.length} steps are kept, from ${steps[0].step} to ${steps.at(-1).step}`;
  }

  show() {
    if (!this.data) return;
    this.tip.hide();
    const groups = this.data.groups;
    this.group = Math.min(this.group, groups.length - 1);
    const shade = SHADES[this.shade];
    this.most = largest(groups.flatMap((g) => g.completions.map((c) => largest(shade.of(c)))));
    this.note.textContent = this.shade === "credit"
      ? "A token's shade is how much the update of this step asked for it to become likelier (blue) or less likely (orange): minus the loss's derivative in its log-probability, on the scale of advantages. Under GRPO all tokens of a completion get the same; a trace gives more to those whose effects last; with a critic each token has an advantage of its own, and the one that is told is their mean."
      : "A token's shade is its surprise, minus its log-probability when it was sampled, in nats.";
    this.showLegend(shade);
    this.showPrompts(groups);
    this.showGroup();
  }

  /** Over a whole step a few completions dwarf the others, so colours follow the square root there. */
  power() { return this.scope === "step" ? 0.5 : 1; }

  showLegend(shade) {
    const { sides } = shade;
    const bar = make("span", { class: "ramp", "aria-hidden": "true" });
    for (let k = sides === 2 ? -LEVELS : 0; k <= LEVELS; k++) bar.append(make("i", { class: level(k, LEVELS, sides, 1) }));
    const value = (share) => (this.scope === "step"
      ? (sides === 2 ? signed : number)(Math.sign(share) * this.most * Math.abs(share) ** (1 / this.power()))
      : { "-1": MINUS + "largest", 0: "0", 1: (sides === 2 ? "+" : "") + "largest" }[share]);
    const shares = this.scope === "step" ? (sides === 2 ? [-1, -0.5, 0, 0.5, 1] : [0, 0.5, 1]) : (sides === 2 ? [-1, 0, 1] : [0, 1]);
    this.legend.replaceChildren(bar, make("span", { class: "marks" }, ...shares.map((share) => make("span", {}, value(share)))));
  }

  showPrompts(groups) {
    const all = groups.flatMap((group) => group.completions.map((c) => c.reward)).filter((r) => r !== null);
    const low = Math.min(0, ...all), high = Math.max(...all);
    this.prompts.replaceChildren(...groups.map((group, g) => {
      const rewards = group.completions.map((c) => c.reward);
      const usable = rewards.filter((r) => r !== null);
      const mean = usable.reduce((a, b) => a + b, 0) / (usable.length || 1);
      const dots = make("span", { class: "dots", "aria-hidden": "true" }, ...rewards.slice(0, 32).map((r) => {
        const share = r === null || high === low ? 0 : (r - low) / (high - low);
        const dot = make("i", { class: r === null ? "failed" : "" });
        dot.style.setProperty("--share", `${Math.round(share * 100)}%`);
        return dot;
      }));
      const button = make("button", { type: "button", "aria-pressed": String(g === this.group), tabindex: g === this.group ? "0" : "-1" },
        make("span", { class: "ask" }, group.text.trim() || group.problem),
        make("span", { class: "meta" }, make("span", {}, usable.length ? `reward ${fixed(mean, 1)}` : "no reward"), dots));
      button.addEventListener("click", () => { this.setFollow(false); this.group = g; this.showPrompts(this.data.groups); this.showGroup(); this.prompts.children[g].focus({ preventScroll: true }); });
      return button;
    }));
    if (this.data.omitted) this.prompts.append(make("p", { class: "hint" }, `${this.data.omitted} more prompts of this step were not kept.`));
  }

  promptKey(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = Math.min(this.data.groups.length - 1, Math.max(0, this.group + by));
    this.prompts.children[next].click();
    this.prompts.children[next].scrollIntoView({ block: "nearest" });
  }

  showGroup() {
    const group = this.data.groups[this.group];
    const shade = SHADES[this.shade];
    const longest = Math.max(1, ...group.completions.map((c) => c.tokens));
    // Short completions stand side by side, so that a group fits on a screen.
    this.completions.classList.toggle("brief", longest <= BRIEF);
    const head = make("div", { class: "asked" },
      make("pre", { tabindex: "0", "aria-label": "prompt" }, ...visible(group.prompt)),
      make("p", {}, make("span", { class: "label" }, group.answers.length > 1 ? "right answers " : "right answer "), ...visible(group.answers.join("  |  "))));
    this.completions.replaceChildren(head, ...group.completions.map((completion, i) => {
      const most = this.scope === "step" ? this.most : largest(shade.of(completion));
      const label = `completion ${i + 1}, reward ${number(completion.reward)}, advantage ${signed(completion.advantage)}`;
      const tokens = new TokenText(completion, label, { shade: this.shade, most, power: this.power(), longest, tip: this.tip });
      return make("article", {}, this.facts(completion, i), tokens.element);
    }));
  }

  facts(completion, i) {
    const fact = (name, value, more) => make("span", { class: "fact " + (more || "") }, make("span", { class: "label" }, name), value);
    const facts = make("header", {}, make("b", {}, `${i + 1}`), fact("reward", fixed(completion.reward, 1)));
    const names = Object.keys(completion.rewards);
    if (names.length > 1 || (completion.failures && names.length)) for (const name of names) facts.append(fact(name, number(completion.rewards[name]), "minor"));
    facts.append(fact("advantage", (completion.advantage > 0 ? "+" : "") + fixed(completion.advantage, 1)));
    if (completion.credit.length && !completion.gap) {
      const sum = completion.credit.reduce((a, b) => a + (b || 0), 0);
      facts.append(fact("mean credit", signed(sum / completion.credit.length), "minor"));
    }
    facts.append(fact("tokens", String(completion.tokens)));
    if (!completion.finished) facts.append(make("span", { class: "chip warn" }, "cut at the limit"));
    if (!completion.credit.length) facts.append(make("span", { class: "chip" }, "left out of the update"));
    for (const [name, reason] of Object.entries(completion.failures || {})) facts.append(make("span", { class: "chip warn", title: reason }, `${name} failed: ${reason.slice(0, 80)}`));
    return facts;
  }
}
