// Results files of learners (widgets/js/results.js writes them): read field by field, since whoever hands one in can have written
// anything into it; and as a table for a spreadsheet. Names are data here: keys of Maps, never of objects.

import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";

const FORMAT = "attention-lab results";
const VERSION = 1;
const MOST_ITEMS = 2000;
const LONGEST = 200; // code points of a name, a title, an id
const KINDS = ["exercise", "check", "prediction"];
const RESULTS = ["right", "wrong", "open"];

// What a file says: {name, build, written, points, of, items: Map id -> item, notes}; or {wrong}: why it is not understood.
export function readResults(text) {
  let said;
  try {
    said = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return { wrong: t("it is not JSON, or a part of it is missing") };
  }
  if (isObject(said) && Array.isArray(said.tables)) return { wrong: t("it holds the numbers of a step, and no results") };
  if (!isObject(said) || said.format !== FORMAT) return { wrong: t("it is not a results file of the lab") };
  if (said.version !== VERSION) return { wrong: t("it is of version {its}, and this page reads version {ours}", { its: words(String(said.version)), ours: VERSION }) };
  if (!Array.isArray(said.items) || said.items.length > MOST_ITEMS) return { wrong: t("it has no list of items, or one that is too long") };
  const items = new Map();
  let odd = 0;
  for (const each of said.items) {
    const item = itemOf(each);
    if (item === null || items.has(item.id)) odd++;
    else items.set(item.id, item);
  }
  const [points, of] = ["points", "of"].map((key) => [...items.values()].reduce((sum, item) => sum + item[key], 0));
  const notes = [];
  if (odd > 0) notes.push(odd === 1 ? t("{n} item was not understood and left out", { n: odd }) : t("{n} items were not understood and left out", { n: odd }));
  const told = isObject(said.score) ? said.score : {};
  if (told.points !== points) notes.push(t("the file says {told} points, its items make {points}", { told: words(String(told.points)), points }));
  return { name: words(said.name), build: words(said.build), written: timeOf(said.written), points, of: Math.max(of, amount(told.of) ?? 0), items, notes };
}

function itemOf(each) {
  if (!isObject(each)) return null;
  const { kind, result, tries, first } = each;
  const [points, of] = [amount(each.points), amount(each.of)];
  const id = words(each.id);
  const fits = id !== "" && KINDS.includes(kind) && RESULTS.includes(result) && amount(tries) !== null && [true, false, null].includes(first);
  if (!fits || points === null || of === null || points > of || (points > 0 && result !== "right")) return null;
  return { id, kind, lab: words(each.lab), title: words(each.title), result, tries, first, points, of };
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const amount = (value) => (Number.isInteger(value) && value >= 0 && value < 1e6 ? value : null);
const timeOf = (value) => (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)) ? value.slice(0, 19).replace("T", " ") : "");

// A text in one line, without what turns writing round or is not seen, as long as a name may be.
export function words(value) {
  if (typeof value !== "string") return "";
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  return [...line].slice(0, LONGEST).join("");
}

export const percent = ({ points, of }) => (of > 0 ? Math.floor((points / of) * 100 + 0.5) : 0);

// Every item that anybody has, in the order in which they come first: [{id, title}].
export function itemsOf(rows) {
  const found = new Map();
  for (const { items } of rows) for (const [id, { title }] of items) if (!found.has(id)) found.set(id, { id, title });
  return [...found.values()];
}

// A line for each file, as CSV that spreadsheets take for UTF-8: rows are what readResults gives, with the file's name.
export function csv(rows) {
  const items = itemsOf(rows);
  const head = ["name", "file", "points", "of", "percent", "written", "build", "notes", ...items.flatMap(({ id }) => [id, `${id} tries`])];
  const lines = rows.map((row) => [
    row.name, row.file, row.points, row.of, percent(row), row.written, row.build, row.notes.join("; "),
    ...items.flatMap(({ id }) => [row.items.get(id)?.result ?? "", row.items.get(id)?.tries ?? ""]),
  ]);
  return `\ufeff${[head, ...lines].map((line) => line.map(field).join(",")).join("\r\n")}\r\n`;
}

// A text that a spreadsheet would take for a formula stays a text.
function field(value) {
  if (typeof value === "number") return String(value);
  const text = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// What two files have in common is told at the later one: they are the same, or of the same name.
export function compared(rows) {
  const seen = new Map();
  return rows.map((row) => {
    const content = JSON.stringify([row.name, row.written, row.points, [...row.items]]);
    const name = row.name.toLocaleLowerCase();
    const [same, namesake] = [seen.get(content), seen.get(name)];
    if (!same) seen.set(content, row);
    if (!namesake && name) seen.set(name, row);
    const note = same ? t("the same as {file}", { file: same.file }) : namesake ? t("the same name as in {file}", { file: namesake.file }) : null;
    return note === null ? row : { ...row, notes: [...row.notes, note] };
  });
}
