// What `python -m attention_lab.grading --json` prints, of one program, of a line for each, or of a class (`--all FOLDER`): rows like
// those of results files, one a student. The programs were run by whoever marks, so these are no student's own report.
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { isObject, words } from "./results.js";

export const about = () => t("What the grader prints with --json is read here, too: of one program, of a line for each, or of a whole folder.");

const MOST = 20_000; // programs
const PROGRAM = /^exercise_(\w{1,64})\.py$/;

// {rows, wrong: why some are not in them}; null for a text that the grader has not printed.
export function readGraded(text, file) {
  const said = parsed(text);
  if (said === null || said.length === 0 || !said.every((each) => isOne(each) || isClass(each) || isRefusal(each))) return null;
  const found = said.flatMap((each) => (isClass(each) ? each.results.map(ofClass) : [ofOne(each, file)]));
  if (found.length > MOST) return { rows: [], wrong: [t("it holds more than {n} programs", { n: MOST })] };
  const rows = new Map();
  for (const each of found.filter(({ id }) => id !== "")) {
    if (!rows.has(each.name)) rows.set(each.name, { name: each.name, build: "", written: "", points: 0, of: 0, items: new Map(), notes: [t("the grader ran these programs")] });
    add(rows.get(each.name), each);
  }
  return { rows: [...rows.values()], wrong: found.filter(({ id }) => id === "").map(({ why }) => why || t("a program in it was not understood")) };
}

function add(row, { id, passed, why }) {
  if (row.items.has(id)) return row.notes.push(t("{id} is there twice: the first counts", { id }));
  const result = passed === null ? "open" : passed ? "right" : "wrong";
  const points = passed ? 1 : 0;
  row.items.set(id, { id, kind: "exercise", lab: "", title: id.slice("exercise:".length), result, tries: 1, first: null, points, of: 1 });
  row.points += points;
  row.of += 1;
  if (passed === null) row.notes.push(t("{id} was not graded: {why}", { id, why }));
}

function ofOne(said, file) {
  if (isRefusal(said)) return { id: "", why: t("the grader could not grade it: {why}", { why: words(said.error) }) };
  const folders = words(said.file).split(/[/\\]/).slice(0, -1);
  const loose = file.split("/").at(-1).replace(/\.\w+$/, "");
  return { name: folders.at(-1) || words(loose), id: `exercise:${words(said.exercise)}`, passed: said.passed, why: "" };
}

function ofClass(each) {
  const id = isObject(each) ? PROGRAM.exec(words(each.file))?.[1] : undefined;
  if (id === undefined || words(each.student) === "" || ![true, false, null].includes(each.passed)) return { id: "", why: "" };
  return { name: words(each.student), id: `exercise:${id}`, passed: each.passed, why: words(each.error) };
}

const isOne = (said) => isObject(said) && typeof said.exercise === "string" && typeof said.passed === "boolean" && Array.isArray(said.checks);
const isClass = (said) => isObject(said) && Array.isArray(said.results) && said.sandbox === false;
const isRefusal = (said) => isObject(said) && typeof said.error === "string" && Object.keys(said).length === 1;

// The JSON of a text, or of each line of it; null where there is none.
function parsed(text) {
  const bare = text.replace(/^\ufeff/, "").trim();
  for (const pieces of [[bare], bare.split(/\r?\n/).filter((line) => line.trim() !== "")])
    try {
      return pieces.map((piece) => JSON.parse(piece));
    } catch {
      continue;
    }
  return null;
}
