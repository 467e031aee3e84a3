// Says of what scrolls whether there is more below, and of matrices, which open where their result is, whether there is more above; the
// style sheet shows it (css/layout.css).

const SLACK = 8   // px that nobody misses

export class More {
  constructor(scrolling) {
    this.scrolling = scrolling
    this.look = () => { for (const el of scrolling) el.toggleAttribute("data-more", hidesMore(el)) }
    this.observer = new ResizeObserver(this.look)
    for (const el of scrolling) this.observer.observe(el)
    for (const el of scrolling) el.addEventListener("scroll", this.look, {passive: true})
  }

  remove() {
    this.observer.disconnect()
    for (const el of this.scrolling) el.removeEventListener("scroll", this.look)
  }
}

export function mark(el) {
  el.toggleAttribute("data-more", hidesMore(el))
  el.toggleAttribute("data-above", el.scrollTop > SLACK && scrolls(el))
}

const scrolls = (el) => getComputedStyle(el).overflowY === "auto"

function hidesMore(el) {
  return el.scrollHeight - el.scrollTop - el.clientHeight > SLACK && scrolls(el)
}
