// How web/watch.js and its like speak the language of the page, in words that the oldest browsers understand (ES5). They run where the
// page's own script may never do: what they have to say is said in English, and said again once the texts of the language are here.
// The same texts, and the same two marks, as in widgets/js/texts.js.

var WAIT = 30000; // ms for an answer

// `said` is a text; or a list of one and of its values, which may be such lists themselves, or functions that return what is said.
export function t(said) {
  var list = [].concat(said);
  var values = list[1] || {};
  var text = "" + ((window.attentionLabTexts || {})[list[0]] || list[0]);
  return text.replace(/\{(\w+)\}/g, function (place, name) {
    var value = values[name];
    return value === undefined ? place : typeof value === "function" ? value() : t(value);
  });
}

export function later(text) {
  return text;
}

// As web/languages.js has it: the language of the address, the one that was chosen on this device, or one of the browser's.
function languageOf(languages) {
  var named = /[?&#]language=([\w-]+)/;
  var wanted = [(named.exec(location.hash) || named.exec(location.search) || [])[1]];
  try {
    wanted.push(localStorage.getItem("attention-lab-language"));
  } catch (error) {
    // an opaque origin keeps nothing
  }
  wanted = wanted.concat(navigator.languages || navigator.language);
  for (var i = 0; i < wanted.length; i++) {
    var code = wanted[i] || "";
    var stem = code.split("-")[0];
    if (code === "en" || languages[code]) return code;
    if (stem === "en" || languages[stem]) return stem;
  }
}

// Bring the texts of the page's language, then call `done`: where it is English, or they cannot be had, never.
export function bringTexts(done) {
  try {
    var config = JSON.parse(document.getElementById("lab-config").textContent);
    var name = languageOf(config.languages);
    var language = config.languages[name];
    var address = config.assets[language.page].url;
  } catch (error) {
    return; // it is English, or the page came only in part
  }
  if (!overHttp() || config.payload) return; // such a page brings its files itself
  request(address, function (answer) {
    try {
      window.attentionLabTexts = JSON.parse(answer.text);
    } catch (error) {
      return;
    }
    var root = document.documentElement;
    root.lang = name;
    root.dir = language.direction;
    done();
  });
}

export function overHttp() {
  return /^http/.test(location.protocol);
}

// Another address of the same file, for browsers that would give what they have.
export function stamped(address) {
  return address + "?again=" + new Date().getTime();
}

// What the server answers now: its status (0: nothing), type and text.
export function request(address, done) {
  var asked = new XMLHttpRequest();
  asked.onload = asked.onerror = asked.ontimeout = function () {
    done({ status: asked.status, type: asked.status ? asked.getResponseHeader("Content-Type") || "" : "", text: asked.responseText });
  };
  try {
    asked.open("GET", stamped(address));
    asked.timeout = WAIT;
    asked.send();
  } catch (error) {
    done({ status: 0, type: "", text: "" });
  }
}
