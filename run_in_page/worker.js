// The worker: it loads Python, runs blocks in the page's one namespace, and asks the judges.

const files = (async () => (await fetch(new URL("runtime.json", import.meta.url))).json())();
const say = (kind, more = {}) => postMessage({ kind, ...more });

/** How far the files of one loading are; only what is named beforehand counts. */
const progress = { what: "", loaded: 0, total: 0, told: 0 };

function tell() {
  const now = performance.now();
  if (now - progress.told < 100 && progress.loaded < progress.total) return;
  progress.told = now;
  const { what, loaded, total } = progress;
  say("loading", { what, loaded: Math.min(loaded, total), total });
}

function expect(what, names, sizes) {
  Object.assign(progress, { what, loaded: 0, told: 0 });
  progress.total = names.reduce((sum, name) => sum + sizes[name], 0);
  tell();
}

// Pyodide loads by fetch, and tells nobody how far it is.
const fetched = self.fetch;
self.fetch = async (...given) => {
  const response = await fetched(...given);
  if (!response.ok || !response.body) return response;
  const counted = new TransformStream({
    transform(chunk, stream) {
      progress.loaded += chunk.byteLength;
      tell();
      stream.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
};

const CORE = ["pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"];
let started;

async function start() {
  const facts = await files;
  const folder = new URL(facts.folder, import.meta.url).href;
  expect("Python", CORE, facts.sizes);
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: folder });
  progress.loaded = progress.total;
  tell();
  pyodide.setStdin({ error: true });
  const ours = await fetch(new URL("python.zip", import.meta.url));
  pyodide.unpackArchive(await ours.arrayBuffer(), "zip");
  const session = pyodide.pyimport("run_in_page.session").Session();
  return { pyodide, session, facts, loaded: new Set() };
}

/** Load the packages that some code imports, with what these need. */
async function loadFor(code) {
  const { pyodide, facts, loaded } = await started;
  const found = pyodide.pyimport("pyodide.code").find_imports(code);
  const imported = found.toJs();
  found.destroy();
  const waiting = imported.map((name) => facts.imports[name]).filter(Boolean);
  // scikit-learn's photographs are read by Pillow, which it imports when one is asked for.
  if (/\bload_sample_images?\b/.test(code)) waiting.push("pillow");
  const wanted = new Set();
  while (waiting.length) {
    const name = waiting.pop();
    if (loaded.has(name) || wanted.has(name)) continue;
    wanted.add(name);
    waiting.push(...facts.packages[name].depends);
  }
  if (!wanted.size) return;
  const names = [...wanted].sort();
  expect(names.join(", "), names.map((name) => facts.packages[name].file), facts.sizes);
  let failure = "";
  const errorCallback = (told) => (failure += told);
  await pyodide.loadPackage(names, { messageCallback() {}, errorCallback });
  // There, each has the name that its author writes: Pillow.
  const there = new Set(Object.keys(pyodide.loadedPackages).map((name) => name.toLowerCase()));
  for (const name of names) {
    if (!there.has(name)) throw new NotLoaded(`${name}: ${failure}`);
    loaded.add(name);
  }
}

class NotLoaded extends Error {}

async function run({ blocks }) {
  const { pyodide, session } = await started;
  const texts = pyodide.toPy(blocks.map(({ pieces }) => pieces.map((p) => p.source).join("\n")));
  const first = session.first_to_run(texts);
  texts.destroy();
  for (let index = first; index < blocks.length; index++) {
    const { name, pieces } = blocks[index];
    await loadFor(pieces.map((piece) => piece.source).join("\n"));
    if (index === blocks.length - 1) session.keep();
    say("began", { block: index });
    const given = pyodide.toPy(
      pieces.map(({ source, line }, piece) => [
        source,
        line,
        (text) => say("printed", { block: index, piece, text }),
      ]),
    );
    const from = performance.now();
    const error = session.run(name, given);
    given.destroy();
    say("ended", { block: index, error, seconds: (performance.now() - from) / 1000 });
    if (error) return {};
  }
  return {};
}

async function check({ exercise, code, language }) {
  const { pyodide } = await started;
  await loadFor("import numpy");
  await loadFor(code);
  say("began", {});
  const { passed, message } = pyodide.pyimport("judges.judging").judge(exercise, code, language);
  return { passed, message };
}

/** Run what a reader wrote into a stub by itself, with the names that its judge provides. */
async function alone({ name, exercise, code }) {
  const { pyodide } = await started;
  await loadFor("import numpy");
  await loadFor(code);
  say("began", {});
  const { run_answer } = pyodide.pyimport("run_in_page.session");
  return { error: run_answer(exercise, name, code, (text) => say("printed", { text })) };
}

self.addEventListener("message", async ({ data }) => {
  try {
    started ??= start();
    await started;
    say("started");
  } catch (error) {
    return say("notLoaded", { why: String(error) });
  }
  try {
    say("done", await { run, check, alone }[data.kind](data));
  } catch (error) {
    if (error instanceof NotLoaded) return say("notLoaded", { why: String(error) });
    // Whatever is no exception of the page's code: Python itself has come to an end.
    say("crashed", { memory: /memory|allocation/i.test(String(error)), why: String(error) });
  }
});
