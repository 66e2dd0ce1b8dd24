// An exercise whose answer is code: a stub becomes a field, and a judge says what is wrong.

import { button, element, status } from "./elements.js";
import { words } from "./words.js";

/** So many milliseconds an answer may run; then there is a loop that never ends. */
const LONGEST = 20_000;

export class Exercise {
  #editor = null;

  constructor(stub, index, opener, page) {
    this.stub = stub;
    this.page = page;
    this.opener = opener;
    this.key = `answer-${index}`;
    this.name = stub.dataset.exercise;
    this.shown = stub.querySelector(".highlight");
    this.written = this.shown.querySelector("code").textContent.replace(/\n+$/, "");
    this.text = this.written;
  }

  async open() {
    if (this.#editor) return;
    const { edit } = await import("./editor.js");
    if (this.#editor) return;
    const host = element("div", "run-editor");
    const bar = element("div", "run-bar", "", { role: "group", "aria-label": words.answerBar });
    this.printed = element("div", "run-results");
    this.check = button(words.check, () => this.#ask("check"));
    this.again = button(words.again, () => this.#ask("alone"));
    this.stop = button(words.stop, () => this.page.stop(), "run-stop");
    this.reset = button(words.reset, () => this.#undo());
    this.verdict = status();
    this.verdict.classList.add("run-verdict");
    bar.append(this.check, this.again, this.stop, this.reset);
    this.shown.after(host, bar, this.verdict, this.printed);
    this.#editor = edit(host, {
      text: this.text,
      label: words.answerCode,
      changed: (text) => {
        this.text = text;
        this.page.keep(this.key, [this.written], [text]);
      },
      run: () => this.#ask("check"),
      leave: () => this.check.focus(),
    });
    this.shown.hidden = true;
    this.opener.hidden = true;
    this.refresh();
  }

  async restore(texts) {
    [this.text] = texts;
    await this.open();
  }

  focus() {
    this.#editor.focus();
  }

  refresh() {
    if (!this.#editor) return;
    const busy = this.page.isBusy;
    for (const one of [this.check, this.again]) one.hidden = busy;
    this.stop.hidden = !busy;
    this.reset.disabled = busy;
  }

  #say(text, state = "") {
    this.verdict.textContent = text;
    this.verdict.dataset.state = state;
  }

  #undo() {
    this.page.keep(this.key, [this.written], [this.written]);
    this.#editor.set(this.written);
    this.printed.replaceChildren();
    this.#say(words.wasResetAnswer);
  }

  async #ask(kind) {
    const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    const request = { kind, exercise: this.name, code: this.text, language, name: words.answerBar };
    let text = "";
    this.printed.replaceChildren();
    const answer = await this.page.ask(request, {
      place: this.verdict,
      say: (told) => this.#say(told),
      running: words.checking,
      longest: LONGEST,
      printed: (more) => (text += more),
    });
    if (!answer) return;
    if (kind === "check") {
      const said = answer.passed ? words.passed : words.notPassed;
      return this.#say(said(answer.message), answer.passed ? "passed" : "failed");
    }
    const told = (text + answer.error).trimEnd();
    this.#say(answer.error ? words.failed(told.split("\n").at(-1)) : told ? "" : words.answerRan);
    if (told) {
      const box = element("div", "run-output run-now");
      const pre = element("pre");
      pre.append(element("code", "", told, { tabindex: "0" }));
      box.append(element("p", "run-label", words.now), pre);
      this.printed.append(box);
    }
  }
}
