// What the lab needs of a browser, in words that the oldest ones understand (ES5).
import { later } from "./old-words.js";

export var WASM = "WebAssembly";

export var missing = [];

function need(what, there) {
  if (!there) missing.push(what);
}

need(WASM, typeof WebAssembly === "object");
need(later("web workers"), typeof Worker === "function");
need(later("64-bit integers"), typeof BigInt64Array === "function");
need(later("streams"), typeof ReadableStream === "function" && typeof Response === "function" && "body" in Response.prototype);
need(later("style sheets made by scripts"), "adoptedStyleSheets" in document && typeof CSSStyleSheet === "function" && "replaceSync" in CSSStyleSheet.prototype);
need(later("today's JavaScript"), typeof Object.hasOwn === "function" && typeof Array.prototype.findLast === "function");
