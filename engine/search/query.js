// Reads what is indexed and what is asked. The build puts this before Material's search worker,
// which has lunr, and calls it in four places (engine/search/material.py).
"use strict";

var reading = (() => {
  // A formula in the text of an entry, as engine/search/formula_text.py writes it.
  const FORMULA = /\ue000([^\ue001]*)\ue001/g;

  const GREEK =
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ " +
    "lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω";
  const SIGNS =
    "partial ∂ nabla ∇ sum ∑ prod ∏ odot ⊙ cdot ⋅ times × top ⊤ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ " +
    "approx ≈ in ∈ to → infty ∞ pm ± coloneqq ≔ ell ℓ";
  const listed = (text) => {
    const words = text.split(" ");
    return Object.fromEntries(words.flatMap((name, n) => (n % 2 ? [] : [[name, words[n + 1]]])));
  };
  const letters = listed(GREEK);
  const signs = { ...letters, ...listed(SIGNS) };
  // Names in formulas, whose letters are no symbols; NAME stands behind them.
  const FUNCTIONS = /^(?:arg|cos|exp|log|ln|max|min|sin|tanh)$/;
  const NAME = "\u2061";
  const accents = { hat: "\u0302", tilde: "\u0303", bar: "\u0304", dot: "\u0307", vec: "\u20d7" };

  // A letter with its accent and its scripts; what is below a letter makes it another symbol.
  const SYMBOL = String.raw`\p{L}\p{M}*(?:['′]|_\{([^{}]*)\}|\^\{[^{}]*\})*`;
  const DERIVATIVE = new RegExp(
    String.raw`(?:∂|\bd)(?:\^\{[^{}]*\})?(${SYMBOL})/\(?(?:∂|d)(${SYMBOL})`, "gu");
  const TAG = /\b[a-z]+\.\d+\b/gi;

  const FORMULA_WORD = /^(?:∂.+|[^\x00-\x7f\p{sc=Han}].?|\p{L}\p{M}*_.+|[a-z]+\.\d+)$/u;

  const symbol = (text) => {
    const letter = text.match(/^\p{L}\p{M}*/u)[0];
    const below = text.match(/_\{([^{}]*)\}/)?.[1].replace(/[^\p{L}\p{N}\p{M}−+]/gu, "");
    return (below ? `${letter}_${below}` : letter).normalize("NFKC").toLowerCase();
  };

  // The words by which a formula is found: its derivatives, its symbols, its tag.
  function formulaWords(line) {
    const text = line
      .replace(/\{ *(\p{L}+)\u2061 *\}/gu, "{$1}")
      .replace(/\p{L}+\u2061/gu, " ");
    const derivatives = [...text.matchAll(DERIVATIVE)].map(
      (found) => `∂${symbol(found[1])}∂${symbol(found[3])}`);
    const symbols = (text.match(new RegExp(SYMBOL, "gu")) ?? []).map(symbol);
    const tags = (text.match(TAG) ?? []).map((tag) => tag.toLowerCase());
    return { derivatives, symbols, tags };
  }

  // TeX that somebody has typed, as a line of text.
  function fromTex(tex) {
    const deep = String.raw`(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*`;
    const group = String.raw`\s*(?:\{(${deep})\}|(\\[A-Za-z]+|[^\s{}]))`;
    const either = (_, braced, bare) => braced ?? bare;
    const fraction = new RegExp(String.raw`\\[dt]?frac(?![a-z])${group}${group}`, "g");
    const accent = new RegExp(String.raw`\\(${Object.keys(accents).join("|")})(?![a-z])${group}`, "g");
    let text = tex.replace(/\\(?:begin|end|tag)\s*\{[^{}]*\}/g, " ").replace(/\\(?:math|text|operator|bold)[a-z]*\s*\{([^{}]*)\}/g, (_, name) =>
      /^[a-z]{2,}$/i.test(name) ? ` ${name}${NAME} ` : name);
    text = text.replace(accent, (_, name, ...of) => either(_, ...of) + accents[name]);
    for (let before; before !== text; ) {
      before = text;
      text = text.replace(fraction, (_, a, b, c, d) => ` ${a ?? b}/${c ?? d} `);
    }
    text = text.replace(/\\([A-Za-z]+)\s*/g, (_, name) => {
      const sign = signs[name] ?? signs[name.toLowerCase()]?.toUpperCase();
      return sign ?? (FUNCTIONS.test(name) ? `${name}${NAME} ` : " ");
    });
    text = text.replace(/\\.|\$|&/g, " ").replace(/([_^])(?:(\p{L}+|\d+)|([^\s{]))/gu, (_, mark, ...of) =>
      `${mark}{${either(_, ...of)}}`);
    return text
      .replace(/-/g, "−")
      .replace(/ *\/ */g, "/")
      .replace(/((?:∂|\bd)(?:\^\{[^{}]*\})?) +(?=\p{L})/gu, "$1");
  }

  // A formula as a whole, by what stays of it however it is set: who pastes it wants its place.
  const FORMULA_WHOLE = "≣";
  function wholeFormula(line) {
    const ordered = line.replace(/(\^\{[^{}]*\})(_\{[^{}]*\})/g, "$2$1");
    const signs = ordered.normalize("NFKD").match(/[\p{L}\p{N}\p{M}∂∇∑∏⊤⊙−≈≤≥]/gu) ?? [];
    return signs.length > 3 ? FORMULA_WHOLE + signs.join("").toLowerCase() : "";
  }

  const isFormula = (text) => /[\\∂∇]|[_^]\{|\bd\p{L}+\/d\p{L}/u.test(text);

  // A formula as it is shown among results.
  function shownFormula(text) {
    const names = { _: "sub", "^": "sup" };
    const open = [];
    return text.replaceAll(NAME, "").replace(/[&<>]|([_^])\{|[{}]/g, (sign, mark) => {
      if (mark) return `<${open[open.push(names[mark]) - 1]}>`;
      if (sign === "{") return open.push("") && sign;
      if (sign === "}") return open.length && (mark = open.pop()) ? `</${mark}>` : sign;
      return { "&": "&amp;", "<": "&lt;", ">": "&gt;" }[sign];
    });
  }

  // British spelling, which the pages have.
  function spelled(word) {
    if (/[^\x00-\x7f]/.test(word)) return word.normalize("NFKC");
    return word
      .replace(/^([a-z]{4,}?)iz(?=[aei]|$)/, "$1is")
      .replace(/^([a-z]{3,}?)yz(?=[aei]|$)/, "$1ys")
      .replace(/^(behavi|col|neighb|fav)or/, "$1our")
      .replace(/^center(?:ed|ing|s)?$/, "centre")
      .replace(/^(model|label|travel|cancel|signal)(ed|ing|er)$/, "$1l$2")
      .replace(/^gray/, "grey");
  }

  const isTelling = (word) => lunr.stopWordFilter(word) !== undefined;
  const stem = (word) => lunr.stemmer(new lunr.Token(spelled(word))).toString();

  // A name as a whole: who asks for just it wants the place that explains it.
  const WHOLE = "≡";
  const whole = (name) => {
    const words = name.normalize("NFKC").toLowerCase().split(/[\s\u200b-]+/).filter(Boolean);
    return words.length ? WHOLE + words.map(stem).join("") : "";
  };

  const HAN = /\p{sc=Han}+/gu;

  // Chinese words of a question that say nothing of what is sought.
  const ASKING = new Set(
    ("什么 怎么 怎样 如何 为什么 为何 哪里 哪些 哪个 请问 的 了 是 在 和 与 及 或 吗 呢 有 用 会 要 能 " +
      "多少 一个 之间 中").split(" "));

  // What the index keeps of a text, besides what lunr makes of it.
  function prepare(builder, config, docs) {
    for (const doc of docs) {
      const words = [];
      for (const field of ["title", "text"]) {
        doc[field] = doc[field].replace(FORMULA, (_, text) => {
          const found = formulaWords(text);
          words.push(...found.derivatives, ...found.symbols, ...found.tags);
          words.push(wholeFormula(text.replace(/\([a-z]+\.\d+\)$/, "")));
          return shownFormula(text);
        });
      }
      doc.formulas = words.join(" ");
      doc.whole = (doc.names ?? []).map(whole).join(" ");
      doc.names = (doc.names ?? []).join(" ");
    }
    const parts = config.parts ?? {};
    const known = new Map(); // of each word, the terms by which it is found
    const terms = (word) => {
      if (!known.has(word)) {
        const within = Object.hasOwn(parts, word) ? parts[word] : [];
        const own = [WHOLE, FORMULA_WHOLE].includes(word[0]) ? word : stem(word);
        known.set(word, isTelling(word) ? [own, ...within] : []);
      }
      return known.get(word);
    };
    const read = (token) => {
      const [first, ...more] = terms(token.toString());
      if (first === undefined) return null;
      return [token.update(() => first), ...more.map((term) => token.clone(() => term))];
    };
    lunr.Pipeline.registerFunction(read, "read");
    builder.pipeline.reset();
    builder.pipeline.add(read);
    builder.searchPipeline.reset(); // what is asked for has been read when it comes to lunr
  }

  // Chinese without spaces, cut into words that the index has.
  function cut(text, has, segment) {
    const words = [...segment(text)].filter(has);
    if (words.length) return words;
    const found = [];
    for (let start = 0; start < text.length; start++) {
      for (let end = text.length; end > start; end--) {
        if (!has(text.slice(start, end))) continue;
        found.push(text.slice(start, end));
        start = end - 1;
        break;
      }
    }
    return found.length ? found : [text];
  }

  // The words of a question, each with the terms of the index that answer it, and their weights.
  function ask(query, index, segment) {
    const has = (term) => term in index.invertedIndex;
    const all = Object.keys(index.invertedIndex);
    const words = [];
    const add = (typed, terms, sign = "") => words.push({ typed, terms, sign });

    const begins = (start, weight) =>
      all.filter((term) => term !== start && term.startsWith(start)).map((term) => [term, weight]);

    function formula(text) {
      const { derivatives, symbols, tags } = formulaWords(fromTex(text));
      for (const term of new Set([...tags, ...(derivatives.length ? derivatives : symbols)])) {
        const longer = term.length > 1 && has(term) ? begins(term, 1) : begins(term, 4);
        add(term, [[term, 8], ...longer.filter(([one]) => /^[∂\p{L}]\p{M}*[_∂]/u.test(one))]);
      }
    }

    function latin(typed, sign, next) {
      const term = stem(typed);
      const start = spelled(typed);
      const terms = has(term) ? [[term, 8]] : [];
      if (letters[typed]) terms.push([letters[typed], 8]);
      if (typed.length > 1) terms.push(...begins(start, terms.length ? 1 : 4));
      if (!terms.length && typed.length > 4) terms.push(...near(term, start));
      const joined = next && stem(typed + next);
      if (joined && has(joined)) terms.push([joined, 8]);
      add(typed, terms, sign);
    }

    // What somebody may have meant who has mistyped a word.
    function near(term, start) {
      for (let end = start.length - 1; end >= Math.max(5, start.length - 4); end--) {
        if (has(start.slice(0, end))) return [[start.slice(0, end), 4]];
      }
      for (const distance of term.length > 7 ? [1, 2] : [1]) {
        const wide = lunr.TokenSet.fromFuzzyString(term, distance);
        const found = index.tokenSet.intersect(wide).toArray();
        if (found.length) return found.map((one) => [one, 4]);
      }
      return [];
    }

    const text = query.normalize("NFKC").trim();
    if (isFormula(text)) formula(text);
    const pasted = words.length ? wholeFormula(fromTex(text)) : "";
    if (!words.length) {
      const quoted = text.toLowerCase().replace(/"([^"]*)"/g, (_, within) =>
        within.replace(/\S+/g, (word) => `+${word}`));
      for (const piece of quoted.split(/\s+/)) {
        const sign = /^[+-](?=.)/.test(piece) ? piece[0] : "";
        const bare = piece.slice(sign.length).replace(HAN, " $& ");
        for (const run of bare.split(/\s+/).filter(Boolean)) {
          if (run.match(HAN)) {
            for (const word of cut(run, has, (of) => segment(of, index.invertedIndex)))
              add(word, [[word, 8], ...begins(word, 1)], sign);
          } else {
            const spaced = run.split(lunr.tokenizer.separator).filter(Boolean);
            for (const word of spaced) add(word, null, sign);
          }
        }
      }
      for (const [n, word] of words.entries()) {
        if (word.terms) continue;
        const next = words[n + 1]?.terms === null ? words[n + 1].typed : "";
        words.splice(n, 1);
        const made = words.length;
        latin(word.typed, word.sign, next);
        words.splice(n, 0, ...words.splice(made));
      }
    }
    const telling = words.filter(({ typed, sign }) =>
      sign || (isTelling(typed) && !ASKING.has(typed)));
    return new Asked(
      telling.length ? telling : words,
      [[whole(text), 16], [pasted, 64]].find(([term]) => has(term)),
      telling.some(({ typed }) => FORMULA_WORD.test(typed)),
    );
  }

  class Asked {
    constructor(words, named, isFormula) {
      this.words = words;
      this.isFormula = isFormula;
      // Characters by which lunr's own language marks weights and the like are in no term.
      const clause = (sign, term, weight) => {
        const plain = term.replace(/[\s:^~*+\\-]/g, "");
        return plain && `${sign}${plain}^${weight}`;
      };
      this.query = words
        .flatMap(({ typed, terms, sign }) => {
          // Required or unwanted is one term, for lunr would require each of several.
          const given = terms.length ? terms : [[typed, 1]];
          return (sign ? given.slice(0, 1) : given).map(([term, weight]) => clause(sign, term, weight));
        })
        .concat(named && named.join("^"))
        .filter(Boolean)
        .join(" ");
    }

    // Which words of the question an entry has, by the terms that were found in it.
    found(terms) {
      const there = new Set(terms);
      return Object.fromEntries(
        this.words
          .filter(({ sign }) => sign !== "-")
          .map(({ typed, terms }) => [typed, terms.some(([term]) => there.has(term))]));
    }

    // How much more an entry counts than by lunr: all words of a question in one place.
    weight(found, isPage) {
      const there = Object.values(found);
      const share = there.filter(Boolean).length / (there.length || 1);
      return share ** 3 * (isPage ? 1.25 : 1);
    }

    // What a result shows: of a formula where it stands, else what is marked, or how it begins.
    teaser(marked, { text }) {
      if (!this.isFormula && marked.text.includes("<mark>")) return marked.text;
      const terms = this.words.flatMap((word) => word.terms.map(([term]) => term));
      const blocks = text.match(/<(p|pre|ul|ol)>.*?<\/\1>|[^<]+/gs) ?? [];
      const has = (block) => {
        const line = block.replace(/<su[bp]>/g, (tag) => (tag === "<sub>" ? "_{" : "^{"));
        const found = formulaWords(line.replace(/<\/su[bp]>/g, "}").replace(/<[^>]*>/g, " "));
        return Object.values(found).flat().some((word) => terms.includes(word));
      };
      const there = blocks.filter(has);
      if (there.length) return there.slice(0, 2).join("");
      return marked.text.includes("<mark>") ? marked.text : blocks.slice(0, 2).join("");
    }

    // The words as the entry has them, for the page to mark them, and those that it lacks.
    shown(found, { title, text }) {
      const marks = `${title} ${text}`.matchAll(/<mark>([^<]*)<\/mark>/g);
      const there = [...marks].map(([, word]) => [word.toLowerCase(), true]);
      return Object.fromEntries([
        ...there,
        ...Object.entries(found).filter(([word, is]) => !is),
      ]);
    }
  }

  return { ask, prepare, formulaWords, fromTex, shownFormula, spelled };
})();
