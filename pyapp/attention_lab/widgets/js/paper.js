// Paper: before a page is printed it is drawn in the light theme and for the width of a sheet, at once, since what is drawn later does
// not come onto it; afterwards as it was. At its foot stands the link to what is printed. How it is laid out: css/print.css.

export const SHEET = 680   // px that a sheet of A4 or Letter has between its margins

export const paper = {on: false}

export class Paper {
  constructor(screen) {
    this.screen = screen
    this.foot = Object.assign(document.createElement("footer"), {className: "paper-foot"})
    this.before = () => this.turn(true)
    this.after = () => this.turn(false)
    addEventListener("beforeprint", this.before)
    addEventListener("afterprint", this.after)
  }

  turn(on) {
    if (paper.on === on) return
    paper.on = on
    const {ctx, regionViews} = this.screen
    ctx.theme.apply()
    if (!on) return
    this.write(ctx)
    for (const region of regionViews) region.render()
    regionViews.flatMap(({plotViews}) => plotViews).forEach(paint)
    this.shrink()
  }

  write(ctx) {
    const {address} = ctx.link
    const [lab, lesson] = [ctx.view("header")?.lab, ctx.view("lesson")?.title]
    const link = Object.assign(document.createElement("a"), {href: address, textContent: address})
    this.foot.replaceChildren([lab, lesson].filter(Boolean).join(" · "), document.createElement("br"), link)
  }

  // What is wider than a sheet becomes smaller: matrices have a size of their own, figures that of the screen.
  shrink() {
    for (const el of this.screen.el.querySelectorAll(".product, .flow, .is-grids > .panels")) fit(el, widthOf(el))
    for (const el of this.screen.el.querySelectorAll(".plot")) fit(el, el.firstElementChild?.offsetWidth ?? 0)
  }

  remove() {
    removeEventListener("beforeprint", this.before)
    removeEventListener("afterprint", this.after)
  }
}

// A figure takes new colours a moment later; here it takes them now.
function paint(plot) {
  if (!plot.el?.isConnected || plot.paint == null) return
  for (const {glyph, model, all_indices} of plot.computed_renderer_views) glyph?.set_visuals(model.data_source, all_indices)
  plot.paint()
}

function fit(el, width) {
  el.style.setProperty("--shrink", String(Math.min(1, SHEET / Math.max(1, width))))
}

function widthOf(el) {
  const boxes = [...el.querySelectorAll(".matrix, .op, .plus")].map((each) => each.getBoundingClientRect())
  return Math.max(...boxes.map(({right}) => right)) - Math.min(...boxes.map(({left}) => left)) + 8
}
