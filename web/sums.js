// CRC-32, as zlib has it: what files are checked by where the browser has no crypto.subtle (it gives that to https and localhost
// only). It finds damage; nobody is kept from forging it, as nobody is on plain http.

// For four bytes at a time: table 0 for one byte, each further one for the same byte one place earlier.
const TABLES = Array.from({ length: 4 }, () => new Uint32Array(256));
for (let n = 0; n < 256; n++) {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLES[0][n] = value;
}
for (let t = 1; t < 4; t++) for (let n = 0; n < 256; n++) TABLES[t][n] = (TABLES[t - 1][n] >>> 8) ^ TABLES[0][TABLES[t - 1][n] & 255];

export function crc32(bytes) {
  const [one, two, three, four] = TABLES;
  const length = bytes.length;
  let sum = -1;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    sum ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    sum = four[sum & 255] ^ three[(sum >>> 8) & 255] ^ two[(sum >>> 16) & 255] ^ one[sum >>> 24];
  }
  for (; at < length; at++) sum = one[(sum ^ bytes[at]) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}
