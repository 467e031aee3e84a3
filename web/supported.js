// Runs before everything else, in words that the oldest browsers understand (ES5): whether this one has what the lab needs.
// If not, it says so and leaves `attentionLabMissing`; boot.js, which an old browser may not even read, then does nothing.
// The build puts the oldest browsers that work in the place of OLDEST: see OLDEST in building/bundle.py.

var needed = {
  "WebAssembly": typeof WebAssembly === "object",
  "web workers": typeof Worker === "function",
  "64-bit integers": typeof BigInt64Array === "function",
  "streams": typeof ReadableStream === "function" && typeof Response === "function" && "body" in Response.prototype,
  "style sheets made by scripts": "adoptedStyleSheets" in document && typeof CSSStyleSheet === "function" && "replaceSync" in CSSStyleSheet.prototype,
  "today's JavaScript": typeof Object.hasOwn === "function" && typeof Array.prototype.findLast === "function"
};

var missing = [];
for (var name in needed) if (!needed[name]) missing.push(name);

if (missing.length) {
  window.attentionLabMissing = missing;
  document.documentElement.setAttribute("data-kernel", "unsupported");
  var place = document.getElementById("app");
  var say = function (tag, text) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    place.appendChild(element);
  };
  place.textContent = "";
  place.className = "opening";
  place.setAttribute("role", "alert");
  say("h1", "This browser is too old for the lab");
  say("p", "The lab runs Python inside the page. This browser lacks: " + missing.join(", ") + ".");
  say("p", "It works in " + OLDEST + ", and in newer ones. Where those are blocked, ask whoever looks after this computer.");
}
