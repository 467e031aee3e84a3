// Our own programs of every exercise, tried in this browser: one runner an exercise, one exercise after the other.
import {html, nothing} from "lit-html"
import {t} from "../texts.js"

export const element = {region: "selftest"}

const runnerOf = () => globalThis.attentionLab?.runner ?? null

export function render(view, ctx) {
  const {now = "", queue = []} = ctx.state
  const done = view.tests.filter(({rows}) => rows.length > 0)
  const wrong = done.flatMap(({rows}) => rows).filter(({right}) => !right).length
  if (runnerOf() == null) return html`<h2>${view.label}</h2><p class="note">${t("The page of the lab runs it.")}</p>`
  return html`<div class="block-head"><h2>${view.label}</h2>${now !== "" ? html`<button class="plain" data-action="stop-tests" @click=${() => stop(ctx)}>${t("Stop")}</button>`
      : html`<button class="plain" data-action="test-all" @click=${() => start(view.tests.map(({id}) => id), ctx)}>${t("Run all")}</button>`}</div>
    <p role="status" data-done=${done.length} data-wrong=${wrong}>${told({tried: done.length, all: view.tests.length, wrong, now, left: queue.length})}</p>
    ${ctx.state.notice ? html`<p class="notice" role="alert">${ctx.state.notice}</p>` : nothing}
    <div class="board-box" tabindex="0" role="region" aria-label=${view.label} data-scrolls><table class="board"><thead><tr><th scope="col">${t("Exercise")}</th><th scope="col">${t("Programs")}</th><th scope="col">${t("As it should be")}</th><th scope="col"><span class="vh">${t("Try it")}</span></th></tr></thead>
    <tbody>${view.tests.map((test) => row(test, now, ctx))}</tbody></table></div>`
}

function told(of) {
  if (of.now === "") return t("{tried} of {all} tried, {wrong} not as they should be.", of)
  return t("{tried} of {all} tried, {wrong} not as they should be; {now}, then {left} more …", of)
}

function row({id, title, rows}, now, ctx) {
  const wrong = rows.filter(({right}) => !right)
  const said = rows.length === 0 ? "" : wrong.length === 0 ? t("all") : wrong.map((each) => `${each.program} ${each.said}`).join("; ")
  return html`<tr data-test=${id} data-tried=${rows.length} data-wrong=${wrong.length}><th scope="row">${title}</th><td title=${rows.map((each) => `${each.program}: ${each.said}`).join("\n")}>${rows.length || "–"}</td>
    <td class=${wrong.length > 0 ? "marked" : ""}>${said}</td><td><button class="plain" data-action="test-${id}" ?disabled=${now !== ""} @click=${() => start([id], ctx)}>${t("Try")}<span class="vh"> ${title}</span></button></td></tr>`
}

export function after(view, ctx) {
  const {state} = ctx
  state.view = view
  if (!state.now || view.turn !== state.turn) return
  if (view.request === "") next(ctx)
  else if (!state.running) void send(view, ctx)
}

export function leave(ctx) {
  stop(ctx)
}

function start(ids, ctx) {
  ctx.state.turn ??= ctx.values[ctx.state.view.send]?.turn ?? 0
  ctx.state.queue = [...ids]
  ctx.state.notice = ""
  next(ctx)
}

function next(ctx) {
  const {state} = ctx
  state.now = state.queue.shift() ?? ""
  if (state.now !== "") ctx.set({[state.view.send]: {id: state.now, source: "", turn: ++state.turn, seed: 1 + Math.floor(Math.random() * 9999)}})
  else runnerOf()?.close()
  ctx.redraw()
}

async function send(view, ctx) {
  const {state} = ctx
  state.running = true
  try {
    const answer = await runnerOf().run(view.request, view.seconds)
    if (state.now !== "") ctx.set({[view.reply]: {turn: view.turn, ...answer}})
  } catch (error) {
    state.notice = t("Nothing was run: {why}", {why: error?.error?.what ?? error?.message ?? error})
    stop(ctx)
  } finally {
    state.running = false
  }
}

function stop(ctx) {
  if (!ctx.state.now) return
  Object.assign(ctx.state, {now: "", queue: []})
  runnerOf()?.close()
  ctx.redraw()
}
