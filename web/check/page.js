// The tech check: one press, and what to send to whoever looks after the computers. It prints.
import { html, nothing, render } from "lit-html";
import { copyable } from "../copying.js";
import { addressOf, wayTo } from "../place-of-lab.js";
import { inMegabytes, inTime, seconds } from "./line.js";
import { violations } from "./looking.js";
import { ways } from "./ways.js";
import { lab, line, processor } from "./speed.js";
import { LAST, TESTS, browserName } from "./tests.js";

const MARKS = { good: "✓", less: "!", bad: "✗", open: "–" };
const SAID = { good: "works", less: "works with less", bad: "does not work", open: "no verdict" };
const TRIED = "lab=stepper&embed=1";

export function check(host, told) {
  const address = addressOf(told.places.lab);
  const context = { ...told, violations: violations() };
  let results = [];
  let state = "new"; // "running", "done"
  let now = "";
  let room = { devices: 30, megabits: 100 };
  let spoken = "";
  host.querySelector(".opening")?.remove();
  const above = host.appendChild(document.createElement("div"));
  const draw = () => render(view(), above);

  async function run() {
    [results, state] = [[], "running"];
    draw();
    const frame = above.querySelector("iframe");
    const measured = [["line", "Speed of the line", line], ["processor", "Speed of the processor", processor], ["lab", "The lab itself", () => lab(frame, `${address}?${TRIED}`)]];
    for (const [id, title, test] of [...TESTS, ...measured, ...LAST]) {
      now = title;
      draw();
      await new Promise((resolve) => setTimeout(resolve)); // the page is painted between two tests
      results.push({ id, title, ...(await test(context)) });
    }
    state = "done";
    draw();
    above.querySelector("#verdict").focus();
  }

  const asks = () => results.filter(({ ask }) => ask).map(({ ask }) => ask);

  function letter() {
    const about = [`Attention Lab, build ${told.build}, ${address}`, `${browserName()}, ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`];
    return [...about, "", ...asks()].join("\n");
  }

  function verdict() {
    const failed = results.some((result) => result.state === "bad");
    if (failed) return html`<div class="tool-bad"><p><strong>This device cannot run the lab as it is.</strong> Send this to whoever looks after it:</p>${copyable("letter", "Message", letter(), { rows: 8, say })}</div>`;
    return html`<div class="tool-good"><p><strong>Green: this device runs the lab.</strong></p>${asks().length ? html`<p>It could do more. If you want that, send this to whoever looks after it:</p>${copyable("letter", "Message", letter(), { rows: 6, say })}` : nothing}</div>`;
  }

  function say(text) {
    spoken = text;
    draw();
  }

  const number = (name, label, most) => html`<div class="tool-field"><label for=${name}>${label}</label><input id=${name} type="number" min="1" max=${most} .value=${String(room[name])} @change=${(event) => { room = { ...room, [name]: Math.min(most, Math.max(1, Number(event.target.value) || 1)) }; draw(); }}></div>`;

  const row = ({ what, bytes }) => html`<tr><th scope="row">${what}</th><td>${inMegabytes(bytes)}</td><td>${inTime(seconds(bytes, room.devices, room.megabits))}</td></tr>`;

  const view = () => html`
    <h1>Tech check</h1>
    <p>Press the button on a computer of the room. It looks at what the lab needs and tells nobody: what it finds stands on this page only.</p>
    <nav aria-label="Other pages"><a href=${wayTo("lab", told.places)}>The lab</a> <a href=${wayTo("teach", told.places)}>For teachers</a>${told.places.administrators ? html` <a href=${told.places.administrators}>For administrators</a>` : nothing}</nav>
    <p><button type="button" id="run" ?disabled=${state === "running"} @click=${run}>${state === "new" ? "Check this device" : "Check again"}</button> <button type="button" @click=${() => print()}>Print</button></p>
    <p role="status" id="progress">${state === "running" ? `Looking at: ${now} …` : ""}</p>
    <div id="verdict" tabindex="-1">${state === "done" ? verdict() : nothing}</div>
    ${results.length ? html`<ul class="tool-results">${results.map((result) => html`<li data-test=${result.id} data-state=${result.state}><span aria-hidden="true">${MARKS[result.state]}</span> <b>${result.title}</b> <span class="vh">${SAID[result.state]}.</span> ${result.says}</li>`)}</ul>` : nothing}
    <div ?hidden=${state === "new"} class="tool-tried"><iframe class="tool-frame" title="The lab, to see whether it starts" height="420" tabindex=${state === "new" ? "-1" : nothing}></iframe></div>
    <h2>A class on one line</h2>
    <p>Bytes of this build (${told.build}), all devices at once, nothing else on the line. Later visits over https need next to none.</p>
    <div class="tool-settings">${number("devices", "Devices", 2000)}${number("megabits", "Line, Mbit/s", 100000)}</div>
    <table><thead><tr><th scope="col">What each device fetches</th><th scope="col">Bytes</th><th scope="col">Until the last has it</th></tr></thead><tbody>${told.sizes.map(row)}</tbody></table>
    ${ways(told)}
    <p class="tool-print">Build ${told.build}, ${address}</p>
    <p class="vh" role="status">${spoken}</p>`;

  draw();
}
