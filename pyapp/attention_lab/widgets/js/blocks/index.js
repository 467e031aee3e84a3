// Every block, by the name of its class in attention_lab/kit/blocks: a renderer of the same name draws it.
import * as Arithmetic from "./Arithmetic.js"
import * as Arrows from "./Arrows.js"
import * as Choices from "./Choices.js"
import * as Flow from "./Flow.js"
import * as Grids from "./Grids.js"
import * as HeatMap from "./HeatMap.js"
import * as Legend from "./Legend.js"
import * as Maps from "./Maps.js"
import * as Nothing from "./Nothing.js"
import * as Product from "./Product.js"
import * as Prose from "./Prose.js"
import * as Source from "./Source.js"
import * as Trial from "./Trial.js"

export const BLOCKS = {Arithmetic, Arrows, Choices, Flow, Grids, HeatMap, Legend, Maps, Nothing, Product, Prose, Source, Trial}
