// One block of the page: what is written, what the reader makes of it, and what it printed.

import { button, element, status } from "./elements.js";
import { piecesOf, tidy } from "./pieces.js";
import { words } from "./words.js";

export class Block {
  #editors = [];
  #slots;
  #bar = null;

  /** `page` is asked to run, to stop, and to keep what is changed. */
  constructor(shown, index, mark, page) {
    this.shown = shown;
    this.index = index;
    this.number = index + 1;
    this.mark = mark;
    this.page = page;
    this.written = piecesOf(shown.querySelector("code").textContent);
    this.texts = this.written.map((piece) => piece.source);
    this.printed = this.written.map(() => null);
    this.anchor = `block-${this.number}`;
    shown.id ||= this.anchor;
    this.#slots = this.written.map(() => element("div", "run-slot"));
    this.results = element("div", "run-results");
    this.results.append(...this.#slots);
    shown.after(this.results);
  }

  get isEdited() {
    return this.#editors.length > 0;
  }

  /** What is sent to Python. A changed piece begins where the one before it ends. */
  get asked() {
    let next = 1;
    const pieces = this.written.map((piece, i) => {
      const line = Math.max(piece.line, next);
      next = line + this.texts[i].split("\n").length;
      return { source: this.texts[i], line };
    });
    return { name: words.block(this.number), pieces };
  }

  /** Whether what it printed is what the page shows. */
  get isSame() {
    return this.written.every((piece, i) => tidy(this.printed[i] ?? "") === (piece.printed ?? ""));
  }

  get bar() {
    if (this.#bar) return this.#bar;
    const bar = element("div", "run-bar", "", { role: "group", "aria-label": words.bar(this.number) });
    this.status = status();
    this.again = button(words.again, () => this.page.run(this.index));
    this.change = button(words.change, () => this.edit().then(() => this.#editors[0].focus()));
    this.stop = button(words.stop, () => this.page.stop(), "run-stop");
    this.reset = button(words.reset, () => this.page.reset(this.index));
    bar.append(this.again, this.stop, this.change, this.reset, this.status);
    this.results.after(bar);
    this.#bar = bar;
    this.refresh();
    return bar;
  }

  /** Which buttons there are now. */
  refresh() {
    if (!this.#bar) return;
    const busy = this.page.isBusy;
    this.again.hidden = busy;
    this.stop.hidden = !busy;
    this.change.hidden = this.isEdited;
    this.reset.hidden = !this.isEdited;
    this.reset.disabled = busy;
  }

  say(text) {
    this.bar;
    this.status.textContent = text;
  }

  /** It is about to run: nothing is printed yet. */
  begin() {
    this.printed = this.written.map(() => "");
    this.#unmark();
    this.#slots.forEach((slot, i) => slot.replaceChildren(...this.#shownBefore(i)));
  }

  print(piece, text) {
    this.printed[piece] += text;
    // What is the same as on the page is not shown a second time.
    const written = this.written[piece].printed ?? "";
    if (!written.startsWith(tidy(this.printed[piece]))) this.#show(piece);
  }

  /** It has run, as these pieces; the reader may have gone on writing meanwhile. */
  end(error, pieces) {
    this.printed.forEach((_, piece) => this.#show(piece));
    if (pieces.some(({ source }, i) => source !== this.texts[i])) return this.forget();
    this.mark.dataset.state = error ? "failed" : this.isSame ? "same" : "differs";
    if (error) this.#showError(error);
  }

  /** It has to run anew: what it printed may be no longer true, and is shown as such. */
  forget() {
    this.#unmark();
    for (const shown of this.results.querySelectorAll(".run-now")) {
      shown.classList.remove("run-now");
      shown.querySelector(".run-label").textContent = words.earlier;
    }
  }

  #unmark() {
    delete this.mark.dataset.state;
    this.results.querySelector(".run-error")?.remove();
  }

  #shownBefore(piece) {
    const { printed } = this.written[piece];
    return this.isEdited && printed !== null ? [output(words.onThePage, printed)] : [];
  }

  #show(piece) {
    const now = tidy(this.printed[piece] ?? "");
    const before = this.written[piece].printed ?? "";
    const parts = this.#shownBefore(piece);
    if (now !== before && this.printed[piece] !== null) {
      if (!parts.length && before) parts.push(output(words.onThePage, before));
      parts.push(output(words.now, now || "—", "run-now"));
    }
    this.#slots[piece].replaceChildren(...parts);
  }

  /** A traceback whose lines lead to the blocks that they name. */
  #showError(error) {
    const shown = element("pre", "run-error", "", { tabindex: "0" });
    const named = new RegExp(`"(${words.block("(\\d+)")})", line (\\d+)`, "g");
    let last = 0;
    for (const found of error.matchAll(named)) {
      const [, name, number] = found;
      const start = found.index + 1;
      shown.append(error.slice(last, start));
      const link = element("a", "", name, { href: `#${this.page.blocks[number - 1].shown.id}` });
      shown.append(link);
      last = start + name.length;
    }
    shown.append(error.slice(last).trimEnd());
    this.results.append(shown);
  }

  /** Make it a field in which its code is changed, a field for each output. */
  async edit() {
    if (this.isEdited) return;
    const { edit } = await import("./editor.js");
    if (this.isEdited) return;
    this.written.forEach((piece, i) => {
      const host = element("div", "run-editor");
      this.#slots[i].before(host);
      const editor = edit(host, {
        text: this.texts[i],
        label: words.code(this.number),
        changed: (text) => {
          this.texts[i] = text;
          this.page.changed(this.index);
        },
        run: () => this.page.run(this.index),
        leave: () => this.again.focus(),
      });
      this.#editors.push({ ...editor, host });
      this.#show(i);
    });
    this.shown.hidden = true;
    this.bar;
    this.refresh();
  }

  /** Take over the texts of an earlier visit. */
  async restore(texts) {
    this.texts = [...texts];
    await this.edit();
  }

  /** As it was written, and as if it had not run. */
  undo() {
    this.texts = this.written.map((piece) => piece.source);
    this.printed = this.written.map(() => null);
    for (const { host } of this.#editors) host.remove();
    this.#editors = [];
    this.#unmark();
    for (const slot of this.#slots) slot.replaceChildren();
    this.shown.hidden = false;
    this.refresh();
  }
}

/** What was printed, with a line that says where. */
function output(label, text, name = "") {
  const box = element("div", `run-output ${name}`.trim());
  const pre = element("pre");
  pre.append(element("code", "", text, { tabindex: "0" }));
  box.append(element("p", "run-label", label), pre);
  return box;
}
