// What a page that embeds the lab may ask for in its address, besides the state: ?embed=1&theme=dark&lock=text,settings&present=1
// Whatever is not known is passed over. Which settings a group of locks holds, each setting says itself.

const GROUPS = ["lab", "step", "text", "settings"]

export const options = read(new URLSearchParams(location.search))

export function read(fields) {
  const theme = fields.get("theme")
  return {
    embedded: fields.get("embed") === "1",
    presenting: fields.get("present") === "1",
    theme: theme === "light" || theme === "dark" ? theme : null,
    locked: new Set((fields.get("lock") ?? "").split(",").filter((name) => GROUPS.includes(name))),
  }
}
