// The field in which a block's code is changed: CodeMirror, in the site's colours.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colour = (name) => ({ color: `var(--md-code-hl-${name}-color)` });

/** The colours that the page's own code has. */
const COLOURS = HighlightStyle.define([
  { tag: tags.comment, ...colour("comment") },
  { tag: [tags.string, tags.special(tags.string)], ...colour("string") },
  { tag: tags.number, ...colour("number") },
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], ...colour("keyword") },
  { tag: [tags.bool, tags.null, tags.self], ...colour("constant") },
  { tag: [tags.operator, tags.derefOperator], ...colour("operator") },
  { tag: [tags.punctuation, tags.paren, tags.squareBracket, tags.brace], ...colour("punctuation") },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.meta], ...colour("function") },
]);

const THEME = EditorView.theme({
  "&": { backgroundColor: "var(--md-code-bg-color)", color: "var(--md-code-fg-color)" },
  "&.cm-focused": { outline: "2px solid var(--md-accent-fg-color)" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", lineHeight: "1.4" },
  ".cm-content": { padding: "0.7em 0", caretColor: "var(--md-code-fg-color)" },
  // What of a long line is wrapped stands a little further in.
  ".cm-line": { padding: "0 1.1em 0 3.1em", textIndent: "-2em" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--md-code-hl-color--light)" },
});

/**
 * Put an editor with some text into an element. `changed` is told each new text; `run` is called
 * by Control (or Command) and Enter, `leave` by Escape. Tab leaves the field, as it does elsewhere.
 */
export function edit(parent, { text, label, changed, run, leave }) {
  const command = (work) => () => {
    work();
    return true;
  };
  const extensions = [
    history(),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    python(),
    syntaxHighlighting(COLOURS),
    THEME,
    EditorView.lineWrapping, // as the page's own code on a narrow screen
    EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
    keymap.of([
      { key: "Mod-Enter", run: command(run) },
      { key: "Shift-Enter", run: command(run) },
      { key: "Escape", run: command(leave) },
      ...defaultKeymap,
      ...historyKeymap,
    ]),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    focus: () => view.focus(),
    set: (doc) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: doc } }),
  };
}
