// Every block, by the name of its class in attention_lab/kit/blocks: a renderer of the same name draws it. What no first paint shows is
// null here, and put in by the plugin (index.js).
import * as Actions from "./Actions.js"
import * as Arithmetic from "./Arithmetic.js"
import * as Arrows from "./Arrows.js"
import * as Bars from "./Bars.js"
import * as Cards from "./Cards.js"
import * as Check from "./Check.js"
import * as Choices from "./Choices.js"
import * as Course from "./Course.js"
import * as Editor from "./Editor.js"
import * as Facts from "./Facts.js"
import * as Field from "./Field.js"
import * as Flow from "./Flow.js"
import * as Graded from "./Graded.js"
import * as Grids from "./Grids.js"
import * as HeatMap from "./HeatMap.js"
import * as Histogram from "./Histogram.js"
import * as Ladder from "./Ladder.js"
import * as Legend from "./Legend.js"
import * as Lines from "./Lines.js"
import * as Maps from "./Maps.js"
import * as Nothing from "./Nothing.js"
import * as Path from "./Path.js"
import * as Player from "./Player.js"
import * as Product from "./Product.js"
import * as Prose from "./Prose.js"
import * as Source from "./Source.js"
import * as Table from "./Table.js"
import * as Tasks from "./Tasks.js"
import * as Timeline from "./Timeline.js"
import * as Trial from "./Trial.js"
import * as Words from "./Words.js"
import * as Yours from "./Yours.js"

export const BLOCKS = {
  Actions, Arithmetic, Arrows, Bars, Cards, Check, Choices, Course, Editor, Facts, Field, Flow, Graded, Grids, HeatMap, Histogram,
  Ladder, Legend, Lines, Maps, Nothing, Path, Player, Product, Prose, SelfTest: null, Source, Table, Tasks, Timeline, Trial, Words, Yours,
}
