// Things to do: a row of controls.
import {html, nothing} from "lit-html"
import {headed} from "../frame.js"
import {goOn} from "../going.js"
import {item} from "../items.js"

export const element = {tag: "section"}
export const uses = ({items}) => [...new Set(items.flatMap(({name, set, options}) => [name, ...Object.keys(set ?? {}), ...(options ?? []).flatMap((option) => Object.keys(option.set ?? {}))]).filter(Boolean))]

export const render = (view, ctx) => html`${headed(view, ctx)}<div class="actions" role="group" aria-label=${view.label || nothing}>${view.items.map((each) => item(each, ctx))}</div>`

export const after = (view, ctx) => goOn(view.items, ctx)

export const leave = ({state}) => { state.going = false }
