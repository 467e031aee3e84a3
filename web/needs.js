// What the lab needs of a browser, in words that the oldest ones understand (ES5).

var needed = {
  "WebAssembly": typeof WebAssembly === "object",
  "web workers": typeof Worker === "function",
  "64-bit integers": typeof BigInt64Array === "function",
  "streams": typeof ReadableStream === "function" && typeof Response === "function" && "body" in Response.prototype,
  "style sheets made by scripts": "adoptedStyleSheets" in document && typeof CSSStyleSheet === "function" && "replaceSync" in CSSStyleSheet.prototype,
  "today's JavaScript": typeof Object.hasOwn === "function" && typeof Array.prototype.findLast === "function"
};

export var missing = [];
for (var name in needed) if (!needed[name]) missing.push(name);
