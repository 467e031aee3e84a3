// The page's side of attention_lab/widgets/models.py: same names, same properties.
import {Model} from "@bokehjs/model"
import {HouseView} from "./house.js"
import {RegionView} from "./region.js"
import {ScreenView} from "./screen.js"

const MODULE = "attention_lab.widgets.models"

export class SettingModel extends Model {
  static __name__ = "SettingModel"
  static __module__ = MODULE
  static {
    this.define(({Any, Str}) => ({key: [Str, ""], value: [Any, null], lock: [Str, ""]}))
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
    this.define(({Str, List, Ref}) => ({lab: [Str, ""], settings: [List(Ref(SettingModel)), []], regions: [List(Ref(RegionModel)), []]}))
  }
}

export class HouseModel extends Model {
  static __name__ = "HouseModel"
  static __module__ = MODULE
  static {
    this.prototype.default_view = HouseView
    this.define(({Any, Bool, List, Ref}) => ({address: [Bool, true], lab: [Any, ""], link: [Any, ""], kept: [Any, null], counts: [Any, ""], progress: [Any, {}], scripts: [Any, null], screens: [List(Ref(ScreenModel)), []]}))
  }
}
