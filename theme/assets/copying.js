// What is copied by hand: formulas as TeX, code without prompts and outputs, tables with tabs.
"use strict";

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea, [contenteditable]")) return;
  const range = selection.getRangeAt(0).cloneRange();
  const element = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const first = element(range.startContainer).closest(".katex");
  const last = element(range.endContainer).closest(".katex");
  if (first) range.setStartBefore(first); // half a formula is no TeX
  if (last) range.setEndAfter(last);

  // What is selected, in copies of all that is around it: within a table it is a table.
  let part = range.cloneContents();
  for (let around = element(range.commonAncestorContainer); around; around = around.parentElement) {
    if (around === document.body) break;
    const acts = around.matches("details, frame-series"); // or folds, and what is folded has no text
    const shell = document.createElement(acts ? "div" : around.localName);
    shell.className = around.className;
    shell.append(part);
    part = shell;
  }
  const place = document.createElement("div");
  place.append(part);
  if (!place.querySelector(".katex, pre, table")) return;
  const tools = "button, nav, .headerlink, .gp, .katex-html";
  for (const tool of place.querySelectorAll(tools)) tool.remove();
  for (const series of place.querySelectorAll("frame-series"))
    series.replaceWith(...series.childNodes);
  for (const code of place.querySelectorAll("pre > code")) {
    const alone = code.cloneNode(true);
    for (const output of alone.querySelectorAll(".go")) output.remove();
    const text = alone.textContent;
    if (text === code.textContent || !text.trim()) continue; // outputs alone are what is wanted
    code.textContent = text.replace(/\n{2,}/g, "\n");
  }
  const html = place.innerHTML;
  for (const formula of place.querySelectorAll(".katex")) {
    const tex = formula.querySelector("annotation").textContent;
    const mark = formula.closest(".katex-display") ? "$$" : "$";
    formula.replaceWith(mark + tex + mark);
  }
  Object.assign(place.style, { position: "fixed", left: "-200vw", width: "60rem" });
  document.body.append(place);
  const text = place.innerText;
  place.remove();
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", html);
  event.preventDefault();
});
