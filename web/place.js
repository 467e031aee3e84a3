// Where the learner is on the screen: kept when one drawing of a document takes the place of another.

// The element with the focus, by its position below `host`, and what is selected in it; null where it is elsewhere.
export function placeIn(host) {
  const element = document.activeElement;
  if (!host?.contains(element)) return null;
  const path = [];
  for (let at = element; at !== host; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  let selection = null;
  try {
    selection = [element.selectionStart, element.selectionEnd];
  } catch {
    // a field of a kind that has none
  }
  return { path, tag: element.localName, selection };
}

export function goTo(host, place) {
  const element = place?.path.reduce((at, index) => at?.children[index], host);
  if (element?.localName !== place?.tag) return;
  element?.focus({ preventScroll: true });
  if (place?.selection?.[0] != null) element.setSelectionRange(...place.selection);
}
