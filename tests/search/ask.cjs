// Ask the site's own search worker: node ask.cjs WORKER INDEX < questions, a JSON array of texts.
// Answers, for each question, the results in their order: groups of entries, the best one first.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const [worker, index] = process.argv.slice(2);
const questions = JSON.parse(fs.readFileSync(0, "utf8"));

let receive;
let answered;
const scope = {
  console,
  URL,
  addEventListener: (_, listener) => (receive = listener),
  postMessage: (message) => answered(message),
  importScripts: (...urls) => {
    for (const url of urls) run(path.resolve(path.dirname(worker), url));
  },
};
scope.self = scope.globalThis = scope;
vm.createContext(scope);

function run(file) {
  new vm.Script(fs.readFileSync(file, "utf8"), { filename: file }).runInContext(scope);
}

function send(type, data) {
  return new Promise((resolve) => {
    answered = resolve;
    receive({ data: { type, data } });
  });
}

(async () => {
  run(worker);
  await send(0, { ...JSON.parse(fs.readFileSync(index, "utf8")), options: { suggest: false } });
  const answers = [];
  for (const question of questions) answers.push((await send(2, question)).data.items);
  process.stdout.write(JSON.stringify(answers));
})();
