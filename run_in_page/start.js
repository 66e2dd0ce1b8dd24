// The little that each page with code has: a button at each block. All else is loaded when one of
// them is pressed. Without this script, without a server or without WebAssembly, a page is as it is.
"use strict";

{
  const here = document.currentScript.src;
  const words = document.documentElement.lang.startsWith("zh")
    ? {
        run: "运行这段代码，以及上面尚未运行的代码",
        all: "运行本页全部代码",
        answer: "写出答案并检查",
        hint: "本页的代码可以直接在浏览器里运行（▶），运行之后还可以修改。",
        folder: "从本地文件夹打开时，代码不能在页面里运行；请通过网站或本地服务器阅读。",
        failed: "没有加载成功。请检查网络连接，再试一次。",
      }
    : {
        run: "Run this block, and what stands above it and has not run yet",
        all: "Run all code of this page",
        answer: "Write your answer, and have it checked",
        hint: "The code of this page runs in your browser (▶); once it has run, you can change it.",
        folder: "Read from a folder on disk, the code cannot run in the page; read it from a server.",
        failed: "It could not be loaded. Check the connection, and try again.",
      };
  const made = (tag, name, text = "") => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  };
  // The stubs of exercises are no part of the page's program.
  const python = "div.highlight:is(.language-python, .language-pycon):not(.try-it *)";
  const blocks = [...document.querySelectorAll(python)];
  const stubs = [...document.querySelectorAll(".try-it[data-exercise]")];
  const hint = document.querySelector("article .run-hint");
  const key = `run:${location.pathname}`;
  const status = made("span", "", words.hint);
  status.setAttribute("role", "status");
  hint.append(status);

  let page;
  const load = () => {
    page ??= import(new URL("page.js", here).href).then((module) =>
      module.begin({ here, key, blocks, buttons, stubs, openers, hint, status, all }),
    );
    return page.catch((error) => {
      page = undefined;
      status.textContent = words.failed;
      throw error;
    });
  };
  const all = made("button", "run-all", `▶ ${words.all}`);
  all.addEventListener("click", () => load().then((opened) => opened.runAll()));
  const buttons = [];
  const openers = [];

  if (location.protocol === "file:") {
    status.textContent = words.folder;
  } else if (blocks.length && window.WebAssembly && window.Worker) {
    hint.append(" ", all);
    blocks.forEach((block, index) => {
      const button = made("button", "run-button", "▶");
      button.setAttribute("aria-label", words.run);
      button.title = words.run;
      button.addEventListener("click", () => load().then((opened) => opened.run(index)));
      block.querySelector("pre").append(button);
      buttons.push(button);
    });
    stubs.forEach((stub, index) => {
      const button = made("button", "run-all", `✎ ${words.answer}`);
      button.addEventListener("click", () => load().then((opened) => opened.answer(index)));
      stub.append(button);
      openers.push(button);
    });
    try {
      // What the reader has changed on an earlier visit is shown again.
      if (localStorage.getItem(key)) load();
    } catch {
      // Nothing may be kept.
    }
  } else {
    hint.remove();
  }
}
