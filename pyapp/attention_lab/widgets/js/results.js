// What a learner hands in where no course keeps it: a file of results, or a zip with the programs beside it. It is their own report.
import {strToU8, zipSync} from "fflate"
import {programOf} from "./kept-code.js"

const WORDS = "Self-reported: written by the learner's own browser, and whoever wants to can change it. To be sure, run: python -m attention_lab.grading --all FOLDER"
const EXERCISE = "exercise:"

// Every row of a score as it is handed in.
function itemsOf({groups}) {
  return groups.flatMap(({kind, rows}) => rows.map(({id, title, home, result}) => {
    const [tries, first, right, looked] = result ?? [0, null, false, false]
    const of = kind === "prediction" ? 0 : 1
    return {id, kind, lab: home, title, result: right ? "right" : tries > 0 ? "wrong" : "open", tries, first, points: right ? of : 0, of, solution_seen: looked}
  }))
}

function resultsOf(score, name) {
  const {points, of, open} = score
  return {
    format: "attention-lab results", version: 1, self_reported: WORDS, name, build: globalThis.attentionLab?.build ?? "", written: new Date().toISOString(),
    score: {points, of, open}, items: itemsOf(score),
  }
}

const text = (results) => `${JSON.stringify(results, null, 1)}\n`

// A name as a part of the name of a file, on any system.
const asFile = (name) => [...name.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "")].slice(0, 40).join("") || "someone"

function save(bytes, type, file) {
  const address = URL.createObjectURL(new Blob([bytes], {type}))
  Object.assign(document.createElement("a"), {href: address, download: file}).click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

// <student>/exercise_<id>.py, as `python -m attention_lab.grading --all` reads a folder.
function zipped(results, folder) {
  const files = {[`${folder}/results.json`]: strToU8(text(results))}
  for (const {id, kind} of results.items) {
    const program = kind === "exercise" ? programOf(id.slice(EXERCISE.length)) : null
    if (program != null) files[`${folder}/exercise_${id.slice(EXERCISE.length)}.py`] = strToU8(program)
  }
  return zipSync(files)
}

// The menu of the score says what is to be saved; it is drawn before this script is there.
addEventListener("attention-lab:save", ({detail: {score, name, programs}}) => {
  const results = resultsOf(score, name)
  const file = asFile(name)
  if (programs) save(zipped(results, file), "application/zip", `attention-lab-${file}.zip`)
  else save(text(results), "application/json", `attention-lab-${file}.json`)
})
