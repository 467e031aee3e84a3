// Whether Python starts from the memory snapshot: more to download, less to compute. docs/adr/0009 has the figures.
// `?boot=plain` and `?boot=snapshot` choose.

export async function wantsSnapshot(config, base) {
  if (config.snapshot === null) return false;
  const asked = new URLSearchParams(location.search).get("boot");
  if (asked) return asked !== "plain";
  if (config.payload) return location.protocol === "file:"; // on a host its files come as text, a third larger
  return !isSlow() || isKept(config, base);
}

// Only some browsers tell what the line is like; the others count as fast.
function isSlow() {
  const { effectiveType = "4g", saveData = false } = navigator.connection ?? {};
  return saveData || effectiveType !== "4g"; // 3g means below 0.7 Mbit/s
}

// Whether the service worker has the snapshot on this device.
async function isKept({ assets, snapshot }, base) {
  try {
    return Boolean(await caches.match(new URL(assets[snapshot.heap].url, base)));
  } catch {
    return false; // an opaque origin
  }
}
