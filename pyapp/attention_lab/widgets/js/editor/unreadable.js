// What Python may not be able to read, told while it is typed: where the parser that colours the text had to guess (Run tells for sure).
// The line that is being written is left alone, and so is what whoever ran it has told.
import {ensureSyntaxTree} from "@codemirror/language"
import {t} from "../texts.js"

const LONGEST = 200   // ms of parsing

export function unreadable(state, told) {
  const tree = ensureSyntaxTree(state, state.doc.length, LONGEST)
  if (tree == null) return []
  const {doc, selection} = state
  const lines = new Set([doc.lineAt(selection.main.head).number, ...told.map(({from}) => doc.lineAt(from).number)])
  const found = []
  tree.iterate({
    enter(node) {
      if (node.name === "FormatString") return false   // the parser knows less of these than Python
      if (!node.type.isError) return true
      const line = doc.lineAt(node.from)
      if (!lines.has(line.number)) {
        lines.add(line.number)
        const from = Math.min(node.from, line.to)
        found.push({from, to: Math.min(Math.max(node.to, from + 1), line.to), severity: "warning", message: words(line.text)})
      }
      return false
    },
  })
  return found
}

const OPENS = /^\s*(def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b.*[^:\s]\s*$/

const words = (line) => OPENS.test(line.replace(/#.*$/, "")) ? t("Can Python read this line? It seems to lack a colon at its end.") : t("Can Python read this line? Something seems to be missing, or too much.")
