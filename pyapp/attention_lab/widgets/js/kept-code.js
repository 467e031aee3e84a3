// What a learner writes, kept on this device at every change, with the versions that were run. Anything may stand in the storage: it is
// read as if a stranger had written it.

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

export function keptCode(id) {
  try {
    return read(localStorage.getItem(KEY + id))
  } catch {
    return {text: null, versions: []}   // no storage here
  }
}

// Whether it could be kept.
export function keepCode(id, {text, versions}) {
  try {
    localStorage.setItem(KEY + id, JSON.stringify({text, versions: versions.slice(-VERSIONS)}))
    return true
  } catch {
    return false
  }
}

export function mayKeep() {
  try {
    localStorage.setItem(`${KEY}?`, "")
    localStorage.removeItem(`${KEY}?`)
    return true
  } catch {
    return false
  }
}

// Another tab has written: `heard(id, text)`.
export function listenToTabs(heard) {
  const changed = ({key, newValue}) => { if (key?.startsWith(KEY) && newValue != null) heard(key.slice(KEY.length), read(newValue).text) }
  addEventListener("storage", changed)
  return () => removeEventListener("storage", changed)
}

// The program of an exercise as it stands, for whoever wants to run it elsewhere; null where nothing was written.
export const programOf = (id) => keptCode(id).text
