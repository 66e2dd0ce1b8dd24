// Bundles the scripts named on the standard input, and answers with their texts.
"use strict";

const path = require("node:path");
const { readFileSync } = require("node:fs");
const esbuild = require(path.resolve(process.argv[2], "esbuild"));

const { scripts, entries } = JSON.parse(readFileSync(0, "utf8"));

// The first is an ordinary script, which a browser runs from a folder, too; the rest are modules.
const options = {
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none",
  logLevel: "error",
  target: "es2022",
  nodePaths: [path.resolve(process.argv[2])],
};
const styles = [{ name: "style.css", format: undefined }];
const made = {};
for (const { name, format } of [
  ...entries.map((name) => ({ name, format: name === "start.js" ? "iife" : "esm" })),
  ...styles,
]) {
  // What is loaded later stays a file of its own.
  const external = entries.filter((other) => other !== name).map((other) => `./${other}`);
  const result = esbuild.buildSync({
    ...options,
    format,
    external: [...external, "*/pyodide.mjs"],
    entryPoints: [path.join(scripts, name)],
  });
  made[name] = result.outputFiles[0].text;
}
process.stdout.write(JSON.stringify(made));
