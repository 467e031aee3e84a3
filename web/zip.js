// A zip with one of its files replaced: all others stay as they are, byte for byte.
import { crc32 } from "./sums.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;

// The files of a zip in the order of its directory: {name, from, to, method, packed, fields}; null for what is none.
export function entries(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - END_LENGTH;
  if (end < 0 || view.getUint32(end, true) !== END) return null;
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) return null;
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const length = 46 + nameLength + extra + comment;
    const from = view.getUint32(at + 42, true);
    if (from + 30 > bytes.length || view.getUint32(from, true) !== LOCAL) return null;
    const data = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
    const to = data + view.getUint32(at + 20, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    found.push({ name, method: view.getUint16(at + 10, true), from, to, packed: bytes.subarray(data, to), fields: bytes.slice(at, at + length) });
    at += length;
  }
  return found;
}

export async function textOf({ method, packed }) {
  if (method === 0) return new TextDecoder().decode(packed);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}

// The same zip with other text in the file of that name, as a Blob.
export function withText(bytes, found, name, text) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const entry of found) {
    const fields = entry.fields.slice();
    const [own, told] = entry.name === name ? stored(entry, fields, text) : [bytes.subarray(entry.from, entry.to), fields];
    new DataView(told.buffer).setUint32(42, at, true);
    parts.push(own);
    directory.push(told);
    at += own.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = new DataView(new ArrayBuffer(END_LENGTH));
  end.setUint32(0, END, true);
  for (const place of [8, 10]) end.setUint16(place, found.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

// A file as it stands in a zip, not compressed, and its line in the directory.
function stored({ name }, fields, text) {
  const [title, data] = [name, text].map((each) => new TextEncoder().encode(each));
  const sum = crc32(data);
  const own = new Uint8Array(30 + title.length + data.length);
  const local = new DataView(own.buffer);
  local.setUint32(0, LOCAL, true);
  local.setUint16(4, 20, true);
  local.setUint16(12, 0x21, true); // the first day that a zip can hold
  const line = new DataView(fields.buffer);
  line.setUint16(10, 0, true);
  for (const [view, place] of [[local, 14], [line, 16]]) {
    view.setUint32(place, sum, true);
    view.setUint32(place + 4, data.length, true);
    view.setUint32(place + 8, data.length, true);
  }
  local.setUint16(26, title.length, true);
  own.set(title, 30);
  own.set(data, 30 + title.length);
  return [own, fields];
}
