// A prediction as a short code, for a class poll without a server: six signs, of which the last is there to notice mistakes.
// Where and what was asked, and the option: nothing else is in it. docs/adr/0022-codes-of-a-poll.md tells why it is so.

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
  if (strange.length > 0) return {wrong: `“${[...new Set(strange)].join("”, “")}” is in no code`}
  if (signs.length !== LENGTH) return {wrong: `it has ${signs.length} signs, not ${LENGTH}`}
  const digits = [...signs].map((sign) => SIGNS.indexOf(sign))
  const [lab, step, high, low, option, last] = digits
  if (last !== check(digits.slice(0, -1), labs)) return {wrong: "a sign is wrong, or it is from another version of the lab"}
  if (lab >= labs.length) return {wrong: "it is of no lab that is here"}
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
const WITH_HYPHEN = /^[\p{L}\p{N}]{3}[-\u2010-\u2015\u2212][\p{L}\p{N}]{3}$/u
const WITHOUT = /^[\p{L}\p{N}]{6}$/u

// What a class has sent, one to a line or several, with names and times around them as a chat copies them: {codes, wrong}. In a
// line in which a word has the hyphen of a code, words without are names. A line without a code is wrong.
export function codesIn(text, labs) {
  const [codes, wrong] = [[], []]
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    const words = line.match(WORD) ?? []
    const hyphened = words.filter((word) => WITH_HYPHEN.test(word))
    const like = hyphened.length > 0 ? hyphened : words.filter((word) => WITHOUT.test(word))
    const read = like.map((word) => ({text: word, line: i + 1, ...decode(word, labs)}))
    const right = read.filter((each) => each.wrong == null)
    codes.push(...right)
    if (right.length > 0) wrong.push(...read.filter((each) => each.wrong != null && hyphened.length > 0))
    else if (read.length > 0) wrong.push(read.findLast((each) => /[\d-]/.test(each.text)) ?? read.at(-1))
    else if (line.trim() !== "") wrong.push({text: [...line.trim()].slice(0, 40).join(""), line: i + 1, wrong: "there is no code in it"})
  }
  return {codes, wrong}
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
