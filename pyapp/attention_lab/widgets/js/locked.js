// What the address locks stays as the part before the "#" has it, whatever another link says.
import {options} from "./options.js"

// The part of a link that may be followed; "" for one that leads to another lab where the lab is locked.
export function allowed(house, link, given = location.search) {
  if (options.locked.size === 0) return link
  const [asked, first] = [new URLSearchParams(link), new URLSearchParams(given)]
  const elsewhere = asked.has("lab") && first.has("lab") && asked.get("lab") !== first.get("lab")
  if (options.locked.has("lab") && elsewhere) return ""
  for (const name of new Set([...asked.keys(), ...first.keys()])) {
    if (!isLocked(house, name)) continue
    asked.delete(name)
    if (first.has(name)) asked.set(name, first.get(name))
  }
  return String(asked)
}

function isLocked(house, name) {
  if (name === "lab") return options.locked.has("lab")
  const settings = house.screens.flatMap((screen) => screen.settings)
  return settings.some(({key, lock}) => key === name && options.locked.has(lock))
}
