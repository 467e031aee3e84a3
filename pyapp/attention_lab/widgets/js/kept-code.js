// What a learner writes, kept at every change, with the versions that were run, where the page keeps things (web/store.js). Anything
// may stand there: it is read as if a stranger had written it.

const KEY = "attention-lab-code "   // and the name of the exercise
const VERSIONS = 20
const LONGEST = 40_000   // characters

const isText = (value) => typeof value === "string" && value.length <= LONGEST
const isVersion = (value) => isText(value?.text) && Number.isFinite(value.at) && isText(value.said)

function read(stored) {
  try {
    const {text, versions} = JSON.parse(stored)
    return {text: isText(text) ? text : null, versions: Array.isArray(versions) ? versions.filter(isVersion).slice(-VERSIONS) : []}
  } catch {
    return {text: null, versions: []}
  }
}

const store = () => globalThis.attentionLab?.store ?? null   // only the page has one

export function keptCode(id) {
  return read(store()?.getItem(KEY + id) ?? null)
}

// Whether it is kept until another visit.
export function keepCode(id, {text, versions}) {
  try {
    store().setItem(KEY + id, JSON.stringify({text, versions: versions.slice(-VERSIONS)}))
    dispatchEvent(new CustomEvent("attention-lab:written", {detail: {id, text}}))
    return store().keeps
  } catch {
    return false
  }
}

export const mayKeep = () => store()?.keeps ?? false

// Another tab has written: `heard(id, text)`.
export function listenToTabs(heard) {
  return store()?.listen((key, value) => { if (key.startsWith(KEY) && value != null) heard(key.slice(KEY.length), read(value).text) }) ?? (() => {})
}

// The program of an exercise as it stands, for whoever wants to run it elsewhere; null where nothing was written.
export const programOf = (id) => keptCode(id).text
