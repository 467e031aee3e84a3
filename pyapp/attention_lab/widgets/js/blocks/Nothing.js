// Why there is no picture, and what to do.
import {html} from "lit-html"
import {stageOf} from "../stage.js"

export const {family, element, uses, render, after, leave} = stageOf((view) => html`<p class="nothing">${view.text}</p>`)
