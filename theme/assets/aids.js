// Small aids for readers that the rest of the page does without: the section in a report of an
// error, the link to a formula, and previews, whose script is loaded when one is first wanted.
"use strict";

{
  const here = document.currentScript.src;
  const zh = document.documentElement.lang.startsWith("zh");

  // A report names the section that is in view when somebody reaches for it. So that it can be
  // reached from every section, it stands below the table of contents as well.
  const report = document.querySelector("a.report");
  if (report) {
    const { href, dataset, textContent } = report;
    const place = encodeURIComponent(dataset.place);
    const inView = () => {
      const above = [...document.querySelectorAll("article :is(h1, h2, h3, h4)[id]")].filter(
        (heading) => heading.getBoundingClientRect().top < innerHeight / 2,
      );
      return above.length ? encodeURIComponent("#" + above.pop().id) : "";
    };
    for (const list of document.querySelectorAll(".md-nav--secondary > .md-nav__list")) {
      const item = document.createElement("li");
      item.className = "md-nav__item";
      item.innerHTML = '<a class="md-nav__link report"></a>';
      item.firstChild.textContent = textContent;
      item.firstChild.href = href;
      list.append(item);
    }
    for (const kind of ["pointerdown", "focusin", "click"]) {
      document.addEventListener(
        kind,
        (event) => {
          const link = event.target.closest?.("a.report");
          if (link) link.href = href.replace(place, (whole) => whole + inView());
        },
        true,
      );
    }
  }

  // The link to a formula is copied as well as followed, where the browser allows that.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".equation > .headerlink");
    if (!link) return;
    try {
      await navigator.clipboard.writeText(link.href);
      alert$.next(zh ? "链接已复制" : "Link copied");
    } catch {}
  });

  // Whoever reaches for a link that has a preview makes its script come, which begins with that.
  const wanted = 'article a:is([href*="#eq-"], .term):not(.tag, .headerlink)';
  let touched = false;
  const first = (event) => {
    if (event.type === "pointerdown") touched = event.pointerType === "touch";
    const link = event.target.closest?.(wanted);
    if (!link || event.type === "pointerdown") return;
    if (event.type === "click" && !touched) return;
    if (event.type === "focusin" && !link.matches(":focus-visible")) return;
    if (event.type === "pointerover" && event.pointerType === "touch") return;
    if (event.type === "click") event.preventDefault();
    for (const kind of kinds) document.removeEventListener(kind, first, true);
    const script = document.createElement("script");
    script.src = new URL("preview.js", here);
    script.onload = () => script.start(wanted, zh, link, event.type);
    script.onerror = () => event.type === "click" && location.assign(link.href);
    document.head.append(script);
  };
  const kinds = ["pointerdown", "pointerover", "focusin", "click"];
  for (const kind of kinds) document.addEventListener(kind, first, true);
}
