// Marks the words by which the search has found a page, until the reader clears them. Pages load it
// where their address names such words, "?h=…"; what is marked stays as it is.
"use strict";
{
  const url = new URL(location);
  const clear = () => {
    CSS.highlights.delete("found");
    button.remove();
    url.searchParams.delete("h");
    history.replaceState(history.state, "", url);
  };
  const button = document.createElement("button");
  button.type = "button";
  button.className = "md-button found-clear";
  button.textContent = document.documentElement.lang.startsWith("zh") ? "清除标记" : "Clear marks";
  button.onclick = clear;

  // Chinese has no spaces; a word of letters is a whole word, and a single letter is none.
  const sign = (word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const words = url.searchParams.get("h").split(/\s+/).filter((word) => /\p{sc=Han}|../u.test(word));
  const pattern = new RegExp(`(${words.map(sign).join("|")})`, "giu");
  const isLetter = /[\p{L}\p{N}_]/u;
  const isHan = /\p{sc=Han}/u;
  const isWord = (text, start, end) =>
    isHan.test(text[start]) || !(isLetter.test(text[start - 1] ?? " ") || isLetter.test(text[end] ?? " "));

  const passed = ".formula, svg, script, style, button, input, textarea, .headerlink, .tag";
  const article = document.querySelector("article");
  if (words.length && window.Highlight) {
    const ranges = [];
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.data;
      for (const { index, 0: { length } } of text.matchAll(pattern)) {
        if (!isWord(text, index, index + length)) continue;
        if (texts.currentNode.parentElement.closest(passed)) break;
        const range = new Range();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + length);
        ranges.push(range);
      }
    }
    if (ranges.length) {
      CSS.highlights.set("found", new Highlight(...ranges));
      article.prepend(button);
      addEventListener("keydown", ({ key }) => key === "Escape" && button.isConnected && clear());
    }
  }
}
