// What an address that leads nowhere shows: the language that the address has, with the way home.
"use strict";

{
  const root = new URL("..", document.currentScript.src);
  const path = `${location.pathname.slice(root.pathname.length)}/`;
  const sections = [...document.querySelectorAll("section")];
  const wanted =
    sections.find(({ dataset }) => dataset.folder && path.startsWith(dataset.folder)) ?? sections[0];
  for (const section of sections) {
    const home = new URL(section.dataset.folder, root).href;
    section.hidden = section !== wanted;
    section.querySelector("form").action = home;
    section.querySelector("a").href = home;
  }
  document.documentElement.lang = wanted.lang;
  document.title = wanted.querySelector("h1").textContent;
}
