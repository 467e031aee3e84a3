// The one way to the files of the build: by logical name, checked against the size and hash in the manifest.
// Two back ends say where the bytes come from: `open(name)` resolves with a stream of them; `broken(name, why)` is the
// failure to report when they are not what they should be.
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { LabError, failure } from "./messages.js";
import { patience } from "./patience.js";
import { crc32 } from "./sums.js";
import { fromBase64, unpacked } from "./unpack.js";

const STALL = 45; // seconds without a byte of any file that is on its way

// Over the network. fresh: pass by the HTTP cache, where there is a network; whoever reads checks what comes instead.
export function fromNetwork(manifest, base, fresh) {
  const broken = failure.asset;
  async function open(name) {
    const get = (cache) => fetch(new URL(manifest[name].url, base), { cache, credentials: "same-origin" });
    const kept = () => get("default").catch(() => null);
    const response = fresh ? await get("reload").catch(kept) : await kept();
    if (!response) throw new LabError(broken(name, t("no connection to the server")));
    if (!response.ok) throw new LabError(broken(name, t("the server answered {status}", { status: response.status })));
    return response.body;
  }
  return { open, broken };
}

// Out of the page: parcels are bytes of base64 text, gzip inside (web/payload.js gathers them). Each can be opened once.
export function fromParcels(parcels) {
  const broken = failure.parcel;
  async function open(name) {
    if (!parcels[name]) throw new LabError(broken(name, t("it is not there")));
    try {
      const text = new TextDecoder().decode(parcels[name]);
      release(new Uint8Array(parcels[name]));
      return unpacked(fromBase64(text));
    } catch {
      throw new LabError(broken(name, t("it cannot be decoded")));
    }
  }
  return { open, broken };
}

export function assetLoader(manifest, { open, broken }, { onBytes = () => {} } = {}) {
  const started = new Map();
  const late = new Map(); // name -> what ends the wait for it; all files share one line, and one clock
  let clock = null;

  function endAll() {
    for (const [name, end] of late) end(new LabError(broken(name, t("nothing came for {seconds} seconds", { seconds: STALL }))));
  }

  // Resolves as `act(stalled)` does; `stalled` is a promise that rejects when the line has given nothing for too long.
  async function patiently(name, act) {
    const stalled = new Promise((_, reject) => late.set(name, reject));
    stalled.catch(() => {}); // whoever waits for the bytes handles it
    clock ??= patience(STALL, endAll);
    try {
      return await act(stalled);
    } finally {
      late.delete(name);
      if (late.size === 0) clock = clock?.end() ?? null;
    }
  }

  // Resolves when every byte is checked, with all of them, or, not `asOne`, with a list of pieces.
  const read = (name, options) => patiently(name, (stalled) => readAll(name, stalled, options));

  async function readAll(name, stalled, { asOne = true, forward } = {}) {
    if (!manifest[name]) throw new LabError(broken(name, t("not in this build")));
    const { bytes, sha256, crc32: sum, pieces } = manifest[name];
    const hashes = pieces?.sha256 ?? [sha256];
    const sums = pieces?.crc32 ?? [sum];
    const size = pieces?.bytes ?? bytes;
    const whole = asOne ? new Uint8Array(bytes) : null;
    const parts = [];
    const checks = []; // promises: whether a part has its hash
    let length = 0;
    const sizeOf = (at) => Math.min(size, bytes - at);
    const begin = (at) => parts.push(whole ? whole.subarray(at, at + sizeOf(at)) : new Uint8Array(sizeOf(at)));
    // A part is checked while the next ones come.
    function put(value) {
      for (let rest = value; rest.length > 0; ) {
        const inside = length % size;
        if (inside === 0) begin(length);
        const part = parts.at(-1);
        const taken = rest.subarray(0, part.length - inside);
        part.set(taken, inside);
        length += taken.length;
        rest = rest.subarray(taken.length);
        if (inside + taken.length === part.length) checks.push(isWhole(part, hashes[parts.length - 1], sums[parts.length - 1]));
      }
    }
    const reader = (await Promise.race([open(name), stalled])).getReader();
    for (;;) {
      let part;
      try {
        part = await Promise.race([reader.read(), stalled]);
      } catch (error) {
        reader.cancel().catch(() => {});
        throw error instanceof LabError ? error : new LabError(broken(name, t("it broke off on the way")));
      }
      if (part.done) break;
      if (length + part.value.length > bytes) throw new LabError(broken(name, t("it is longer than it should be")));
      put(part.value);
      clock?.again();
      onBytes(part.value.length);
      if (forward) forward(part.value);
      else release(part.value);
    }
    if (length !== bytes) throw new LabError(broken(name, t("only {length} of {bytes} bytes came", { length, bytes })));
    if ((await Promise.all(checks)).includes(false)) throw new LabError(broken(name, t("its contents are not those of this build")));
    return whole ?? parts;
  }

  // Start reading now, in parallel with whatever else goes on. The bytes are handed over once they are checked.
  function start(name, options) {
    if (!started.has(name)) {
      const bytes = read(name, options);
      bytes.catch(() => {}); // whoever awaits it handles it
      started.set(name, bytes);
    }
    return started.get(name);
  }

  return {
    bytes: (name) => start(name),
    // In pieces, each of which can be given back as soon as it has been used.
    pieces: (name) => start(name, { asOne: false }),
    // A Response whose body flows while it arrives (for streaming compilation); `checked` settles when its hash is known. `came` is called
    // with when (ms) how much of it had come, for each part.
    stream(name, contentType, came = () => {}) {
      let checked;
      let length = 0;
      const body = new ReadableStream({
        start(controller) {
          const forward = (part) => {
            came(performance.now(), (length += part.length));
            controller.enqueue(part);
          };
          checked = read(name, { forward }).then(
            (whole) => {
              controller.close();
              release(whole); // the reader of the stream has copies
            },
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

// Give the memory of bytes back that nobody needs any more: now, where the engine can, else when it tidies up. Tens of megabytes
// wait for that otherwise, and the browser counts them.
export function release(bytes) {
  if (bytes.length === bytes.buffer.byteLength) bytes.buffer.transfer?.(0);
}

// Chromium holds on to what it has digested, detached or not, until it collects garbage: it gets copies, always in the same two places.
const ROOM = 1 << 24; // bytes; what is never written to takes no memory
const rooms = Array.from({ length: 2 }, () => ({ bytes: null, digesting: Promise.resolve() }));
let turn = 0;

// Whether this is their SHA-256 (hex), or, where the browser computes none (web/sums.js), their CRC-32.
async function isWhole(bytes, sha256, sum) {
  if (!globalThis.crypto?.subtle) return crc32(bytes) === sum;
  const room = rooms[turn++ % rooms.length];
  const digest = room.digesting.then(() => {
    if (!room.bytes || room.bytes.length < bytes.length) room.bytes = new Uint8Array(Math.max(bytes.length, ROOM));
    room.bytes.set(bytes);
    return crypto.subtle.digest("SHA-256", room.bytes.subarray(0, bytes.length));
  });
  room.digesting = digest.catch(() => {}); // whoever awaits it handles it
  return Array.from(new Uint8Array(await digest), (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
