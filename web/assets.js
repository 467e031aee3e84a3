// The one way to the files of the build: by logical name, checked against the size and hash in the manifest.
// This back end reads the network; a page opened from disk gets its own back end with the same two calls.
import { LabError, failure } from "./messages.js";

export function networkAssets(manifest, base, { fresh = false, onBytes = () => {} } = {}) {
  const started = new Map();

  async function open(name) {
    const entry = manifest[name];
    if (!entry) throw new LabError(failure.asset(name, "not in this build"));
    let response;
    try {
      response = await fetch(new URL(entry.url, base), { cache: fresh ? "reload" : "default", credentials: "same-origin" });
    } catch {
      throw new LabError(failure.asset(name, "no connection to the server"));
    }
    if (!response.ok) throw new LabError(failure.asset(name, `the server answered ${response.status}`));
    return response.body;
  }

  async function read(name, forward) {
    const { bytes, sha256 } = manifest[name];
    const whole = new Uint8Array(bytes);
    let length = 0;
    const reader = (await open(name)).getReader();
    for (;;) {
      let part;
      try {
        part = await reader.read();
      } catch {
        throw new LabError(failure.asset(name, "the connection broke off"));
      }
      if (part.done) break;
      if (length + part.value.length > bytes) throw new LabError(failure.asset(name, "it is longer than it should be"));
      whole.set(part.value, length);
      length += part.value.length;
      forward?.enqueue(part.value);
      onBytes(part.value.length);
    }
    if (length !== bytes) throw new LabError(failure.asset(name, `only ${length} of ${bytes} bytes came`));
    const hash = await digest(whole);
    if (hash !== null && hash !== sha256) throw new LabError(failure.asset(name, "its contents are not those of this build"));
    return whole;
  }

  return {
    // Start reading now, in parallel with whatever else goes on. The bytes are handed over once they are checked.
    bytes(name) {
      if (!started.has(name)) {
        const bytes = read(name);
        bytes.catch(() => {}); // whoever awaits it handles it
        started.set(name, bytes);
      }
      return started.get(name);
    },
    // A Response whose body flows while it arrives (for streaming compilation); `checked` settles when its hash is known.
    stream(name, contentType) {
      let checked;
      const body = new ReadableStream({
        start(controller) {
          checked = read(name, controller).then(
            () => controller.close(),
            (error) => {
              controller.error(error);
              throw error;
            },
          );
          checked.catch(() => {}); // whoever awaits `checked` handles it
        },
      });
      return { response: new Response(body, { headers: { "content-type": contentType } }), checked };
    },
  };
}

// SHA-256 in hex; null where there is no crypto.subtle (browsers give it to https and localhost only): there the length
// check stands alone.
async function digest(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
