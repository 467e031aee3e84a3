// Keys that work anywhere on the screen: arrows, Home and End walk the steps, Space plays, Escape closes what is open.

const OWN_ARROWS = "input, select, textarea, [contenteditable], [role=grid], [role=radiogroup], [data-scrolls]"
const OWN_SPACE = `${OWN_ARROWS}, button, summary, a[href]`

export class Keyboard {
  constructor(ctx) {
    this.ctx = ctx
    this.keydown = (event) => this.onKey(event)
    this.click = (event) => closeMenus((menu) => !menu.contains(event.target))
    document.addEventListener("keydown", this.keydown)
    document.addEventListener("click", this.click)
  }

  onKey(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const {target, key} = event
    const within = (selector) => target instanceof Element && target.closest(selector) != null
    if (key === "Escape") return closeMenus(() => true)
    if (within(key === " " ? OWN_SPACE : OWN_ARROWS)) return
    const action = {
      ArrowLeft: () => this.move(-1), ArrowRight: () => this.move(1), Home: () => this.move(-Infinity), End: () => this.move(Infinity),
      " ": () => this.ctx.player.toggle(),
    }[key]
    if (action == null || this.ctx.view("transport") == null) return
    event.preventDefault()
    action()
  }

  move(by) {
    const {steps} = this.ctx.view("transport")
    const at = steps.findIndex(({id}) => id === this.ctx.values.step)
    this.ctx.go(steps[Math.max(0, Math.min(steps.length - 1, at + by))].id)
  }

  remove() {
    document.removeEventListener("keydown", this.keydown)
    document.removeEventListener("click", this.click)
  }
}

function closeMenus(which) {
  for (const pop of document.querySelectorAll("[data-pop]")) if (which(pop.parentElement)) pop.querySelector("[data-action=close]").click()
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!which(menu)) continue
    const held = menu.contains(document.activeElement)
    menu.open = false
    if (held) menu.querySelector("summary").focus()
  }
}
