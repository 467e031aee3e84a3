// gzip (RFC 1952) and deflate (RFC 1951), for browsers without DecompressionStream. Whoever reads a file checks its hash.

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END = 256;
const LONGEST = 15; // bits of a code

// The contents of one gzip member without name or comment: what the build writes.
export function gunzip(packed) {
  const [HEADER, TRAILER] = [10, 8];
  if (packed.length < HEADER + TRAILER || packed[0] !== 0x1f || packed[1] !== 0x8b || packed[2] !== 8 || packed[3] !== 0) throw new TypeError("not gzip as the build writes it");
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
  return inflate(packed.subarray(HEADER, packed.length - TRAILER), new Uint8Array(size));
}

function inflate(source, out) {
  let at = 0; // in source
  let held = 0; // bits that were read and not used, the next one lowest
  let count = 0; // how many
  let length = 0; // of what is written

  function bits(n) {
    while (count < n) {
      if (at >= source.length) throw new RangeError("the compressed data ends too early");
      held |= source[at++] << count;
      count += 8;
    }
    const value = held & ((1 << n) - 1);
    held >>>= n;
    count -= n;
    return value;
  }

  // One symbol; a code is read bit by bit against how many codes there are of each length.
  function symbol({ counts, symbols }) {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let n = 1; n <= LONGEST; n++) {
      code |= bits(1);
      if (code - first < counts[n]) return symbols[index + code - first];
      index += counts[n];
      first = (first + counts[n]) << 1;
      code <<= 1;
    }
    throw new RangeError("a code that is not in the table");
  }

  function stored() {
    held = count = 0; // up to the next whole byte
    const n = source[at] | (source[at + 1] << 8);
    at += 4;
    if (at + n > source.length) throw new RangeError("the compressed data ends too early");
    out.set(source.subarray(at, at + n), length);
    at += n;
    length += n;
  }

  function compressed(literals, distances) {
    for (;;) {
      const value = symbol(literals);
      if (value === END) return;
      if (value < END) {
        out[length++] = value;
        continue;
      }
      const n = LENGTHS[value - END - 1] + bits(LENGTH_BITS[value - END - 1]);
      const code = symbol(distances);
      const distance = DISTANCES[code] + bits(code < 2 ? 0 : (code >> 1) - 1);
      if (!(distance <= length)) throw new RangeError("a distance that points before the beginning");
      for (let i = 0; i < n; i++, length++) out[length] = out[length - distance];
    }
  }

  function tables() {
    const [nLiterals, nDistances, nCodes] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const codeLengths = new Uint8Array(CODE_ORDER.length);
    for (let i = 0; i < nCodes; i++) codeLengths[CODE_ORDER[i]] = bits(3);
    const codes = table(codeLengths);
    const lengths = new Uint8Array(nLiterals + nDistances);
    for (let i = 0; i < lengths.length; ) {
      const value = symbol(codes);
      if (value < 16) lengths[i++] = value;
      else if (value === 16) i = repeat(lengths, i, lengths[i - 1], 3 + bits(2));
      else i = repeat(lengths, i, 0, value === 17 ? 3 + bits(3) : 11 + bits(7));
    }
    return [table(lengths.subarray(0, nLiterals)), table(lengths.subarray(nLiterals))];
  }

  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) stored();
    else if (kind === 1) compressed(FIXED_LITERALS, FIXED_DISTANCES);
    else if (kind === 2) compressed(...tables());
    else throw new RangeError("a block of unknown kind");
  }
  if (length !== out.length) throw new RangeError("the contents are not as long as the file says");
  return out;
}

function repeat(lengths, from, value, times) {
  lengths.fill(value, from, from + times);
  return from + times;
}

// A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes.
function table(lengths) {
  const counts = new Uint16Array(LONGEST + 1);
  for (const n of lengths) counts[n]++;
  counts[0] = 0;
  const starts = new Uint16Array(LONGEST + 2);
  for (let n = 1; n <= LONGEST; n++) starts[n + 1] = starts[n] + counts[n];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((n, value) => {
    if (n > 0) symbols[starts[n]++] = value;
  });
  return { counts, symbols };
}

const FIXED_LITERALS = table(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
const FIXED_DISTANCES = table(new Uint8Array(30).fill(5));
