// Watches that the page's own script (boot.js) starts, in words that the oldest browsers understand (ES5). Where it does not, it is
// asked for once more under another address; then the whole page is, once, past every cache, for a browser may have kept a page whose
// scripts are gone. What does not help is told: which file, what the server answered, of which type.
import { bringTexts, later, overHttp, request, stamped, t } from "./old-words.js";

var ASKED = "attention-lab-fresh"; // in the session's storage: the script for whose sake the page was asked for anew
var PATIENCE = 30; // seconds; a second in which this page did not run is none
var TICK = 1000;
var SLOW = [later("Attention Lab is still on its way"), later("The line is slow, or the site does not answer. The lab opens as soon as its files are here.")];

// Put a message in the place of the lab: a heading and sentences. It is said at once, and once more as soon as the texts of the page's
// language are here.
export function tell(sentences, again) {
  write(sentences, again);
  bringTexts(function () {
    if (!window.attentionLabShell.started) write(sentences, again);
  });
}

function write(sentences, again) {
  var place = document.getElementById("app") || document.body.appendChild(document.createElement("div"));
  var say = function (tag, text) {
    var element = place.appendChild(document.createElement(tag));
    element.appendChild(document.createTextNode(text));
    return element;
  };
  place.textContent = "";
  place.className = "opening";
  place.setAttribute("role", "alert");
  for (var i = 0; i < sentences.length; i++) say(i ? "p" : "h1", t(sentences[i]));
  if (again) say("button", t("Retry")).onclick = again;
}

// When the page is parsed and its deferred scripts have run: while they run, it already calls itself "interactive".
export function whenParsed(act) {
  if (document.readyState !== "complete") document.addEventListener("DOMContentLoaded", act);
  else act();
}

var shell = null;
var thrown = ""; // what went wrong before the lab had started
var forbidden = ""; // the part of a policy that kept a script away

export function watch() {
  shell = window.attentionLabShell = { started: false };
  window.addEventListener("error", function (event) {
    if (!shell.started && event.message) thrown = event.message;
  });
  document.addEventListener("securitypolicyviolation", function (event) {
    if (/^(script|default)-src/.test(event.effectiveDirective || "")) forbidden = event.effectiveDirective;
  });
  var ticks = 0;
  var clock = setInterval(function () {
    if (shell.started || shell.told) return clearInterval(clock);
    if (++ticks === PATIENCE) tell(SLOW, fresh);
  }, TICK);
  whenParsed(function () {
    if (!shell.started && !window.attentionLabMissing) tryAgain();
  });
}

// boot.js's own element; a page that came only in part has none.
function own() {
  return document.querySelector("script[data-boot]");
}

function tryAgain() {
  var first = own();
  if (!first) return lost(later("the page itself"), later("it came only in part"), true);
  if (!first.src) return lost("boot.js", thrown || later("it is damaged"), false);
  var second = document.createElement("script");
  if (first.integrity) second.integrity = first.integrity;
  if (first.crossOrigin) second.crossOrigin = first.crossOrigin;
  second.src = stamped(first.src);
  second.onload = second.onerror = function () {
    if (!shell.started) withSlash(first);
    else if (first.integrity) mend(first.src);
  };
  document.head.appendChild(second);
}

// What the browser has kept of a script is damaged, or the second try would not have helped: it gets a whole one.
function mend(address) {
  if (window.fetch) fetch(address, { cache: "reload", credentials: "same-origin" }).then(null, function () {});
}

// A server that gives the page for `/lab`, too: everything beside it is then asked for in the wrong folder.
function withSlash(script) {
  var folder = location.pathname + "/";
  if (!overHttp() || /(\/|\.[^\/]*)$/.test(location.pathname)) return ask(script);
  request(folder + script.getAttribute("src"), function (answer) {
    if (answer.status === 200 && /javascript/.test(answer.type) && once(folder)) location.replace(folder + location.search + location.hash);
    else ask(script);
  });
}

function ask(script) {
  var name = script.src.replace(/^.*\//, "");
  if (!overHttp()) return lost(name, thrown || later("it is not there, or it is damaged"), false);
  request(script.src, function (answer) {
    if (forbidden) lost(name, [later("the policy of this site, {rule}, does not allow it"), { rule: forbidden }], false);
    else if (!answer.status) lost(name, later("no connection to the server"), false);
    else if (answer.status !== 200) lost(name, [later("the server answered {status}"), { status: answer.status }], true);
    else if (!/javascript/.test(answer.type)) lost(name, [later("the server sent it as {type}, not as text/javascript"), { type: answer.type || later("a file of no type") }], true);
    else lost(name, thrown || later("its contents are not those of this build"), true);
  });
}

// mayHelp: a fresh page could name other files.
function lost(name, why, mayHelp) {
  if (mayHelp && overHttp() && once(own() ? own().src : "page")) return fresh();
  shell.told = true;
  document.documentElement.setAttribute("data-kernel", "error");
  var next = overHttp()
    ? later("Check the connection, then press Retry. If that does not help, tell whoever runs this site.")
    : later("Please make sure that the whole folder is here, unpacked, and open index.html again.");
  if (own() && !own().src) next = later("Get a fresh copy of the lab; this one is incomplete or was changed.");
  tell([later("The lab could not start"), [later("A file that the lab needs could not be used: {name} ({why})."), { name: name, why: why }], next], overHttp() ? fresh : null);
}

// Whether this was not done before in this tab. Where nothing can be kept, a page that was loaded anew has had its turn.
function once(what) {
  try {
    if (sessionStorage.getItem(ASKED) === what) return false;
    sessionStorage.setItem(ASKED, what);
    return true;
  } catch (error) {
    return !window.performance || !performance.navigation || performance.navigation.type !== 1;
  }
}

// The page anew, past the browser's cache and the copy that the lab keeps on this device (web/sw.js lets go of what is asked for so).
function fresh() {
  var reload = function () {
    location.reload();
  };
  if (!window.fetch) return reload();
  fetch(location.href.split("#")[0], { cache: "reload", credentials: "same-origin" }).then(reload, reload);
}
