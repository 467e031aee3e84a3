// What students will see by a link, in sentences.
import { later, t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { labOf } from "./link.js";

const and = (names) => (names.length > 1 ? t("{before} and {last}", { before: names.slice(0, -1).join(", "), last: names.at(-1) }) : names.join(""));

export function inWords({ lab: name, step, values, locks, counts, page }, catalogue) {
  const lab = labOf(catalogue, name);
  const place = lab.steps.findIndex(({ id }) => id === step);
  const told = [t("Students see the lab “{lab}”, open at step {n} of {all}, “{step}”.", { lab: lab.title, n: place + 1, all: lab.steps.length, step: lab.steps[place].title })];
  const changed = lab.settings.filter(({ key, initial }) => (values.get(key) ?? initial) !== initial);
  for (const setting of changed) told.push(`${capital(setting.label)}: ${shown(setting, values.get(setting.key))}.`);
  told.push(changed.length ? t("All else is as the lab has it.") : t("Sentence and settings are those that the lab begins with."));
  const held = Object.keys(catalogue.locks).filter((each) => locks.has(each));
  const free = Object.keys(catalogue.locks).filter((each) => !locks.has(each));
  if (held.length) told.push(t("They cannot change {what}.", { what: and(held.map((each) => catalogue.locks[each])) }));
  if (free.length) told.push(t("They can change {what}.", { what: and(free.map((each) => catalogue.locks[each])) }));
  if (counts.size) told.push(t("For the score count only: {labs}.", { labs: and([...counts].map((each) => labOf(catalogue, each).title)) }));
  told.push(ofTheScore(counted({ lab: name, step, values, locks, counts }, catalogue)));
  for (const [option, value] of page) told.push(`${t(TITLES[option] ?? capital(option))}: ${catalogue.page[option][value]}.`);
  return told;
}

// How many exercises and questions the score is about; the rule is that of attention_lab/session.py.
export function counted({ lab: name, step, values, locks, counts }, catalogue) {
  const { settings } = labOf(catalogue, name);
  const chosen = (key) => ({ lab: name, step })[key] ?? values.get(key) ?? settings.find((each) => each.key === key)?.initial;
  const here = (at) => Object.entries(at).every(([key, value]) => (key === "lab" || locks.has("step") ? chosen(key) === value : true));
  return catalogue.counted.filter(({ home, at }) => (locks.has("lab") ? here(at) : counts.size === 0 || counts.has(home))).length;
}

function ofTheScore(n) {
  if (n === 0) return t("Nothing here counts for the score: an item of a course is completed when each step within reach was seen.");
  return n === 1 ? t("One exercise or question counts for the score.") : t("{n} exercises and questions count for the score, one point each.", { n });
}

const TITLES = { embed: later("In a frame"), theme: later("Colours"), present: later("Shown"), language: later("Language"), boot: later("Python") };

// Not of a symbol, such as d_k or n.
export const capital = (text) => (/^[a-z]{2,}(?!\w)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);

export function shown({ kind, options }, text) {
  if (kind === "flag") return text === "1" ? t("switched on") : t("switched off");
  if (kind === "choice") return options.find(({ value }) => value === text)?.label ?? text;
  return kind === "sentence" ? `“${text}”` : text;
}
