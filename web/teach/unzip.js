// The files of a zip that somebody else made: nothing in it is believed before it was looked at, and nothing grows without end.

import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const MOST = 2000; // files
const LARGEST = 4 << 20; // bytes of one file, unpacked

export class NotAZip extends Error {}

export const isZip = (bytes) => bytes.length > 3 && bytes[0] === 0x50 && bytes[1] === 0x4b && [3, 5].includes(bytes[2]);

// [{name, read}]: `read` gives the bytes of a file, and rejects one that is damaged, locked or too large.
export function filesIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end < 0) throw new NotAZip(t("its end is missing: it was not copied whole"));
  const count = view.getUint16(end + 10, true);
  if (count > MOST) throw new NotAZip(t("it has more than {n} files", { n: MOST }));
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) throw new NotAZip(t("its list of files is damaged"));
    const [flags, method] = [8, 10].map((place) => view.getUint16(at + place, true));
    const [packed, size] = [20, 24].map((place) => view.getUint32(at + place, true));
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const from = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    found.push({ name, read: () => unpacked(bytes, view, { from, packed, size, flags, method }) });
    at += 46 + nameLength + extra + comment;
  }
  return found.filter(({ name }) => !name.endsWith("/"));
}

function endOf(view) {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) if (view.getUint32(at, true) === END) return at;
  return -1;
}

async function unpacked(bytes, view, { from, packed, size, flags, method }) {
  if (flags & 1) throw new NotAZip(t("it is locked with a password"));
  if (size > LARGEST) throw new NotAZip(t("it is larger than {n} MB", { n: LARGEST >> 20 }));
  if (from + 30 > bytes.length || view.getUint32(from, true) !== LOCAL) throw new NotAZip(t("it is damaged"));
  const start = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
  const data = bytes.subarray(start, start + packed);
  if (data.length !== packed || ![0, 8].includes(method)) throw new NotAZip(t("it is damaged, or packed in a way that is not known here"));
  return method === 0 ? data : inflated(data);
}

async function inflated(data) {
  const parts = [];
  let length = 0;
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(new NotAZip(t("it is damaged"))));
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > LARGEST) {
      await reader.cancel().catch(() => {});
      throw new NotAZip(t("it is larger than {n} MB", { n: LARGEST >> 20 }));
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// For tests, and for whoever wants all of it at once: [{name, text}] or [{name, wrong}].
export async function textsIn(bytes) {
  return Promise.all(filesIn(bytes).map(async ({ name, read }) => {
    try {
      return { name, text: new TextDecoder().decode(await read()) };
    } catch (error) {
      return { name, wrong: error.message };
    }
  }));
}
