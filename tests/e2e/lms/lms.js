// A course system for the tests: scorm-again holds the item's data, and what is committed outlives a reload.
const asked = new URLSearchParams(location.search);
const version = asked.get("version");
const KEPT = `kept-${version}`;
const settings = { autocommit: false, logLevel: 5, lmsCommitUrl: false };
const api = version === "1.2" ? (window.API = new Scorm12API(settings)) : (window.API_1484_11 = new Scorm2004API(settings));
const prefix = version === "1.2" ? "LMS" : "";

// A passing score, in per cent, as the launch of an item may ask for one.
const passing = asked.get("passing");
if (passing !== null && version === "1.2") api.cmi.student_data.mastery_score = passing;
else if (passing !== null) api.cmi.scaled_passing_score = String(passing / 100);

const kept = sessionStorage.getItem(KEPT);
if (kept) api.loadFromJSON(JSON.parse(kept));

window.commits = 0;
window.calls = [];
window.longest = 0;
for (const method of ["Initialize", "Commit", version === "1.2" ? "Finish" : "Terminate"])
  api.on(`${prefix}${method}`, () => calls.push(method));
api.on(`${prefix}SetValue.cmi.suspend_data`, (element, value) => {
  window.longest = Math.max(window.longest, value.length);
});
api.on(`${prefix}Commit`, () => {
  window.commits++;
  sessionStorage.setItem(KEPT, JSON.stringify(api.cmi));
  document.documentElement.dataset.commits = String(window.commits);
});
window.committed = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");

// The item in a frame of this page; or, when it is asked to, in a window that this page opens.
if (asked.has("window")) {
  window.enter = () => (window.opened = open(asked.get("item"), "_blank", "width=1300,height=800"));
  window.leave = () => opened.close();
} else {
  const frame = Object.assign(document.createElement("iframe"), { src: asked.get("item"), width: 1300, height: 800 });
  if (asked.has("sandbox")) frame.setAttribute("sandbox", asked.get("sandbox"));
  addEventListener("DOMContentLoaded", () => document.body.append(frame));
  window.leave = () => (frame.src = "about:blank");
}
