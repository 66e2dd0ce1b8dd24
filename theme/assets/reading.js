// On a narrow screen: code that is wrapped or scrolls, the section's name, names of what scrolls.
"use strict";

{
  const here = document.currentScript.src;
  const root = document.documentElement;
  const words = root.lang.startsWith("zh")
    ? { wrap: "长行自动换行", table: "可以左右滚动的表格" }
    : { wrap: "Wrap long lines", table: "Table that scrolls sideways" };

  // A switch beside each copy button; they all say the same.
  const say = (button) => button.setAttribute("aria-pressed", root.dataset.lines !== "scroll");
  const toggle = () => {
    if (root.dataset.lines) delete root.dataset.lines;
    else root.dataset.lines = "scroll";
    __md_set("lines", root.dataset.lines ?? "wrap");
    document.querySelectorAll(".wrap-lines").forEach(say);
  };
  const addSwitch = (nav) => {
    const button = document.createElement("button");
    button.className = "md-code__button wrap-lines";
    button.type = "button";
    button.title = words.wrap;
    button.ariaLabel = words.wrap;
    button.textContent = "↩";
    button.onclick = toggle;
    say(button);
    nav.prepend(button);
    nav.role = "presentation"; // Material makes it a landmark of navigation
  };

  // A table that scrolls is reached by the keyboard, and says what it is.
  const sizes = new ResizeObserver((tables) => {
    for (const { target } of tables) {
      const scrolls = target.scrollWidth > target.clientWidth;
      const wanted = { tabindex: "0", role: "group", "aria-label": words.table };
      for (const [name, value] of Object.entries(wanted)) {
        if (scrolls) target.setAttribute(name, value);
        else target.removeAttribute(name);
      }
    }
  });

  // Both are made by Material's script, some of them late.
  const complete = () => {
    document.querySelectorAll("nav.md-code__nav:not([role])").forEach(addSwitch);
    for (const table of document.querySelectorAll(".md-typeset__scrollwrap:not(.seen)")) {
      table.classList.add("seen");
      sizes.observe(table);
    }
  };
  new MutationObserver(complete).observe(document.body, { childList: true, subtree: true });
  complete();

  // What is copied by hand is put right by a script that comes once something is selected.
  const select = () => {
    if (getSelection().isCollapsed) return;
    document.removeEventListener("selectionchange", select);
    const script = document.createElement("script");
    script.src = new URL("copying.js", here);
    script.onload = () => (script.id = "copying");
    document.head.append(script);
  };
  document.addEventListener("selectionchange", select);

  // The last heading that has gone below the header.
  const headings = [...document.querySelectorAll("article h2[id]")];
  const topic = document.querySelector("[data-md-component=header-topic] .md-ellipsis");
  if (topic && headings.length) {
    const section = document.createElement("span");
    section.className = "header-section";
    topic.after(section);
    const passed = new Set();
    const noted = (entries) => {
      for (const { target, isIntersecting } of entries)
        passed[isIntersecting ? "delete" : "add"](target);
      const last = headings.findLast((heading) => passed.has(heading));
      // With its marks of language and its formulas, which a text alone would lose.
      const shown = last?.cloneNode(true);
      shown?.querySelector(".headerlink")?.remove();
      section.replaceChildren(...(shown?.childNodes ?? []));
    };
    const below = new IntersectionObserver(noted, { rootMargin: "-80px 0px 10000000px" });
    headings.forEach((heading) => below.observe(heading));
  }
}
