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

// The line, by the parts of the file that either way needs (`by`), while they come: whether it takes longer to download what the snapshot
// has more than it saves. A line that was once quick enough is told to be so at once; that it is slow is known when all has come.
export function lineOf(assets, { snapshot, plain, by }) {
  const size = (names) => names.reduce((sum, name) => sum + assets[name].bytes, 0);
  const more = size(snapshot) - size(plain);
  const quickest = quickestQuarter(assets[by].bytes);
  let tell;
  const isQuick = new Promise((resolve) => (tell = resolve));
  return {
    came: (ms, bytes) => quickest.came(ms, bytes) * more <= GAIN && tell(),
    // `whole`: a promise that the file has come. It may have come in a few parts at once: that tells nothing.
    isSlow: (whole) => Promise.race([isQuick.then(() => false), whole.then(() => quickest.known() * more > GAIN)]),
  };
}

// Seconds a byte of the quickest quarter of a file: a computer that is busy holds the other parts up, and no line is faster than it is.
function quickestQuarter(size) {
  const arrivals = []; // [ms, bytes so far]
  let from = 0;
  let quickest = Infinity;
  return {
    came(end, bytes) {
      arrivals.push([end, bytes]);
      while (bytes - arrivals[from + 1]?.[1] >= size / 4) from++;
      const [start, before] = arrivals[from];
      if (bytes - before >= size / 4) quickest = Math.min(quickest, (end - start) / (bytes - before) / 1000);
      return quickest;
    },
    known: () => (quickest === Infinity ? 0 : quickest),
  };
}
