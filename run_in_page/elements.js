// Small things that the page's parts are made of.

/** An element with a class, text and attributes. */
export function element(tag, name = "", text = "", attributes = {}) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A button that calls `press`. */
export function button(text, press, name = "") {
  const made = element("button", `run-small ${name}`.trim(), text, { type: "button" });
  made.addEventListener("click", press);
  return made;
}

/** A line that tells what happens, to those who listen, too. */
export function status() {
  return element("span", "run-status", "", { role: "status" });
}
