// Whether Python starts from the memory snapshot: more to download, less to compute. docs/adr/0009 has the figures.
// `?boot=plain` and `?boot=snapshot` choose.

const GAIN = 4; // seconds that the snapshot saves in computing, on an ordinary laptop

// "plain", "snapshot", or "measure": as the line turns out to be, while the file comes that either way needs.
export async function wayToStart(config, base) {
  if (config.snapshot === null) return "plain";
  const asked = new URLSearchParams(location.search).get("boot");
  if (asked) return asked === "plain" ? "plain" : "snapshot";
  if (config.payload) return location.protocol === "file:" ? "snapshot" : "plain"; // on a host its files come as text, a third larger
  return (await keptWay(config, base)) ?? (isSlow() ? "plain" : "measure");
}

// Only some browsers tell of it.
function isSlow() {
  const { effectiveType = "4g", saveData = false } = navigator.connection ?? {};
  return saveData || effectiveType !== "4g"; // 3g means below 0.7 Mbit/s
}

// The way whose files the service worker has on this device, if it has any.
async function keptWay({ assets, snapshot, packages }, base) {
  const isKept = (name) => caches.match(new URL(assets[name].url, base));
  try {
    if (!navigator.serviceWorker.controller) return null;
    if (await isKept(snapshot.heap)) return "snapshot";
    return (await isKept(packages[0])) ? "plain" : null;
  } catch {
    return null; // an opaque origin
  }
}

// Whether it takes longer to download what the snapshot has more than it saves: if that comes as fast as the file whose arrivals
// these are ([ms, bytes so far] for each part).
export function costsMore(assets, { snapshot, plain, arrivals }) {
  const size = (names) => names.reduce((sum, name) => sum + assets[name].bytes, 0);
  return secondsAByte(arrivals) * (size(snapshot) - size(plain)) > GAIN;
}

// By the quickest quarter of the file: a computer that is busy holds the other parts up, and no line is faster than it is.
function secondsAByte(arrivals) {
  const quarter = arrivals.at(-1)[1] / 4;
  let quickest = Infinity;
  let from = 0;
  for (const [end, bytes] of arrivals) {
    while (bytes - arrivals[from + 1]?.[1] >= quarter) from++;
    const [start, before] = arrivals[from];
    if (bytes - before >= quarter) quickest = Math.min(quickest, (end - start) / (bytes - before) / 1000);
  }
  return quickest === Infinity ? 0 : quickest; // it came in a few parts at once
}
