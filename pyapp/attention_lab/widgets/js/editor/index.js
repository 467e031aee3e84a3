// Where a learner writes Python: CodeMirror in a shadow root, where it puts its styles into a sheet of its own, as the page's policy
// asks for. A script by itself, loaded with the first exercise: it leaves `attentionLabEditor` behind.
import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete"
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands"
import {python} from "@codemirror/lang-python"
import {bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting} from "@codemirror/language"
import {forceLinting, linter, lintGutter} from "@codemirror/lint"
import {EditorState, StateEffect, StateField} from "@codemirror/state"
import {Decoration, drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, WidgetType} from "@codemirror/view"
import {tags} from "@lezer/highlight"
import {t} from "../texts.js"
import {unreadable} from "./unreadable.js"

const COLOURS = HighlightStyle.define([
  {tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--q-ink)", fontWeight: "600"},
  {tag: [tags.string, tags.special(tags.string)], color: "var(--v-ink)"},
  {tag: [tags.number, tags.bool, tags.null], color: "var(--k-ink)"},
  {tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic"},
  {tag: tags.definition(tags.function(tags.variableName)), fontWeight: "600"},
  {tag: tags.invalid, textDecoration: "underline wavy"},
])

const LOOKS = EditorView.theme({
  "&": {color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "var(--code-size, 0.875rem)", height: "100%"},
  "&.cm-focused": {outline: "none"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto"},
  ".cm-content": {caretColor: "var(--ink)", padding: "10px 0"},
  ".cm-cursor, .cm-dropCursor": {borderLeftColor: "var(--ink)", borderLeftWidth: "2px"},
  ".cm-gutters": {color: "var(--ink-2)", backgroundColor: "var(--surface)", borderRight: "1px solid var(--line)"},
  ".cm-activeLine": {backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)"},
  ".cm-activeLineGutter": {backgroundColor: "transparent"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": {backgroundColor: "color-mix(in srgb, var(--q) 30%, transparent)"},
  "&.cm-focused .cm-matchingBracket": {backgroundColor: "color-mix(in srgb, var(--accent) 55%, transparent)", outline: "1px solid var(--edge)"},
  "&.cm-focused .cm-nonmatchingBracket": {backgroundColor: "transparent", outline: "1px solid var(--k)"},
  ".cm-tooltip": {color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--edge)", borderRadius: "6px"},
  ".cm-tooltip-autocomplete ul li[aria-selected]": {color: "var(--paper)", backgroundColor: "var(--ink)"},
  ".cm-diagnostic": {padding: "6px 10px", fontFamily: "var(--sans)", fontSize: "0.875rem", maxWidth: "60ch", borderLeft: "4px solid var(--k)"},
  ".cm-wrong": {backgroundColor: "color-mix(in srgb, var(--k) 14%, transparent)"},
  ".cm-printed": {marginLeft: "2ch", padding: "0 6px", borderLeft: "3px solid var(--accent)", color: "var(--ink-2)", backgroundColor: "var(--surface)", whiteSpace: "pre", userSelect: "none"},
})

const PAUSE = 800   // ms without a key before the text is looked through

// What CodeMirror says by itself: by its own words.
const phrases = () => ({Completions: t("Completions"), "Selection deleted": t("Selection deleted"), "Control character": t("Control character")})

// What a line has printed stands behind it; the line that went wrong is tinted. Both go as soon as the text changes.
const told = StateEffect.define()

class Printed extends WidgetType {
  constructor(text) {
    super()
    this.text = text
  }

  eq(other) {
    return other.text === this.text
  }

  toDOM() {
    const shown = Object.assign(document.createElement("span"), {className: "cm-printed", textContent: this.text})
    shown.setAttribute("aria-label", t("printed: {text}", {text: this.text}))
    return shown
  }
}

const beside = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(told)) return marksOf(transaction.state.doc, effect.value)
    return transaction.docChanged ? Decoration.none : marks
  },
  provide: (field) => EditorView.decorations.from(field),
})

function marksOf(doc, {wrong, printed}) {
  const at = (line) => doc.line(Math.max(1, Math.min(doc.lines, line)))
  const lines = wrong.map(({line}) => Decoration.line({class: "cm-wrong"}).range(at(line).from))
  const words = printed.map(({line, text}) => Decoration.widget({widget: new Printed(text), side: 1}).range(at(line).to))
  return Decoration.set([...lines, ...words], true)
}

// An editor in `host`. changed(text), run() and left() are called; what is returned reads and changes it.
function open(host, {text, label, changed, run, left}) {
  const root = host.shadowRoot ?? host.attachShadow({mode: "open"})
  root.replaceChildren()
  let said = []   // what was said of the text as it is by whoever ran it
  const act = (what) => () => { what(); return true }
  const keys = [
    {key: "Mod-Enter", run: act(run)},
    {key: "Ctrl-Enter", run: act(run)},
    ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab,
    {key: "Escape", run: act(left)},
  ]
  const extensions = [
    lineNumbers(), linter(({state}) => [...said, ...unreadable(state, said)], {delay: PAUSE}), lintGutter(), history(), highlightSpecialChars(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(), closeBrackets(),
    autocompletion({activateOnTypingDelay: 300}), python(), indentUnit.of("    "), EditorState.tabSize.of(4), syntaxHighlighting(COLOURS), LOOKS, EditorState.phrases.of(phrases()), beside, keymap.of(keys),
    EditorView.contentAttributes.of({"aria-label": label, tabindex: "0", autocapitalize: "off", autocorrect: "off", spellcheck: "false"}),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return
      said = []
      changed(update.state.doc.toString())
    }),
  ]
  const view = new EditorView({state: EditorState.create({doc: text, extensions}), parent: root, root})

  return {
    get text() { return view.state.doc.toString() },
    set text(text) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}, selection: {anchor: 0}}) },
    focus: () => view.focus(),

    // wrong: [{line, column, text}], counted from 1 and from 0; printed: [{line, text}].
    tell({wrong, printed}) {
      const {doc} = view.state
      said = wrong.filter(({line}) => line >= 1 && line <= doc.lines).map(({line, column, text: message}) => {
        const {from, to} = doc.line(line)
        const start = Math.min(to, from + Math.max(0, column ?? 0))
        return {from: start, to: Math.max(start, to), severity: "error", message}
      })
      view.dispatch({effects: told.of({wrong: wrong.filter(({line}) => line >= 1), printed})})
      forceLinting(view)
    },

    close: () => view.destroy(),
  }
}

globalThis.attentionLabEditor = {open}
