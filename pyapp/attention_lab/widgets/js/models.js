// The page's side of attention_lab/widgets/models.py: same names, same properties.
import {Model} from "@bokehjs/model"
import {RegionView} from "./region.js"
import {ScreenView} from "./screen.js"

const MODULE = "attention_lab.widgets.models"

// What the learner chose. Python owns the defaults and the rules; these are the same defaults for a document without values.
const LEARNER = {
  lab: "stepper", step: "embeddings", text: "The cat sat on the mat", embedding: "hand-built", seed: 7, d_model: 4, n_heads: 2, head: 0,
  mask: "none", n_pad: 2, blocked: [], scale: null, query: 2, key: 1, feature: 0, picked: null, hover: null, table: false,
  guesses: {}, revealed: [], link: "",
  own: "The trophy did not fit in the suitcase because it was too big", sample: null, job: null, examined: "reader", at: null, asked: null,
  rival: null, exchange: null, changes: [], scope: "head", kinds: {}, drawn: "arrows", order: "weight",
}

export class LearnerModel extends Model {
  static __name__ = "LearnerModel"
  static __module__ = MODULE
  static {
    this.define(({Any}) => Object.fromEntries(Object.entries(LEARNER).map(([name, value]) => [name, [Any, value]])))
  }
}

export class RegionModel extends Model {
  static __name__ = "RegionModel"
  static __module__ = MODULE
  static {
    this.prototype.default_view = RegionView
    this.define(({Str, List, Ref}) => ({kind: [Str, ""], view: [Str, "null"], plots: [List(Ref(Model)), []]}))
  }
}

export class ScreenModel extends Model {
  static __name__ = "ScreenModel"
  static __module__ = MODULE
  static {
    this.prototype.default_view = ScreenView
    this.define(({List, Ref}) => ({learner: [Ref(Model)], regions: [List(Ref(RegionModel)), []]}))
  }
}
