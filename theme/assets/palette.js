// The palette that the reader has chosen, before anything is seen in another one.
{
  const palette = __md_get("__palette");
  if (palette?.color) {
    if (palette.color.media === "(prefers-color-scheme)") {
      const light = matchMedia("(prefers-color-scheme: light)").matches;
      const media = `(prefers-color-scheme: ${light ? "light" : "dark"})`;
      const chosen = document.querySelector(`[data-md-color-media='${media}']`);
      for (const name of ["media", "scheme", "primary", "accent"]) {
        palette.color[name] = chosen.getAttribute(`data-md-color-${name}`);
      }
    }
    for (const [key, value] of Object.entries(palette.color)) {
      document.body.setAttribute(`data-md-color-${key}`, value);
    }
  }
}
