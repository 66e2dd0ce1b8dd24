// Reads one JSON array of formulas from standard input and writes one array of results: of
// {tex, display} the {html} that KaTeX sets, of {tex, tree: true} the {tree} that it has read, and
// {error} for what it does not accept under its strictest settings.
// Its argument is the folder of KaTeX.
"use strict";

const katex = require(process.argv[2]);

const strict = { strict: "error", throwOnError: true, trust: false };
const placeless = (key, value) => (key === "loc" || key === "mode" ? undefined : value);

function answer({ tex, display, tree }) {
  try {
    if (tree) return { tree: katex.__parse(tex, { ...strict, displayMode: true }) };
    const looks = { displayMode: display, output: "htmlAndMathml" };
    return { html: katex.renderToString(tex, { ...strict, ...looks }) };
  } catch (error) {
    return { error: error.message };
  }
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(JSON.parse(input).map(answer), placeless));
});
