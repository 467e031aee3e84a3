// One program of the learner's: what is typed, its versions, and its way to the runner and back. Nothing runs but what Run was pressed for.
import {keepCode, keptCode, listenToTabs, mayKeep, programOf} from "./kept-code.js"
import {t} from "./texts.js"

const LONGEST = 40_000   // characters that are run
const LAST_SEED = 9999
const TICK = 500         // ms between two looks at the clock while code runs
const SOON = 150         // ms that an exercise is on the screen before the inputs of its next run are made
const NOTICED = 80       // ms after Run until it is shown that it goes on: most runs are over before, and each drawing of it delays the verdict

export class Coding {
  editor = null
  turn = 0          // of the last run
  stage = "idle"    // idle, asked (what is to be run is on its way), running, judged (the verdict is on its way)
  since = 0         // when the run began
  unseen = false    // a run goes on, and is not shown yet
  notice = ""
  undo = null       // the text before the last reset
  other = null      // what another tab has made of it
  same = false      // whether the next run gets the numbers of the last
  seed = 0          // of the inputs of the next run
  last = 0          // and of those of the last
  sown = 0          // what was sent of it

  constructor(view, ctx) {
    Object.assign(this, {id: view.id, starter: view.starter, ctx})
    const {text, versions} = keptCode(view.id)
    Object.assign(this, {text: text ?? view.starter, versions})
    this.kept = mayKeep()
    this.turn = ctx.values[view.send]?.turn ?? 0
    this.deaf = listenToTabs((id, theirs) => {
      if (id !== this.id || theirs == null || theirs === this.text) return
      this.other = theirs
      ctx.redraw()
    })
  }

  get busy() {
    return this.stage !== "idle"
  }

  // The stage, as it is shown.
  get shown() {
    return this.unseen ? "idle" : this.stage
  }

  begin() {
    this.stage = "asked"
    this.unseen = true
    this.ctx.region.toggleAttribute("data-busy", true)
    this.noticing = setTimeout(() => {
      this.unseen = false
      this.ctx.redraw()
    }, NOTICED)
  }

  end() {
    this.stage = "idle"
    this.unseen = false
    this.ctx.region.toggleAttribute("data-busy", false)
    clearTimeout(this.noticing)
    this.ctx.redraw()
  }

  mount(host, label, actions) {
    if (this.editor != null || this.mounting) return
    this.mounting = true
    globalThis.attentionLab.editor().then(({open}) => {
      if (this.closed) return
      this.editor = open(host, {text: this.text, label, changed: (text) => this.typed(text), ...actions})
      host.dataset.ready = ""
      if (this.marks != null) this.editor.tell(this.marks)
      this.ctx.redraw()
    }, (error) => {
      this.notice = t("The editor could not be loaded: {why}", {why: error?.error?.what ?? error?.message ?? error})
      this.ctx.redraw()
    }).finally(() => { this.mounting = false })
  }

  typed(text) {
    this.text = text
    this.kept = keepCode(this.id, this)
    if (this.undo != null && text !== this.starter) { this.undo = null; this.ctx.redraw() }
  }

  // Another text in the editor's place; the one before stays among the versions.
  put(text) {
    this.version("kept")
    this.text = text
    if (this.editor != null) this.editor.text = text
    this.typed(text)
  }

  reset() {
    const before = this.text
    this.put(this.starter)
    this.undo = before
    this.ctx.redraw()
  }

  undoReset() {
    const before = this.undo
    this.undo = null
    this.put(before)
    this.ctx.redraw()
  }

  takeTheirs() {
    const theirs = this.other
    this.other = null
    this.put(theirs)
    this.ctx.redraw()
  }

  version(said) {
    const last = this.versions.at(-1)
    if (last?.text === this.text) last.said = said === "kept" ? last.said : said
    else if (this.text !== this.starter) this.versions.push({text: this.text, at: Date.now(), said})
    this.versions = this.versions.slice(-20)
    this.kept = keepCode(this.id, this)
  }

  // The inputs of the next run are made while the learner writes it: nothing but the run itself is then waited for.
  draw(view) {
    if (view.draw === "" || !this.ctx.alive || !["idle", "asked"].includes(this.stage)) return
    this.seed ||= 1 + Math.floor(Math.random() * LAST_SEED)
    if (view.seed === this.seed || this.sown === this.seed) return
    this.sown = this.seed
    this.ctx.set({[view.draw]: this.seed})
  }

  prepare() {
    this.drawing = null
    this.draw(this.view)
  }

  // Whether the next run gets the numbers of the last.
  again(same) {
    this.same = same
    this.seed = same ? this.last : 0
    this.ctx.redraw()
  }

  run(view) {
    if (this.busy || this.editor == null) return
    this.notice = ""
    if (this.text.length > LONGEST) {
      this.notice = t("This is more than {most} characters: make it shorter.", {most: LONGEST.toLocaleString("en")})
      return this.ctx.redraw()
    }
    const missing = view.parts.filter((part) => programOf(part) == null)
    if (missing.length > 0) {
      this.notice = t("Not written yet, or not on this device: {missing}.", {missing: missing.join(", ")})
      return this.ctx.redraw()
    }
    this.turn++
    this.source = this.text
    this.begin()
    if (view.draw === "") this.ctx.set({[view.send]: this.attempt})   // Python answers with what is to be run
    else this.follow(view)
    this.version("run")
  }

  get attempt() {
    return {id: this.id, source: this.source, turn: this.turn, seed: this.seed}
  }

  // Python has answered: with what to run, or with the verdict.
  follow(view) {
    this.view = view
    if (this.stage !== "asked") this.drawing ??= setTimeout(() => this.prepare(), SOON)
    if (this.stage === "asked") {
      this.draw(view)
      const request = this.requested(view)
      if (request !== "") void this.send(view, request)
    }
    if (this.stage === "judged" && view.turn === this.turn && view.said !== "") {
      if (!this.same) this.seed = 0
      this.version(view.said)
      this.end()
    }
  }

  // The text for the runner, or "" while it is not there.
  requested(view) {
    if (view.draw === "") return view.turn === this.turn && view.request !== "" ? withPrograms(view.request, view.parts) : ""
    return view.seed === this.seed && view.next_request !== "" ? `{"source": ${JSON.stringify(this.source)}, ${view.next_request.slice(1)}` : ""
  }

  async send(view, request) {
    const {runner} = globalThis.attentionLab
    const {turn, attempt} = this
    this.stage = "running"
    this.last = attempt.seed
    this.seconds = view.seconds
    this.since = 0
    const clock = setInterval(() => this.ctx.redraw(), TICK)
    try {
      const answer = await runner.run(request, view.seconds)
      if (this.closed || turn !== this.turn) return
      this.stage = "judged"
      this.ctx.set({...view.draw === "" ? {} : {[view.send]: attempt}, [view.reply]: {turn, ...answer}})
    } catch (error) {
      this.notice = t("Your code was not run: {why}", {why: error?.error?.what ?? error?.message ?? error})
      this.end()
    } finally {
      clearInterval(clock)
      if (!this.unseen) this.ctx.redraw()
    }
  }

  // What Python says of the last run stands at its lines, until the text changes.
  tell({turn, wrong, printed}) {
    const marks = {wrong, printed}
    const text = JSON.stringify([turn, marks])
    if (text === this.told) return
    this.told = text
    this.marks = marks
    this.editor?.tell(marks)
  }

  close() {
    this.closed = true
    this.ctx.region.toggleAttribute("data-busy", false)
    clearTimeout(this.noticing)
    clearTimeout(this.drawing)
    this.deaf()
    this.editor?.close()
  }
}

// The request is text that JSON.parse would change: in JavaScript 1.0 and 1 are the same.
function withPrograms(request, parts) {
  if (parts.length === 0) return request
  const programs = Object.fromEntries(parts.map((part) => [part, {file: `exercise_${part}.py`, source: programOf(part)}]))
  return `${request.slice(0, -1)}, "parts": ${JSON.stringify(programs)}}`
}
