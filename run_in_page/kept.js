// What the reader has changed on this page, kept in his browser and nowhere else.

/** The changes of the page with this key; each holds as long as the page has the same code. */
export class Kept {
  constructor(key) {
    this.key = key;
    try {
      this.changes = JSON.parse(localStorage.getItem(key)) ?? {};
      this.isAllowed = true;
    } catch {
      this.changes = {};
      this.isAllowed = false;
    }
  }

  /** The texts that a block was changed to; null if it was not, or had other code then. */
  of(index, written) {
    const change = this.changes[index];
    return change && change.written === written.join("\n\n") ? change.texts : null;
  }

  put(index, written, texts) {
    this.changes[index] = { written: written.join("\n\n"), texts };
    this.#write();
  }

  drop(index) {
    delete this.changes[index];
    this.#write();
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
