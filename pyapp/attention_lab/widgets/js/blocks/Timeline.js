// Steps in time, lane by lane on one axis: what comes one after another beside what happens at once.
import {html, nothing} from "lit-html"
import {framed} from "../frame.js"

export const element = {tag: "section"}

const MANY = 24   // boxes, from which on their edges are thinner

export function render(view, ctx) {
  return framed(view, ctx, () => picture(view), twins(view))
}

export const twins = ({label, lanes, words}) => [{
  caption: label, columns: [words.lane, words.step, words.start, words.end],
  rows: lanes.flatMap(({name, boxes}) => boxes.map((box) => [name, box.label, box.start, box.start + box.length])),
}]

function picture(view) {
  const {lanes, end, ticks, now, unit} = view
  const at = (time) => `--at:${Math.max(0, Math.min(100, time / end * 100))}%`
  return html`<div class="timeline">
    ${lanes.map((lane) => html`<div class="lane"><p class="lane-name"><bdi>${lane.name}</bdi> <span class="dim">${lane.text}</span></p>
      <ol class="lane-track ${lane.boxes.length > MANY ? "many" : ""}" aria-label=${lane.name} .style="--rows:${lane.rows}">${lane.boxes.map((box) => html`<li class="time-box ${box.tint ? `tint-${box.tint}` : ""} ${phase(box, now)}" title="${box.label}: ${box.text}" .style="${at(box.start)};--size:${box.length / end * 100}%;--row:${box.row}"><bdi>${box.label}</bdi><span class="vh"> ${box.text}</span></li>`)}
        ${now == null ? nothing : html`<li class="time-now" aria-hidden="true" .style=${at(now)}></li>`}</ol></div>`)}
    <p class="lane time-axis" aria-hidden="true"><span class="lane-name dim">${unit}</span><span class="lane-track">${ticks.map((tick) => html`<span .style=${at(tick.at)}>${tick.text}</span>`)}</span></p>
  </div>`
}

const phase = ({start, length}, now) => now == null || now >= start + length ? "" : now < start ? "coming" : "running"
