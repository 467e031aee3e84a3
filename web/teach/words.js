// What students will see by a link, in sentences.
import { labOf } from "./link.js";

const and = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join(""));

export function inWords({ lab: name, step, values, locks, counts, page }, catalogue) {
  const lab = labOf(catalogue, name);
  const place = lab.steps.findIndex(({ id }) => id === step);
  const told = [`Students see the lab “${lab.title}”, open at step ${place + 1} of ${lab.steps.length}, “${lab.steps[place].title}”.`];
  const changed = lab.settings.filter(({ key, initial }) => (values.get(key) ?? initial) !== initial);
  for (const setting of changed) told.push(`${capital(setting.label)}: ${shown(setting, values.get(setting.key))}.`);
  told.push(changed.length ? "All else is as the lab has it." : "Sentence and settings are those that the lab begins with.");
  const held = Object.keys(catalogue.locks).filter((each) => locks.has(each));
  const free = Object.keys(catalogue.locks).filter((each) => !locks.has(each));
  if (held.length) told.push(`They cannot change ${and(held.map((each) => catalogue.locks[each]))}.`);
  if (free.length) told.push(`They can change ${and(free.map((each) => catalogue.locks[each]))}.`);
  if (counts.size) told.push(`For the score count only: ${and([...counts].map((each) => labOf(catalogue, each).title))}.`);
  for (const [option, value] of page) told.push(`${TITLES[option] ?? capital(option)}: ${catalogue.page[option][value]}.`);
  return told;
}

const TITLES = { embed: "In a frame", theme: "Colours", present: "Shown", language: "Language", boot: "Python" };

// Not of a symbol, such as d_k or n.
export const capital = (text) => (/^[a-z]{2,}(?!\w)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);

export function shown({ kind, options }, text) {
  if (kind === "flag") return text === "1" ? "on" : "off";
  if (kind === "choice") return options.find(({ value }) => value === text)?.label ?? text;
  return kind === "sentence" ? `“${text}”` : text;
}
