// The first paint: the screen of a document, drawn by the same code as ever, before BokehJS is there. The bundle puts ./bokeh.js in
// the place of @bokehjs/*; web/boot.js calls `attentionLabEarly` and later draws the document with BokehJS in this one's place.
import {LearnerModel, RegionModel, ScreenModel} from "../models.js"
import {build_view, modelsOf} from "./bokeh.js"

// Draw a Bokeh document (JSON text) into an element that is on the page. What the learner changes meanwhile is kept: `changes`
// are the properties that were set.
globalThis.attentionLabEarly = async (text, host) => {
  const changes = {}
  const [screen] = modelsOf(JSON.parse(text).roots, {LearnerModel, RegionModel, ScreenModel})
  screen.learner.changed = (name, value) => { delete changes[name]; changes[name] = value }
  const view = await build_view(screen, {parent: null})
  host.replaceChildren(view.el)
  view.render()
  return {changes, remove: () => view.remove()}
}
