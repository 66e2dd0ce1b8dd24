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

const words = document.documentElement.lang.startsWith("zh")
  ? {
      search: "搜索",
      back: "上一幅",
      next: "下一幅",
      step: "第几幅",
      of: (n, all) => `第 ${n} 幅，共 ${all} 幅`,
    }
  : {
      search: "Search",
      back: "Back",
      next: "Next",
      step: "Picture",
      of: (n, all) => `Picture ${n} of ${all}`,
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

// A stepper's frames stand below each other; here they become one picture with a slider.
for (const stepper of document.querySelectorAll(".stepper")) {
  const frames = [...stepper.querySelectorAll(".frame")];
  const controls = document.createElement("div");
  controls.className = "stepper-controls";

  const button = (label, move) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "md-button";
    made.textContent = label;
    made.addEventListener("click", () => show(Number(slider.value) + move));
    return made;
  };
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 1;
  slider.max = frames.length;
  slider.setAttribute("aria-label", words.step);
  slider.addEventListener("input", () => show(Number(slider.value)));
  const back = button(words.back, -1);
  const next = button(words.next, +1);
  const status = document.createElement("span");
  status.className = "stepper-status";
  status.setAttribute("role", "status");

  function show(step) {
    slider.value = step;
    slider.setAttribute("aria-valuetext", words.of(step, frames.length));
    frames.forEach((frame, index) => (frame.hidden = index + 1 !== step));
    back.disabled = step === 1;
    next.disabled = step === frames.length;
    status.textContent = words.of(step, frames.length);
  }

  controls.append(back, slider, next, status);
  stepper.after(controls);
  stepper.classList.add("stepping");
  show(1);
}
