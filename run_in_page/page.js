// The page while its code runs: its blocks, the one Python that they share, and what is told of it.

import { Block } from "./block.js";
import { button, element } from "./elements.js";
import { Exercise } from "./exercise.js";
import { Kept } from "./kept.js";
import { Ended, Python } from "./python.js";
import { words } from "./words.js";

/** What `start.js` calls when a reader has pressed a button for the first time. */
export async function begin(given) {
  const style = element("link", "", "", { rel: "stylesheet" });
  const styled = new Promise((resolve) => {
    style.addEventListener("load", resolve);
    style.addEventListener("error", resolve);
  });
  style.href = new URL("style.css", given.here).href;
  document.head.append(style);
  const page = new Page(given);
  await Promise.all([styled, page.restore()]);
  return page;
}

class Page {
  #mayLoad = false;
  #running = 0;
  #since = 0;

  constructor({ here, key, blocks, buttons, stubs, openers, hint, status, all }) {
    this.here = here;
    this.status = status;
    this.all = all;
    this.python = new Python(here);
    this.kept = new Kept(key);
    this.stopAll = button(words.stop, () => this.stop(), "run-stop");
    this.resetAll = button(words.resetAll, () => this.undoAll());
    this.hint = hint;
    hint.append(" ", this.stopAll, " ", this.resetAll);
    this.blocks = blocks.map((block, index) => new Block(block, index, buttons[index], this));
    this.exercises = stubs.map((stub, index) => new Exercise(stub, index, openers[index], this));
    this.refresh();
  }

  get isBusy() {
    return this.python.isBusy;
  }

  /** Show what the reader has changed on an earlier visit. */
  async restore() {
    for (const block of this.blocks) {
      const written = block.written.map((piece) => piece.source);
      const texts = this.kept.of(block.index, written);
      if (texts) await block.restore(texts);
    }
    for (const exercise of this.exercises) {
      const texts = this.kept.of(exercise.key, [exercise.written]);
      if (texts) await exercise.restore(texts);
    }
    if (!this.kept.isAllowed) this.say(words.notKept);
  }

  /** Run a block, and before it what stands above it and has not run with the text it has now. */
  async run(index) {
    const block = this.blocks[index];
    block.bar;
    await this.#run(index, (text) => block.say(text), block.bar);
  }

  async runAll() {
    const last = this.blocks.length - 1;
    const done = await this.#run(last, (text) => this.say(text), this.hint);
    if (!done) return;
    const differing = this.blocks.filter((block) => !block.isSame).length;
    const number = this.blocks.length;
    this.say(differing ? words.allRan(number, differing) : words.allSame(number));
  }

  /** Whether the block with this index has run to its end. */
  async #run(index, say, place) {
    if (this.isBusy || !(await this.#mayBeLoaded(place))) return false;
    const target = this.blocks[index];
    const asked = this.blocks.slice(0, index + 1).map((block) => block.asked);
    let failed = null;
    let told = 0;
    const timer = setInterval(() => {
      if (!this.#since) return;
      const seconds = Math.floor((performance.now() - this.#since) / 10_000) * 10;
      if (seconds > told) say(words.long(this.#running + 1, (told = seconds)));
    }, 1000);
    say(words.starting);
    const answer = this.python.ask({ kind: "run", blocks: asked }, (heard) => {
      if (heard.kind === "loading") say(words.loading(heard.what, heard.loaded, heard.total));
      if (heard.kind === "began") {
        this.#running = heard.block;
        this.#since = performance.now();
        told = 0;
        this.#forgetFrom(heard.block);
        this.blocks[heard.block].begin();
        say(words.running(heard.block + 1));
      }
      if (heard.kind === "printed") this.blocks[heard.block].print(heard.piece, heard.text);
      if (heard.kind === "ended") {
        this.#since = 0;
        const block = this.blocks[heard.block];
        block.end(heard.error, asked[heard.block].pieces);
        block.seconds = heard.seconds;
        if (heard.error) failed = { block, error: heard.error };
      }
    });
    this.refresh();
    try {
      await answer;
      if (failed) this.#tellFailure(failed, target, say);
      else if (target.isSame) {
        const shows = target.written.some((piece) => piece.printed !== null);
        const seconds = target.seconds.toFixed(1);
        say(shows ? words.same(seconds) : words.ran(seconds));
      } else say(words.differs(target.seconds.toFixed(1)));
      return !failed;
    } catch (error) {
      this.#tellEnd(error, say);
      return false;
    } finally {
      clearInterval(timer);
      this.#since = 0;
      this.refresh();
    }
  }

  #tellFailure({ block, error }, target, say) {
    const last = error.trimEnd().split("\n").at(-1);
    const told = /\bMemoryError\b/.test(last) ? words.memory : words.failed(last);
    if (block !== target) block.say(told);
    say(block === target ? told : words.failedAbove(block.number));
  }

  /** Python has ended before it was done: what has run is forgotten with it. */
  #tellEnd(error, say) {
    if (!(error instanceof Ended)) throw error;
    for (const block of this.blocks) block.forget();
    say(error.memory ? words.memory : words[error.kind]);
  }

  #forgetFrom(index) {
    for (const block of this.blocks.slice(index)) block.forget();
  }

  /** Open the field of an exercise. */
  async answer(index) {
    await this.exercises[index].open();
    this.exercises[index].focus();
  }

  /**
   * Ask Python about something that is no part of the page's program; what it answers, or null
   * where it has come to no end.
   */
  async ask(request, { place, say, running, longest, printed }) {
    if (this.isBusy || !(await this.#mayBeLoaded(place))) return null;
    let timer = 0;
    let endless = false;
    say(words.starting);
    const answer = this.python.ask(request, (heard) => {
      if (heard.kind === "loading") say(words.loading(heard.what, heard.loaded, heard.total));
      if (heard.kind === "printed") printed(heard.text);
      if (heard.kind === "began") {
        say(running);
        timer = setTimeout(() => {
          endless = true;
          this.python.stop();
        }, longest);
      }
    });
    this.refresh();
    try {
      return await answer;
    } catch (error) {
      this.#tellEnd(error, endless ? () => say(words.endless) : say);
      return null;
    } finally {
      clearTimeout(timer);
      this.refresh();
    }
  }

  stop() {
    this.python.stop();
  }

  changed(index) {
    const block = this.blocks[index];
    const written = block.written.map((piece) => piece.source);
    this.keep(index, written, block.texts);
    this.#forgetFrom(index);
  }

  /** Keep what somebody has changed, under the key of its place; drop what is as it was written. */
  keep(key, written, texts) {
    if (texts.some((text, i) => text !== written[i])) this.kept.put(key, written, texts);
    else this.kept.drop(key);
  }

  reset(index) {
    this.kept.drop(index);
    this.blocks[index].undo();
    this.#forgetFrom(index);
    this.blocks[index].say(words.wasReset);
    this.blocks[index].change.focus();
    this.refresh();
  }

  undoAll() {
    for (const block of this.blocks) {
      if (block.isEdited) this.kept.drop(block.index);
      block.undo();
    }
    this.say(words.allReset);
    this.refresh();
  }

  refresh() {
    const busy = this.isBusy;
    this.all.hidden = busy;
    this.stopAll.hidden = !busy;
    this.resetAll.disabled = busy;
    for (const part of [...this.blocks, ...this.exercises]) part.refresh();
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Whoever pays for what he loads is asked before it is loaded for the first time. */
  async #mayBeLoaded(place) {
    const { saveData, effectiveType } = navigator.connection ?? {};
    const metered = saveData || ["slow-2g", "2g", "3g"].includes(effectiveType);
    if (this.#mayLoad || !metered) return true;
    const question = element("div", "run-question", "", { role: "group" });
    question.append(element("p", "", words.metered(await this.#bytes())));
    this.#mayLoad = await new Promise((resolve) => {
      const yes = button(words.load, () => resolve(true));
      question.append(yes, button(words.notNow, () => resolve(false)));
      place.after(question);
      yes.focus();
    });
    question.remove();
    return this.#mayLoad;
  }

  /** How much Python has to load for this page. */
  async #bytes() {
    const { sizes, packages, imports } = await (await fetch(new URL("runtime.json", this.here))).json();
    const core = Object.keys(sizes).filter((name) => /^(pyodide|python_stdlib)/.test(name));
    const code = this.blocks.flatMap((block) => block.texts).join("\n");
    const waiting = Object.keys(imports)
      .filter((name) => new RegExp(`(import|from)\\s+${name}\\b`).test(code))
      .map((name) => imports[name]);
    const files = new Set(core);
    while (waiting.length) {
      const { file, depends } = packages[waiting.pop()];
      files.add(file);
      waiting.push(...depends);
    }
    return [...files].reduce((sum, name) => sum + sizes[name], 0);
  }
}
