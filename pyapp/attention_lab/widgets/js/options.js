// What a page that embeds the lab may ask for in its address, besides the state: ?embed=1&theme=dark&lock=text,settings
// Whatever is not known is passed over.

const GROUPS = {
  lab: ["lab", "link"],
  step: ["step"],
  text: ["text", "own", "sample"],
  settings: ["embedding", "seed", "d_model", "n_heads", "head", "mask", "n_pad", "blocked", "scale", "job", "examined", "kinds", "drawn"],
}

export const options = read(new URLSearchParams(location.search))

export function read(fields) {
  const theme = fields.get("theme")
  const groups = (fields.get("lock") ?? "").split(",").filter((name) => Object.hasOwn(GROUPS, name))
  return {
    embedded: fields.get("embed") === "1",
    theme: theme === "light" || theme === "dark" ? theme : null,
    locked: new Set(groups),
    fixed: new Set(groups.flatMap((name) => GROUPS[name])),
  }
}

// The changes that the learner may make.
export function allowed(changes) {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => !options.fixed.has(name)))
}
