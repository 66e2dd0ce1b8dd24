// Reads a JSON array of TeX from standard input and writes an array of what KaTeX has read: its own
// parse tree of each, or {error}. What is printed on a page is set from the same tree.
// Its argument is the folder of KaTeX.
"use strict";

const katex = require(process.argv[2]);

const placeless = (key, value) => (key === "loc" || key === "mode" ? undefined : value);

function tree(tex) {
  try {
    return katex.__parse(tex, { displayMode: true, strict: "error", trust: false });
  } catch (error) {
    return { error: error.message };
  }
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(JSON.parse(input).map(tree), placeless));
});
