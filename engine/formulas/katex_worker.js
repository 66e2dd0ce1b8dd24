// Reads one JSON array of {tex, display} from standard input and writes one array of results:
// {html} for a formula that KaTeX accepts under its strictest settings, {error} for one it does not.
// Its argument is the folder of KaTeX.
"use strict";

const katex = require(process.argv[2]);

function render({ tex, display }) {
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      strict: "error",
      throwOnError: true,
      trust: false,
    });
    return { html };
  } catch (error) {
    return { error: error.message };
  }
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(JSON.parse(input).map(render)));
});
