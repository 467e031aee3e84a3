// Files that travel as text: gzip in base64. Browsers that cannot undo one or the other by themselves get it done here.
import { gunzip } from "./inflate.js";

export function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// The contents of gzip'ed bytes, as a stream.
export function unpacked(packed) {
  if (typeof DecompressionStream !== "function") return new Blob([gunzip(packed)]).stream();
  return new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
}
