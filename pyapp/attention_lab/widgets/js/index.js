// The entry point of the plugin: tells BokehJS which views draw the models of attention_lab/widgets/models.py.
import {register_models} from "@bokehjs/base"
import {LearnerModel, RegionModel, ScreenModel} from "./models.js"

register_models({LearnerModel, RegionModel, ScreenModel})

export {LearnerModel, RegionModel, ScreenModel}
