// The first paint: the screen of a document, drawn by the same code as ever, before BokehJS is there. The bundle puts ./bokeh.js in
// the place of @bokehjs/*; web/boot.js calls `attentionLabEarly` and later draws the document with BokehJS in this one's place.
import {readTokens} from "../colours.js"
import {HouseModel, RegionModel, ScreenModel, SettingModel} from "../models.js"
import {build_view, modelsOf} from "./bokeh.js"

// Draw a Bokeh document (JSON text) into an element that is on the page. What the learner changes meanwhile is kept: `changes` are the
// settings that were set, `visit` the lab that was asked for; over a reload web/pending.js keeps them.
globalThis.attentionLabEarly = async (text, host) => {
  const changes = new Map()
  const [house] = modelsOf(JSON.parse(text).roots, {HouseModel, RegionModel, ScreenModel, SettingModel})
  const early = {house, changes, visit: null}
  const keep = (key, value) => {
    changes.delete(key)
    changes.set(key, value)
    dispatchEvent(new CustomEvent("attention-lab:chosen", {detail: {name: key}}))   // web/pending.js
  }
  house.changed = (name, value) => { if (name === "lab") early.visit = value }
  for (const {settings} of house.screens) {
    for (const setting of settings) setting.changed = (_, value) => keep(setting.key, value)
  }
  const view = await build_view(house, {parent: null})
  readTokens()
  host.replaceChildren(view.el)
  view.render()
  return Object.assign(early, {remove: () => view.remove()})
}
