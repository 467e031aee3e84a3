// What a teacher chooses. Which labs, steps and settings there are, the catalogue says; each control follows from its entry there.
import { html, nothing } from "lit-html";
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { labOf, wrongValue } from "./link.js";
import { capital } from "./words.js";

export function form(chosen, catalogue, change) {
  const lab = labOf(catalogue, chosen.lab);
  const sentences = lab.settings.filter(({ kind }) => kind === "sentence");
  const others = lab.settings.filter(({ kind }) => kind !== "sentence" && kind !== "elsewhere");
  const onScreen = lab.settings.filter(({ key, kind, initial }) => kind === "elsewhere" && (chosen.values.get(key) ?? initial) !== initial);
  const set = (key) => (value) => change((now) => now.values.set(key, value));
  return html`<form class="tool-form" @submit=${(event) => event.preventDefault()}>
    <fieldset><legend>${t("What")}</legend>
      ${select("lab", t("Lab"), chosen.lab, groups(catalogue), (value) => change((now) => Object.assign(now, { lab: value, step: labOf(catalogue, value).steps[0].id, values: new Map(), counts: new Set(now.counts.size ? [value] : []) })))}
      ${select("step", t("Step"), chosen.step, lab.steps.map(({ id, title }, i) => ({ value: id, label: `${i + 1}. ${title}` })), (value) => change((now) => (now.step = value)))}
      ${sentences.map((setting) => control(setting, chosen, set(setting.key)))}
      ${others.length ? html`<details ?open=${others.some(({ key }) => chosen.values.has(key))}><summary>${t("Settings of this lab")}</summary><div class="tool-settings">${others.map((setting) => control(setting, chosen, set(setting.key)))}</div></details>` : nothing}
      ${onScreen.length ? html`<p class="tool-note">${t("Taken from the lab’s own screen: {settings}.", { settings: onScreen.map(({ label }) => label).join(", ") })} <button type="button" @click=${() => change((now) => onScreen.forEach(({ key }) => now.values.delete(key)))}>${t("Leave out")}</button></p>` : nothing}
    </fieldset>
    <fieldset><legend>${t("What students cannot change")}</legend>
      ${Object.entries(catalogue.locks).map(([name, words]) => check(`lock-${name}`, capital(words), chosen.locks.has(name), (on) => change((now) => now.locks[on ? "add" : "delete"](name))))}
    </fieldset>
    <fieldset><legend>${t("How")}</legend>
      ${pageChoice("theme", t("Colours"), chosen, catalogue, change, t("as the computer is set"))}
      ${Object.keys(catalogue.page.language).length > 1 ? pageChoice("language", t("Language"), chosen, catalogue, change, t("as the browser is set")) : html`<p class="tool-note">${t("Language: {language}, the only one of this build.", { language: Object.values(catalogue.page.language).join("") })}</p>`}
      ${check("embed", t("In a page of mine: as high as its contents"), chosen.page.has("embed"), (on) => change((now) => mark(now.page, "embed", on)))}
      ${check("counts", t("Only this lab counts for the score"), chosen.counts.has(chosen.lab), (on) => change((now) => (now.counts = new Set(on ? [now.lab] : []))))}
      ${check("present", t("For the front of the room: in large type"), chosen.page.has("present"), (on) => change((now) => mark(now.page, "present", on)))}
    </fieldset>
  </form>`;
}

const mark = (page, name, on) => (on ? page.set(name, "1") : page.delete(name));

const groups = ({ labs }) => labs.map(({ name, title, minutes }) => ({ value: name, label: t("{lab} ({minutes} min)", { lab: title, minutes }) }));

function pageChoice(name, label, chosen, { page }, change, otherwise) {
  const options = [{ value: "", label: otherwise }, ...Object.entries(page[name]).map(([value, words]) => ({ value, label: words }))];
  return select(name, label, chosen.page.get(name) ?? "", options, (value) => change((now) => (value ? now.page.set(name, value) : now.page.delete(name))));
}

function control(setting, chosen, set) {
  const { key, kind, label, initial } = setting;
  const value = chosen.values.get(key) ?? initial;
  const name = `setting-${key}`;
  if (kind === "flag") return check(name, capital(label), value === "1", (on) => set(on ? "1" : "0"));
  if (kind === "choice") {
    const known = setting.options.some((option) => option.value === value);
    return select(name, capital(label), value, known ? setting.options : [{ value, label: t("as the lab begins") }, ...setting.options], set);
  }
  const wrong = value === initial ? "" : wrongValue(setting, value);
  const [type, mode] = kind === "sentence" ? ["text", nothing] : ["number", "decimal"];
  return html`<div class="tool-field"><label for=${name}>${capital(label)}</label>
    <input id=${name} type=${type} inputmode=${mode} dir="auto" min=${setting.low ?? nothing} max=${setting.high ?? nothing} step=${kind === "whole" ? 1 : "any"} .value=${value} placeholder=${initial || t("as the lab has it")}
      aria-invalid=${wrong ? "true" : "false"} aria-describedby=${wrong ? `${name}-wrong` : nothing} @change=${(event) => set(event.target.value)}>
    ${wrong ? html`<p class="tool-wrong" id="${name}-wrong">${wrong}</p>` : nothing}</div>`;
}

export function select(name, label, value, options, set) {
  return html`<div class="tool-field"><label for=${name}>${label}</label><select id=${name} @change=${(event) => set(event.target.value)}>${options.map((option) => html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}</select></div>`;
}

export function check(name, label, on, set) {
  return html`<div class="tool-tick"><input type="checkbox" id=${name} .checked=${on} @change=${(event) => set(event.target.checked)}><label for=${name}>${label}</label></div>`;
}
