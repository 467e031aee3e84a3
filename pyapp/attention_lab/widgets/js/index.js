// The entry point of the plugin: tells BokehJS which views draw the models of attention_lab/widgets/models.py.
import {register_models} from "@bokehjs/base"
import {BLOCKS} from "./blocks/index.js"
import * as SelfTest from "./blocks/SelfTest.js"
import {drawing} from "./classcode.js"
import {HouseModel, RegionModel, ScreenModel, SettingModel} from "./models.js"
import {qr} from "./qr.js"
import "./results.js"

drawing.qr = qr
BLOCKS.SelfTest = SelfTest
register_models({HouseModel, RegionModel, ScreenModel, SettingModel})

export {HouseModel, RegionModel, ScreenModel, SettingModel}
