// The tech check: one press, and what to send to whoever looks after the computers. It prints.
import { html, nothing, render } from "lit-html";
import { later, t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { copyable } from "../copying.js";
import { addressOf, wayTo } from "../place-of-lab.js";
import { menu } from "../tongues.js";
import { inMegabytes, inTime, seconds } from "./line.js";
import { violations } from "./looking.js";
import { onTheLine, ways } from "./ways.js";
import { lab, line, processor } from "./speed.js";
import { LAST, TESTS, browserName } from "./tests.js";

const MARKS = { good: "✓", less: "!", bad: "✗", open: "–" };
const SAID = { good: later("works"), less: later("works with less"), bad: later("does not work"), open: later("no verdict") };
// Of what the build says of bytes, the words (building/pages.py, building/administrators.py).
const WORDS = [later("First visit, from the memory snapshot"), later("First visit, plain start (slow lines)"), later("as stored"), later("about"), later("not measured"), later("attention-lab-scorm12.zip, attention-lab-scorm2004.zip, each")];
const said = (words) => (WORDS.includes(words) ? t(words) : words);
const TRIED = "lab=stepper&embed=1";

export function check(host, told) {
  const address = addressOf(told.places.lab);
  const context = { ...told, violations: violations() };
  let results = [];
  let state = "new"; // "running", "done"
  let now = "";
  let room = { devices: 30, megabits: 100 };
  let spoken = "";
  for (const opening of host.querySelectorAll(".opening")) opening.remove();
  const above = host.appendChild(document.createElement("div"));
  const draw = () => render(view(), above);

  async function run() {
    [results, state] = [[], "running"];
    draw();
    const frame = above.querySelector("iframe");
    const measured = [["line", later("Speed of the line"), line], ["processor", later("Speed of the processor"), processor], ["lab", later("The lab itself"), () => lab(frame, `${address}?${TRIED}`)]];
    for (const [id, title, test] of [...TESTS, ...measured, ...LAST]) {
      now = t(title);
      draw();
      await new Promise((resolve) => setTimeout(resolve)); // the page is painted between two tests
      results.push({ id, title: t(title), ...(await test(context)) });
    }
    state = "done";
    draw();
    above.querySelector("#verdict").focus();
  }

  const asks = () => results.filter(({ ask }) => ask).map(({ ask }) => ask);

  function letter() {
    const about = [t("Attention Lab, build {build}, {address}", { build: told.build, address }), `${browserName()}, ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`];
    return [...about, "", ...asks()].join("\n");
  }

  function verdict() {
    const failed = results.some((result) => result.state === "bad");
    if (failed) return html`<div class="tool-bad"><p><strong>${t("This device cannot run the lab as it is.")}</strong> ${t("Send this to whoever looks after it:")}</p>${copyable("letter", t("Message"), letter(), { rows: 8, dir: "auto", say })}</div>`;
    return html`<div class="tool-good"><p><strong>${t("Green: this device runs the lab.")}</strong></p>${asks().length ? html`<p>${t("It could do more. If you want that, send this to whoever looks after it:")}</p>${copyable("letter", t("Message"), letter(), { rows: 6, dir: "auto", say })}` : nothing}</div>`;
  }

  function say(text) {
    spoken = text;
    draw();
  }

  const number = (name, label, most) => html`<div class="tool-field"><label for=${name}>${label}</label><input id=${name} type="number" min="1" max=${most} .value=${String(room[name])} @change=${(event) => { room = { ...room, [name]: Math.min(most, Math.max(1, Number(event.target.value) || 1)) }; draw(); }}></div>`;

  const row = ({ what, how, bytes }) => html`<tr><th scope="row">${said(what)}, ${said(how)}</th><td>${inMegabytes(bytes)}</td><td>${inTime(seconds(bytes, room.devices, room.megabits))}</td></tr>`;

  const view = () => html`
    <h1>${t("Tech check")}</h1>
    <p>${t("Press the button on a computer of the room. It looks at what the lab needs and tells nobody: what it finds stands on this page only.")}</p>
    <nav aria-label=${t("Other pages")}><a href=${wayTo("lab", told.places)}>${t("The lab")}</a> <a href=${wayTo("teach", told.places)}>${t("For teachers")}</a>${told.places.administrators ? html` <a href=${told.places.administrators}>${t("For administrators")}</a>` : nothing}</nav>
    ${menu(told)}
    <p><button type="button" id="run" ?disabled=${state === "running"} @click=${run}>${state === "new" ? t("Check this device") : t("Check again")}</button> <button type="button" @click=${() => print()}>${t("Print")}</button></p>
    <p role="status" id="progress">${state === "running" ? t("Looking at: {what} …", { what: now }) : ""}</p>
    <div id="verdict" tabindex="-1">${state === "done" ? verdict() : nothing}</div>
    ${results.length ? html`<ul class="tool-results">${results.map((result) => html`<li data-test=${result.id} data-state=${result.state}><span aria-hidden="true">${MARKS[result.state]}</span> <b>${result.title}</b> <span class="vh">${t(SAID[result.state])}.</span> ${result.says}</li>`)}</ul>` : nothing}
    <div ?hidden=${state === "new"} class="tool-tried"><iframe class="tool-frame" title=${t("The lab, to see whether it starts")} height="420" tabindex=${state === "new" ? "-1" : nothing}></iframe></div>
    <h2>${t("A class on one line")}</h2>
    <p>${t("Bytes of this build ({build}), all devices at once, nothing else on the line. Later visits over https need next to none.", { build: told.build })}</p>
    <div class="tool-settings">${number("devices", t("Devices"), 2000)}${number("megabits", t("Line, Mbit/s"), 100000)}</div>
    <table><thead><tr><th scope="col">${t("What each device fetches")}</th><th scope="col">${t("Bytes")}</th><th scope="col">${t("Until the last has it")}</th></tr></thead><tbody>${told.sizes.map(row)}</tbody></table>
    ${onTheLine(told.measured)}
    ${ways(told)}
    <p class="tool-print">${t("Build {build}, {address}", { build: told.build, address })}</p>
    <p class="vh" role="status">${spoken}</p>`;

  draw();
}
