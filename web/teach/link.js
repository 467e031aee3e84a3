// Links: written from what was chosen, and judged against the catalogue of the build (attention_lab/teaching.py), which alone knows
// what labs there are and what each may be told. Nothing here touches a page.
//   chosen: {lab, step, values: Map setting -> text as in a link, locks: Set, counts: Set of labs, page: Map name -> text}

import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";

export const labOf = (catalogue, name) => catalogue.labs.find((lab) => lab.name === name);

export const start = (catalogue, name) => {
  const lab = labOf(catalogue, name);
  return { lab: lab.name, step: lab.steps[0].id, values: new Map(), locks: new Set(), counts: new Set(), page: new Map() };
};

// The query of a link, without its "?".
export function written({ lab, step, values, locks, counts, page }, catalogue) {
  const { settings } = labOf(catalogue, lab);
  const own = settings.filter(({ key, initial }) => (values.get(key) ?? initial) !== initial).map(({ key }) => [key, values.get(key)]);
  const locked = Object.keys(catalogue.locks).filter((name) => locks.has(name));
  const lists = Object.entries({ lock: locked, counts: [...counts] }).filter(([, names]) => names.length).map(([name, names]) => [name, names.join(",")]);
  return new URLSearchParams([["lab", lab], ["step", step], ...own, ...page, ...lists]).toString();
}

// What is wrong with a text as the value of a setting, in words; "" where nothing is.
export function wrongValue(setting, text) {
  const { label, may } = setting;
  return FITS[setting.kind](text, setting) ? "" : t("{label} is “{text}”: it may be {may}.", { label, text: short(text), may });
}

const within = (number, { low, high }) => number >= low && number <= high;
const FITS = {
  whole: (text, setting) => /^-?\d{1,12}$/.test(text) && within(Number(text), setting),
  number: (text, setting) => (text === "" ? setting.empty : /^-?\d{1,12}(\.\d{1,20})?(e-\d{1,2})?$/.test(text) && within(Number(text), setting)),
  flag: (text) => text === "0" || text === "1",
  choice: (text, { options }) => options.some(({ value }) => value === text),
  sentence: (text, { most, longest }) => text.trim() !== "" && text.length <= longest && text.trim().split(/\s+/).length <= most,
  elsewhere: (text) => text !== "", // the lab itself says whether it can be used
};

const short = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

// A link, or a part of one, as what it chooses, and a sentence for each thing in it that a lab would not take. The part after "#"
// goes before the one before it, as in the lab.
export function parsed(link, catalogue) {
  const wrong = [];
  const [before, after = ""] = link.trim().split("#", 2);
  const query = before.includes("?") ? before.slice(before.indexOf("?") + 1) : before.includes("=") && !before.includes("/") ? before : "";
  const fields = new Map(); // of the page from before the "#", the state from after it if there is any
  for (const text of after ? [query, after] : [query]) read(text, fields, wrong, catalogue, text === after && after !== "");
  const chosen = stateOf(fields, wrong, catalogue);
  return { chosen, wrong };
}

function read(text, fields, wrong, catalogue, isState) {
  if (text.length > catalogue.longest.link) wrong.push(t("The link is longer than {n} characters: the lab passes its state over.", { n: catalogue.longest.link }));
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > catalogue.longest.fields) wrong.push(t("The link has more than {n} parts: the lab passes its state over.", { n: catalogue.longest.fields }));
  if (isState) for (const name of [...fields.keys()]) if (!isOfThePage(name, catalogue)) fields.delete(name);
  const met = new Set();
  for (const [name, value] of pairs) {
    if (met.has(name)) wrong.push(t("“{name}” stands in it twice.", { name: short(name) }));
    met.add(name);
    if (isState && isOfThePage(name, catalogue)) wrong.push(t("“{name}” stands after the “#”, where the page does not look for it: put it before.", { name: short(name) }));
    else fields.set(name, value);
  }
}

const isOfThePage = (name, { page }) => name === "lock" || name === "counts" || Object.hasOwn(page, name);

function stateOf(fields, wrong, catalogue) {
  const { first } = catalogue;
  const states = [...fields.keys()].filter((name) => !isOfThePage(name, catalogue));
  const named = fields.get("lab") ?? (states.length ? first.of_old : first.named);
  if (!labOf(catalogue, named)) wrong.push(t("There is no lab “{name}” in this build: the page opens with “{lab}”.", { name: short(named), lab: labOf(catalogue, first.named).title }));
  const chosen = start(catalogue, labOf(catalogue, named) ? named : first.named);
  const lab = labOf(catalogue, chosen.lab);
  for (const [name, value] of fields) {
    if (name === "lab") continue;
    if (name === "lock") chosen.locks = listOf(name, value, Object.keys(catalogue.locks), (what) => t("“{part}” locks nothing: it may be {may}.", what), wrong);
    else if (name === "counts") chosen.counts = listOf(name, value, catalogue.labs.map((each) => each.name), (what) => t("“{part}” counts nothing: it may be {may}.", what), wrong);
    else if (Object.hasOwn(catalogue.page, name)) takePage(name, value, chosen, wrong, catalogue);
    else if (name === "step") chosen.step = stepOf(lab, value, wrong);
    else takeSetting(lab, name, value, chosen, wrong);
  }
  return chosen;
}

function listOf(field, text, known, why, wrong) {
  const names = text.split(",").filter(Boolean);
  for (const name of names) if (!known.includes(name)) wrong.push(why({ part: `${field}=${short(name)}`, may: listed(known) }));
  return new Set(names.filter((name) => known.includes(name)));
}

function takePage(name, value, chosen, wrong, { page }) {
  if (Object.hasOwn(page[name], value)) chosen.page.set(name, value);
  else wrong.push(t("“{part}” is passed over: it may be {may}.", { may: listed(Object.keys(page[name])), part: `${name}=${short(value)}` }));
}

function stepOf(lab, value, wrong) {
  const now = Object.hasOwn(lab.old_steps, value) ? lab.old_steps[value] : value;
  if (lab.steps.some(({ id }) => id === now)) return now;
  wrong.push(t("“{lab}” has no step “{step}”: it may be {may}.", { lab: lab.title, step: short(value), may: listed(lab.steps.map(({ id }) => id)) }));
  return lab.steps[0].id;
}

function takeSetting(lab, name, value, chosen, wrong) {
  if (lab.kit.includes(name)) return;
  const setting = lab.settings.find(({ key }) => key === name);
  const why = setting ? wrongValue(setting, value) : t("“{name}” is nothing that “{lab}” can be told: it is passed over.", { name: short(name), lab: lab.title });
  if (why) wrong.push(why);
  else chosen.values.set(name, value);
}

export const listed = (names) => (names.length > 1 ? t("{before} or {last}", { before: names.slice(0, -1).join(", "), last: names.at(-1) }) : names.join(""));
