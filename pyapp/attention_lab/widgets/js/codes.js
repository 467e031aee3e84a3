// A prediction as a short code, for a class poll without a server: six signs, of which the last is there to notice mistakes.
// Where and what was asked, and the option: nothing else is in it. docs/adr/0022-codes-of-a-poll.md tells why it is so.

import {t} from "./texts.js"

export const SIGNS = "34679ABCDEFHJKMNPRTVWXY"   // of signs that are taken for one another, one at most; as many as a prime number
const N = SIGNS.length
const LENGTH = 6
const BREAK = 3   // signs before the hyphen, which may be left out

// labs: their names in the order of the course; step: its place in the lab; key, options: of the prediction; option: its place.
// The code of a guess; null where there are more options than signs.
export function encode({labs, lab, step, key, options, option}) {
  const at = labs.indexOf(lab)
  const places = [at, step, option]
  if (places.some((place) => !(place >= 0 && place < N))) return null
  const question = asked({lab, key, options})
  const digits = [at, step, Math.floor(question / N), question % N, option]
  const signs = [...digits, check(digits, labs)].map((digit) => SIGNS[digit]).join("")
  return `${signs.slice(0, BREAK)}-${signs.slice(BREAK)}`
}

// A question as a number: the same words with other options, or of another sentence, are another one.
export const asked = ({lab, key, options}) => digest([lab, key, options]) % (N * N)

// {lab, step, question, option} of a code: the places of lab, step and option, and the number of the question; or {wrong}: why it is none.
export function decode(text, labs) {
  const signs = text.trim().toUpperCase().replace(/[-\u2010-\u2015\u2212]/g, "")
  const strange = [...signs].filter((sign) => !SIGNS.includes(sign))
  if (strange.length > 0) return {wrong: t("{signs} is in no code", {signs: `“${[...new Set(strange)].join("”, “")}”`})}
  if (signs.length !== LENGTH) return {wrong: t("it has {n} signs, not {length}", {n: signs.length, length: LENGTH})}
  const digits = [...signs].map((sign) => SIGNS.indexOf(sign))
  const [lab, step, high, low, option, last] = digits
  if (last !== check(digits.slice(0, -1), labs)) return {wrong: t("a sign is wrong, or it is from another version of the lab")}
  if (lab >= labs.length) return {wrong: t("it is of no lab that is here")}
  return {lab, step, question: high * N + low, option}
}

// Any one sign that is wrong, and any two that are exchanged, give another sum; so do other labs, or the same in another order.
function check(digits, labs) {
  return digits.reduce((sum, digit, i) => sum + (i + 1) * digit, digest(labs) % N) % N
}

// FNV-1a, 32 bits, of a value as JSON.
function digest(value) {
  let sum = 0x811c9dc5
  for (const byte of new TextEncoder().encode(JSON.stringify(value))) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return sum
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\u2010-\u2015\u2212-]*/gu
const HYPHENED = /^[\p{L}\p{N}]{3}[-\u2010-\u2015\u2212][\p{L}\p{N}]{3}$/u
const LIKE = /^[\p{L}\p{N}]{3}[-\u2010-\u2015\u2212]?[\p{L}\p{N}]{3}$/u

// What a class has sent, one to a line or several, with names and times around them as a chat copies them: {codes, wrong}. What
// has the hyphen of a code and is none is wrong, and so is a line without a code. Some names are codes by chance (Hannah): a word
// without hyphen and digit is taken for one only where it is alone and not written as a name.
export function codesIn(text, labs) {
  const [codes, wrong] = [[], []]
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    const like = (line.match(WORD) ?? []).filter((word) => LIKE.test(word))
    const read = like.map((word) => ({text: word, line: i + 1, ...decode(word, labs)}))
    const fits = read.filter((each) => each.wrong == null)
    const right = fits.filter((each) => isSure(each.text, line))
    codes.push(...right)
    wrong.push(...fits.filter((each) => !right.includes(each)).map(({text, line}) => ({text, line, wrong: t("it may be a name: a code without digits is written with its hyphen")})))
    const hyphened = read.filter((each) => each.wrong != null && HYPHENED.test(each.text))
    if (fits.length > 0 || hyphened.length > 0) wrong.push(...hyphened)
    else if (read.length > 0) wrong.push(read.findLast((each) => /\d/.test(each.text)) ?? read.at(-1))
    else if (line.trim() !== "") wrong.push({text: [...line.trim()].slice(0, 40).join(""), line: i + 1, wrong: t("there is no code in it")})
  }
  return {codes, wrong}
}

function isSure(word, line) {
  return HYPHENED.test(word) || /\d/.test(word) || (word === line.trim() && [word.toUpperCase(), word.toLowerCase()].includes(word))
}

// The codes of each question together: [{lab, step, question, counts: Map option -> how many, all}], the most answered first.
export function tally(codes) {
  const found = new Map()
  for (const {lab, step, question, option} of codes) {
    const name = `${lab} ${step} ${question}`
    if (!found.has(name)) found.set(name, {lab, step, question, counts: new Map(), all: 0})
    const group = found.get(name)
    group.counts.set(option, (group.counts.get(option) ?? 0) + 1)
    group.all++
  }
  return [...found.values()].sort((a, b) => b.all - a.all)
}
