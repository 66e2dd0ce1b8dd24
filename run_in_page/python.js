// Python in a worker of its own: it can be stopped at any moment, and the page stays alive.

/** Why a run has come to no end: `kind` is "stopped", "crashed", "silent" or "notLoaded". */
export class Ended extends Error {
  constructor(kind, memory = false) {
    super(kind);
    this.kind = kind;
    this.memory = memory;
  }
}

/** So many milliseconds without a word while it loads, and it is given up. */
const PATIENCE = 90_000;

export class Python {
  #worker = null;
  #asked = null;
  #silence = 0;

  /** `here` is the address of the scripts, `facts` what the build knows of the runtime. */
  constructor(here) {
    this.here = here;
  }

  /** Ask the worker; `hear` is told each message of it. Rejects with Ended. */
  ask(request, hear) {
    this.#worker ??= this.#start();
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject, hear };
      this.#listen(true);
      this.#worker.postMessage(request);
    });
  }

  get isBusy() {
    return this.#asked !== null;
  }

  /** End whatever runs; the next question starts Python anew. */
  stop(kind = "stopped", memory = false) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#finish("reject", new Ended(kind, memory));
  }

  #start() {
    const worker = new Worker(new URL("worker.js", this.here), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      this.#listen(data.kind === "loading");
      if (data.kind === "done") this.#finish("resolve", data);
      else if (data.kind === "crashed") this.stop("crashed", data.memory);
      else if (data.kind === "notLoaded") this.stop("notLoaded");
      else this.#asked?.hear(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.stop("crashed");
    });
    return worker;
  }

  /** Where it loads, a long silence is an end. Code may run for as long as it likes. */
  #listen(loads) {
    clearTimeout(this.#silence);
    if (loads && this.#asked) this.#silence = setTimeout(() => this.stop("silent"), PATIENCE);
  }

  #finish(how, value) {
    clearTimeout(this.#silence);
    const asked = this.#asked;
    this.#asked = null;
    asked?.[how](value);
  }
}
