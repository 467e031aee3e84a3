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
  if (typeof DecompressionStream !== "function") return inPieces(gunzip(packed));
  return inPieces(packed).pipeThrough(new DecompressionStream("gzip"));
}

// Bytes as a stream, not all at once: what is made of a piece waits in memory. (A Blob would do it, where WebKit lets one be read.)
function inPieces(bytes, size = 1 << 16) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += size)));
      else controller.close();
    },
  });
}
