// What Material has as inline scripts in each page's head, so that none is needed: where its settings
// are kept, below the root of the site.
{
  const scope = new URL(document.currentScript.dataset.scope, location);
  window.__md_scope = scope;
  window.__md_hash = (text) =>
    [...text].reduce((hash, sign) => (hash << 5) - hash + sign.charCodeAt(0), 0);
  // Where nothing may be kept, the next page begins anew.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };
  window.__md_get = (key, storage, place = scope) =>
    attempt(() => JSON.parse((storage ?? localStorage).getItem(`${place.pathname}.${key}`)));
  window.__md_set = (key, value, storage, place = scope) => {
    const text = JSON.stringify(value);
    attempt(() => (storage ?? localStorage).setItem(`${place.pathname}.${key}`, text));
  };
}

// Lines of code that are to scroll do so from the start.
if (__md_get("lines") === "scroll") document.documentElement.dataset.lines = "scroll";

// Material would fetch the sitemap of every alternate, from whatever host the site was built for,
// and redirect clicks by it. It looks for links that are alternates and nothing else.
for (const link of document.querySelectorAll("link[rel=alternate]")) link.relList.add("translation");

// The fonts that come within the style sheet of formulas are unpacked before the page is laid out;
// otherwise its lines would be broken once for another font, and be broken anew at once.
for (const font of ["1em KaTeX_Main", "italic 1em KaTeX_Math"]) document.fonts?.load(font);
