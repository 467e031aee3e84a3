// Runs before everything else, in words that the oldest browsers understand (ES5): whether this one has what the lab needs, and
// whether the lab starts (web/watch.js). If something is lacking, it says so and leaves `attentionLabMissing`; boot.js, which an old
// browser may not even read, then does nothing. It stands in the page itself, where no file can be missing, and beside it, for hosts
// whose policy allows no script in a page: the first of them does the work.
// The build puts the oldest browsers that work in the place of OLDEST: see OLDEST in building/bundle.py.
import { WASM, missing } from "./needs.js";
import { later, t } from "./old-words.js";
import { tell, watch, whenParsed } from "./watch.js";

// A browser that has everything but that is not old.
function tellSwitchedOff() {
  tell([
    later("WebAssembly is switched off in this browser"),
    later("The lab runs Python inside the page, and Python needs WebAssembly. A setting, an extension or a mode of higher security (Lockdown Mode, for one) keeps it away."),
    later("Allow it for this site, or open the lab in another browser. Where you cannot, ask whoever looks after this computer.")
  ]);
}

function tellTooOld() {
  var lacking = function () {
    return missing.map(t).join(", ");
  };
  tell([
    later("This browser is too old for the lab"),
    [later("The lab runs Python inside the page. This browser lacks: {lacking}."), { lacking: lacking }],
    [later("It works in {oldest}, and in newer ones. Where those are blocked, ask whoever looks after this computer."), { oldest: OLDEST }]
  ]);
}

if (!window.attentionLabShell) {
  if (missing.length) {
    window.attentionLabShell = { started: false };
    window.attentionLabMissing = missing;
    document.documentElement.setAttribute("data-kernel", "unsupported");
    whenParsed(missing.length === 1 && missing[0] === WASM ? tellSwitchedOff : tellTooOld);
  } else watch();
}
