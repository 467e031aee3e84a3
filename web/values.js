// The learner's values in a Bokeh document: a house with a screen for each lab that was opened, each with its settings.
// This knows the names of models' properties, and of no setting but those that every lab has.
import { options } from "../pyapp/attention_lab/widgets/js/options.js";

export const houseOf = (bokehDocument) => bokehDocument.get_model_by_name("house");

const screenOf = (house) => house.screens.find(({ lab }) => lab === house.lab) ?? house.screens[0];

// Everything that a kernel needs to go on: which lab is shown, and every setting of every lab.
export function stateOf(bokehDocument) {
  const house = houseOf(bokehDocument);
  const labs = house.screens.map(({ lab, settings }) => [lab, Object.fromEntries(settings.map(({ key, value }) => [key, value]))]);
  return { lab: house.lab, labs: Object.fromEntries(labs), kept: house.kept ?? house.progress, counts: house.counts };
}

// The settings of the lab that is shown: name -> value.
export const valuesOf = (house) => new Map(screenOf(house).settings.map(({ key, value }) => [key, value]));

// Set values of the lab that is shown; what it does not know is passed over.
export function setValues(bokehDocument, values) {
  const { settings } = screenOf(houseOf(bokehDocument));
  for (const [name, value] of values) {
    const model = settings.find(({ key }) => key === name);
    if (model) model.value = value;
  }
}

// What differs between two states of the same labs: [name, value] of the lab that is shown.
export function changedBetween(before, after) {
  const [was, is] = [before.labs[after.lab] ?? {}, after.labs[after.lab] ?? {}];
  return Object.entries(is).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]));
}

// Where the learner is, and which steps can be reached: where the step is locked, that one only.
export function placeOf(bokehDocument) {
  const house = houseOf(bokehDocument);
  const { settings, regions } = screenOf(house);
  const value = (name) => settings.find(({ key }) => key === name)?.value;
  const transport = regions.find(({ kind }) => kind === "transport");
  const all = (JSON.parse(transport?.view ?? "null")?.steps ?? []).map(({ id }) => id);
  const given = new URLSearchParams(location.search).get("step") ?? value("step"); // until Python has followed it, another is shown
  const steps = options.locked.has("step") ? all.filter((id) => id === given) : all;
  return { lab: house.lab, link: house.link, step: value("step"), steps };
}

// The score as the header shows it: the one total, and every row.
export function scoreOf(bokehDocument) {
  const { regions } = screenOf(houseOf(bokehDocument));
  const header = regions.find(({ kind }) => kind === "header");
  return JSON.parse(header?.view ?? "null")?.score ?? { points: 0, of: 0, open: 0, groups: [] };
}

// By model: what names it, and what it holds that goes over.
const NAMED = { HouseModel: [], ScreenModel: ["lab"], SettingModel: ["key", "lock"], RegionModel: ["kind"] };
const HELD = { HouseModel: ["lab", "link", "kept", "progress"], ScreenModel: [], SettingModel: ["value"], RegionModel: ["view"] };

// Give the models that are shown the values of a document that a kernel has made of the same state; what is drawn, the place and the
// focus stay. `isNewer` says what the learner has changed since. Returns false, and does nothing, where the two have not the same models,
// or one has figures of Bokeh's, which only a new drawing brings.
export function holdAs(shown, told, isNewer) {
  const models = [...houseOf(told).references()];
  const pairs = models.map((model) => [shown.get_model_by_id(model.id), model, model.type.split(".").at(-1)]);
  const isSame = ([old, model, type]) => old?.type === model.type && NAMED[type]?.every((name) => old[name] === model[name]);
  if (models.length !== houseOf(shown).references().size || !pairs.every(isSame)) return false;
  for (const [old, model, type] of pairs) {
    const values = HELD[type].filter((name) => !isNewer(old, name)).map((name) => [name, model[name]]);
    old.setv(Object.fromEntries(values), { sync: false });
  }
  return true;
}
