// What the reader has changed on this page, kept in his browser and nowhere else.

/** The changes of the page with this key; each holds as long as the page has the same code. */
export class Kept {
  constructor(key) {
    this.key = key;
    this.isAllowed = true;
    this.changes = {};
    this.#read();
  }

  /** The texts that a block was changed to; null if it was not, or had other code then. */
  of(index, written) {
    const change = this.changes[index];
    return change && change.written === written.join("\n\n") ? change.texts : null;
  }

  put(index, written, texts) {
    this.#read();
    this.changes[index] = { written: written.join("\n\n"), texts };
    this.#write();
  }

  drop(index) {
    this.#read();
    delete this.changes[index];
    this.#write();
  }

  /** What is kept by now: the same page may be open in another tab. */
  #read() {
    let kept;
    try {
      kept = localStorage.getItem(this.key);
    } catch {
      this.isAllowed = false;
      return;
    }
    try {
      const changes = JSON.parse(kept);
      this.changes = changes instanceof Object ? changes : {};
    } catch {
      this.changes = {}; // it was broken
    }
  }

  #write() {
    try {
      if (Object.keys(this.changes).length) {
        localStorage.setItem(this.key, JSON.stringify(this.changes));
      } else {
        localStorage.removeItem(this.key);
      }
    } catch {
      this.isAllowed = false;
    }
  }
}
