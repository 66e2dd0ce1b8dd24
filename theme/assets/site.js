// What the pages do beyond Material. Without it everything can still be read.
"use strict";

// Read from a folder on disk, "logistic/" would list the folder: add the file that a server adds.
if (location.protocol === "file:") {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const url = new URL(link.href);
    if (url.protocol === "file:" && url.pathname.endsWith("/")) {
      url.pathname += "index.html";
      link.href = url.href;
    }
  });
}

// What is far from the screen is laid out when it comes near, and until then has a likely height: so
// the place that an address names moves while its page comes into sight. Stay with it, unless the
// reader comes back to where she was, or moves on.
let returning = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
window.navigation?.addEventListener("navigate", ({ navigationType }) => {
  returning = navigationType === "traverse";
});
function stay() {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place || returning) return;
  const moved = new AbortController();
  for (const kind of ["wheel", "touchstart", "keydown", "mousedown"])
    addEventListener(kind, () => moved.abort(), { signal: moved.signal, passive: true });
  let [frames, still, height] = [90, 0, 0];
  const follow = () => {
    if (moved.signal.aborted) return;
    place.scrollIntoView({ behavior: "instant" });
    const now = document.documentElement.scrollHeight;
    still = now === height ? still + 1 : 0;
    height = now;
    if (still < 10 && --frames) requestAnimationFrame(follow);
    else moved.abort();
  };
  requestAnimationFrame(follow);
}
stay();
addEventListener("hashchange", stay);

const words = document.documentElement.lang.startsWith("zh")
  ? {
      search: "搜索",
      back: "上一幅",
      next: "下一幅",
      step: "第几幅",
      of: (n, all) => `第 ${n} 幅，共 ${all} 幅`,
      lost: "图没有载入，请再移动一次。",
    }
  : {
      search: "Search",
      back: "Back",
      next: "Next",
      step: "Picture",
      of: (n, all) => `Picture ${n} of ${all}`,
      lost: "The picture was not loaded. Move again.",
    };

// Names and roles that Material leaves open, for screen readers: its search dialog has no name,
// nobody is told that a block was copied, and the copy button of each block is a landmark of
// navigation.
document.querySelector(".md-search")?.setAttribute("aria-label", words.search);
document.querySelector(".md-dialog")?.setAttribute("role", "status");
const name = () => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "presentation");
  }
};
new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
name();

// A series of frames, of which sliders show one. A stepper's stand in the page, below each other
// until then. Of an explorer the first one does; the others come when a reader reaches for them.
class FrameSeries extends HTMLElement {
  connectedCallback() {
    if (this.sliders) return; // moved to another place
    this.frames = [...this.querySelectorAll(".frame")];
    this.picture = this.querySelector("svg");
    const all = this.frames.length;
    const controls = make("div", "series-controls");
    this.sliders = JSON.parse(this.dataset.sliders ?? "null")?.map((one) => this.slider(...one));
    if (this.sliders) {
      controls.append(...this.sliders.map((slider) => slider.parentNode));
      this.caption = this.querySelector("[role=status]");
      this.addEventListener("pointerover", this.load);
      this.addEventListener("focusin", this.load);
    } else {
      const slider = this.slider(words.step, 0, this.frames.map((_, n) => words.of(n + 1, all)));
      this.sliders = [slider];
      const button = (label, move) => {
        const made = make("button", "md-button", label);
        made.type = "button";
        made.onclick = () => this.show((slider.value = slider.valueAsNumber + move));
        return made;
      };
      slider.said.setAttribute("role", "status");
      this.ends = [button(words.back, -1), button(words.next, +1)];
      controls.append(this.ends[0], slider, this.ends[1], slider.said);
      this.show();
    }
    this.append(controls);
  }

  // A slider in its label, and beside it what it says.
  slider(name, start, texts) {
    const label = make("label");
    const slider = make("input");
    Object.assign(slider, { type: "range", min: 0, max: texts.length - 1, value: start, texts });
    slider.setAttribute("aria-label", name);
    slider.said = make("span", "series-value");
    slider.oninput = () => this.show();
    label.append(make("span", "series-name", name), slider, slider.said);
    say(slider);
    return slider;
  }

  async show() {
    this.sliders.forEach(say);
    const place = this.sliders.reduce((at, { texts, value }) => at * texts.length + +value, 0);
    if (this.ends) {
      this.frames.forEach((frame, n) => (frame.hidden = n !== place));
      this.ends.forEach((end, n) => (end.disabled = place === n * (this.frames.length - 1)));
      return;
    }
    this.place = place;
    try {
      const { pieces, frames } = await this.load();
      if (place !== this.place) return; // the reader has gone on meanwhile
      const [caption, ...runs] = frames[place];
      let drawing = "";
      for (let n = 0; n < runs.length; n += 2)
        drawing += pieces.slice(runs[n], runs[n] + runs[n + 1]).join("");
      this.picture.innerHTML = drawing;
      this.caption.textContent = caption;
    } catch {
      this.caption.textContent = words.lost;
    }
  }

  // The frames, in a script, which a folder on disk hands out as well as a server.
  load() {
    return (this.loaded ??= new Promise((loaded, failed) => {
      const script = make("script");
      script.src = this.dataset.frames;
      script.onload = () => loaded(script.frames);
      script.onerror = () => failed((this.loaded = null));
      document.head.append(script);
    }));
  }
}

function make(tag, name = "", text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function say(slider) {
  slider.said.textContent = slider.texts[slider.value];
  slider.setAttribute("aria-valuetext", slider.texts[slider.value]);
}

customElements.define("frame-series", FrameSeries);
