// Previews of equations and terms: what stands behind a link, on hover, focus and tap. Loaded by
// aids.js when one is first wanted. Everything shown was rendered by the build.
"use strict";

document.currentScript.start = (wanted, zh, first, kind) => {
  const tip = document.createElement("div");
  tip.id = "preview";
  tip.className = "preview";
  tip.hidden = true;
  document.querySelector("article").parentNode.append(tip);

  const loaded = {};
  let current = null; // the link whose preview is shown, or on its way
  let touched = kind === "click";
  let timer = 0;

  // The file that stands beside the linked page: a script, which a folder hands out as well.
  const load = (file) =>
    (loaded[file] ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = file;
      script.onload = () => {
        const { style, shown } = script.preview;
        if (style && !document.querySelector('link[href$="katex.css"]')) {
          const link = document.createElement("link");
          link.rel = "stylesheet";
          link.href = new URL(style, file);
          document.head.append(link);
        }
        done(shown);
      };
      script.onerror = () => failed((loaded[file] = null));
      document.head.append(script);
    }));

  const htmlOf = async (link) => {
    const anchor = decodeURIComponent(link.hash.slice(1));
    const formula = document.getElementById(anchor)?.querySelector(".formula");
    if (formula && link.pathname === location.pathname)
      return `<div>${formula.innerHTML}</div><small>(${anchor.slice(3)})</small>`;
    const file = link.matches(".term") ? "terms.js" : `${anchor}.js`;
    return (await load(new URL(file, link.href).href))[anchor];
  };

  const hide = () => {
    clearTimeout(timer);
    current?.removeAttribute("aria-describedby");
    current = null;
    tip.hidden = true;
  };

  const show = async (link, tapped) => {
    clearTimeout(timer);
    if (current === link) return;
    hide();
    current = link;
    tip.replaceChildren();
    tip.setAttribute("role", tapped ? "status" : "tooltip");
    if (tapped) {
      // What is put into a place that is there already is read out.
      tip.hidden = false;
      await new Promise((done) => setTimeout(done, 50));
    }
    let html;
    try {
      html = await htmlOf(link);
    } catch {}
    if (current !== link) return; // somebody has gone on meanwhile
    if (!html) {
      hide();
      if (tapped) location.assign(link.href);
      return;
    }
    tip.innerHTML = html;
    if (tapped) {
      const more = document.createElement("small");
      more.textContent = zh ? "再点一次，前往该处" : "Tap again to go there";
      tip.append(more);
    } else link.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    place(link);
  };

  // Below the link, or above it where there is no room; a wide formula is made smaller.
  const place = (link) => {
    tip.style.fontSize = tip.style.left = "";
    const formula = tip.querySelector(".katex-display > .katex") ?? tip;
    const wide = formula.scrollWidth / tip.clientWidth;
    if (wide > 1) tip.style.fontSize = `${Math.max(0.5, 0.92 / wide)}em`;
    const box = link.getClientRects()[0];
    const origin = tip.offsetParent.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
    const below = box.bottom + tip.offsetHeight < innerHeight || box.top < tip.offsetHeight + 60;
    tip.style.left = `${Math.max(8, left) - origin.left}px`;
    tip.style.top = `${(below ? box.bottom + 4 : box.top - tip.offsetHeight - 4) - origin.top}px`;
  };

  const linkAt = (event) => event.target.closest?.(wanted);
  const later = (work, wait) => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };

  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (current && linkAt(event) !== current && !tip.contains(event.target)) hide();
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event);
    if (link) later(() => show(link), 120);
    else if (tip.contains(event.target)) clearTimeout(timer);
    else if (current && current !== document.activeElement) later(hide, 250);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link?.matches(":focus-visible")) show(link);
    else if (current && link !== current) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (touched && current !== link) {
      event.preventDefault();
      show(link, true);
    } else hide();
  });
  addEventListener("resize", hide);

  show(first, kind === "click");
};
