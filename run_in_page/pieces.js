// A block of code as it stands on the page: its pieces, each with the output shown below it.

const PROMPT = /^\s*(>>>|\.\.\.)( |$)/;

/**
 * The pieces of a block: `source`, the number of its first `line` in the block, and what is
 * `printed` below it (null where nothing is). The lines of a session count as they are shown.
 */
export function piecesOf(text) {
  const lines = text.replace(/\n+$/, "").split("\n");
  if (!lines.some((line) => line.startsWith(">>>"))) {
    return [{ source: lines.join("\n"), line: 1, printed: null }];
  }
  const pieces = [];
  let piece = null;
  lines.forEach((line, index) => {
    const isCode = PROMPT.test(line) && (line.trimStart().startsWith(">>>") || !piece?.output.length);
    if (isCode) {
      if (!piece || piece.output.some((one) => one.trim())) {
        piece = { source: [], line: index + 1, output: [] };
        pieces.push(piece);
      }
      piece.source.push(...piece.output, line.replace(PROMPT, ""));
      piece.output = [];
    } else {
      piece?.output.push(line);
    }
  });
  return pieces.map(({ source, line, output }) => ({
    source: source.join("\n"),
    line,
    printed: output.some((one) => one.trim()) ? tidy(output.join("\n")) : null,
  }));
}

/** What is printed, as it is compared: without spaces at the ends of lines, and empty last lines. */
export function tidy(text) {
  return text.replace(/[^\S\n]+$/gm, "").replace(/\n+$/, "");
}
