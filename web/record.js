// What a course keeps of a learner, as text of limited length: place and results always; then the rest of the link, what was guessed and
// seen, and of the programs those that fit, first those of exercises that were not passed yet.
import { fieldsOf, guessesIn, isObject, stringsOf } from "./kept.js";

export const LIMIT = 4000; // characters of suspend_data: 1.2 promises 4096, the first editions of 2004 only 4000; nobody enforces it
const LONGEST = 40_000; // characters of a program
const PLACE = new Set(["lab", "step", "exercise"]);
const MOST_TRIES = 999;

// One number for what came of something: tries, and whether the first was right, any was, the solution was looked at.
const packed = ({ tries, first, right, looked }) => tries * 8 + first * 4 + right * 2 + looked;
const isPacked = (n) => Number.isSafeInteger(n) && n >= 8 && n < (MOST_TRIES + 1) * 8;
const unpacked = (n) => ({ tries: n >> 3, first: (n & 4) > 0, right: (n & 2) > 0, looked: (n & 1) > 0 });

const counting = ({ groups }) => groups.filter(({ kind }) => kind !== "prediction");

// Take in what the screen knows; what was there before is never taken back.
function learn(score, done) {
  for (const { rows } of counting(score)) {
    for (const { id, result } of rows) {
      if (!result?.[0]) continue;
      const [tries, first, right, looked] = result;
      const known = done.get(id);
      if (!known) done.set(id, { tries, first, right, looked });
      else done.set(id, { tries: Math.max(known.tries, tries), first: known.first, right: known.right || right, looked: known.looked || looked });
    }
  }
}

// The score by the rule of attention_lab/kit/scoring.py, of what the course and the screen know together. Where nothing that counts can
// be reached, what is left to do are the steps that were not seen.
export function totalOf(score, done, { steps, seen }) {
  const ids = counting(score).flatMap(({ rows }) => rows.map(({ id }) => id));
  const of = ids.length;
  const points = ids.filter((id) => done.get(id)?.right).length;
  const todo = of ? ids.length : steps.length;
  const open = (of ? ids.filter((id) => !done.has(id)) : steps.filter((id) => !seen.includes(id))).length;
  return { points, of, open, perCent: of ? Math.floor((200 * points + of) / (2 * of)) : 0, progress: todo ? (todo - open) / todo : 0 };
}

export function courseState({ link, score, progress, programs, done }) {
  learn(score, done);
  const fields = [...new URLSearchParams(link)];
  const without = (...names) => String(new URLSearchParams(fields.filter(([name]) => !names.includes(name))));
  const state = { link: String(new URLSearchParams(fields.filter(([name]) => PLACE.has(name)))), done: Object.fromEntries([...done].map(([id, each]) => [id, packed(each)])) };
  const fits = (changes) => JSON.stringify({ ...state, ...changes }).length <= LIMIT && Object.assign(state, changes);
  let whole = [[], ["blocked"], ["blocked", "text"]].findIndex((names) => fits({ link: without(...names) })) === 0;
  for (const [lab, { seen = [], guesses = {}, revealed = [] }] of Object.entries(progress)) {
    whole = Boolean(fits({ labs: { ...state.labs, [lab]: { seen, guesses, revealed } } })) && whole;
  }
  const codes = new Map(); // of every exercise that was begun: whether the course keeps its program
  const passed = ({ id }) => (done.get(`exercise:${id}`)?.right ? 1 : 0);
  for (const each of [...programs].sort((a, b) => passed(a) - passed(b) || b.at - a.at)) {
    codes.set(each.id, Boolean(fits({ code: { ...state.code, [each.id]: each.text } })));
  }
  return { text: JSON.stringify(state), whole, codes };
}

// Programs: exercise -> text.
export const textsIn = (value) => Object.entries(isObject(value) ? value : {}).filter(([id, text]) => /^[a-z_]+$/.test(id) && typeof text === "string" && text.length <= LONGEST);

// What was kept, field by field; an older build kept the answers of one lab, and the steps as lab/step. Python checks the values themselves.
export function readState(text, first) {
  const read = fieldsOf(text);
  if (!read) return { kept: null, whole: false };
  const link = typeof read.link === "string" ? read.link : "";
  const labs = new Map(Object.entries(isObject(read.labs) ? read.labs : {}).filter(([, each]) => isObject(each)).map(([lab, each]) => [lab, labIn(each)]));
  const old = labIn(read);
  if (!read.labs) {
    for (const step of stringsOf(read.seen)) {
      const [lab, id] = step.split("/");
      labs.set(lab, { guesses: {}, revealed: [], seen: [...(labs.get(lab)?.seen ?? []), id ?? ""] });
    }
    const lab = new URLSearchParams(link).get("lab") ?? first;
    labs.set(lab, { ...old, seen: labs.get(lab)?.seen ?? [] });
  }
  const done = Object.entries(isObject(read.done) ? read.done : {}).filter(([, n]) => isPacked(n)).map(([id, n]) => [id, unpacked(n)]);
  const code = textsIn(read.code);
  const known = { link, ...(read.labs ? { labs: Object.fromEntries(labs) } : old), done: Object.fromEntries(done.map(([id, each]) => [id, packed(each)])), code: Object.fromEntries(code) };
  const whole = Object.entries(known).every(([name, value]) => !(name in read) || JSON.stringify(read[name]) === JSON.stringify(value));
  return { kept: { link, labs, done, code }, whole };
}

const labIn = (each) => ({ seen: stringsOf(each.seen), guesses: guessesIn(each.guesses), revealed: stringsOf(each.revealed) });

// As the page's document takes it: lab -> what was done there, with the results in their labs.
export function progressOf({ labs, done }, score) {
  const progress = Object.fromEntries([...labs].map(([lab, each]) => [lab, { ...each, results: {} }]));
  const known = new Map(done);
  for (const { lab, rows } of counting(score)) {
    for (const { id } of rows) {
      if (!known.has(id)) continue;
      const { tries, first, right, looked } = known.get(id);
      progress[lab] ??= { seen: [], guesses: {}, revealed: [], results: {} };
      progress[lab].results[id.slice(id.lastIndexOf(":") + 1)] = [tries, first, right, looked];
    }
  }
  return progress;
}
