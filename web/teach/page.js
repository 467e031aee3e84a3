// The page for teachers: choose what students see, see it, take it along.
import { html, nothing, render } from "lit-html";
import { qr } from "../../pyapp/attention_lab/widgets/js/qr.js";
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { copyable, save } from "../copying.js";
import { addressOf, isShared, wayTo } from "../place-of-lab.js";
import { menu } from "../tongues.js";
import { launched, NotAPackage } from "./course.js";
import { check, form } from "./form.js";
import { labOf, parsed, start, wrongValue, written } from "./link.js";
import { SECTIONS } from "./sections.js";
import { snippet } from "./snippet.js";
import { inWords } from "./words.js";

const HEIGHT = 900; // pixels, until the lab has told its own
const WAIT = 400; // ms without another change before the frame is loaded anew

export function teach(host, told) {
  const { catalogue, places } = told;
  const lab = addressOf(places.lab);
  let chosen = start(catalogue, catalogue.first.of_old);
  let base = isShared(lab) ? lab : "";
  let shown = ""; // the query that the frame shows, once it is asked for
  let height = 0; // as the lab in the frame has told it
  let later = 0;
  let pasted = null; // {wrong} of a link that was read
  let options = { sandbox: "usual", follows: true };
  let spoken = "";
  let packed = "";
  const above = host.appendChild(document.createElement("div"));
  for (const opening of host.querySelectorAll(".opening")) opening.remove();

  const query = () => written(chosen, catalogue);
  const link = () => `${(base || lab).replace(/[?#].*$/, "")}?${query()}`;
  const script = () => (URL.canParse?.("host.js", base || lab) ?? /^https?:/.test(base || lab) ? new URL("host.js", base || lab).href : "host.js");
  const problems = () => labOf(catalogue, chosen.lab).settings.filter(({ key }) => chosen.values.has(key)).map((setting) => wrongValue(setting, chosen.values.get(setting.key))).filter(Boolean);

  function say(text) {
    spoken = text;
    draw();
  }

  function change(act) {
    act(chosen);
    packed = "";
    if (shown) {
      clearTimeout(later);
      later = setTimeout(showLive, WAIT);
    }
    draw();
  }

  function showLive() {
    clearTimeout(later);
    if (shown === query()) return;
    [shown, height] = [query(), 0];
    draw();
  }

  // The lab keeps the address of its frame in step with what is set in it; a page from disk may not look.
  function takeShown() {
    const frame = host.querySelector("iframe");
    try {
      const { hash, search } = frame.contentWindow.location;
      const now = parsed(`${search}${hash}`, catalogue).chosen;
      const { locks, counts, page } = chosen;
      chosen = { ...now, locks, counts, page };
      say(t("The form has what the frame shows."));
    } catch {
      say(t("A page that is opened from disk may not look into the frame: press Share in it, and paste the link below."));
    }
  }

  function take(text) {
    const { chosen: found, wrong } = parsed(text, catalogue);
    pasted = { wrong };
    change(() => (chosen = found));
  }

  addEventListener("message", ({ source, data }) => {
    if (source !== host.querySelector("iframe")?.contentWindow || data?.type !== "attention-lab:height" || !(data.height > 0)) return;
    height = Math.ceil(data.height);
    draw();
  });

  async function pack(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const { title } = labOf(catalogue, chosen.lab);
    try {
      const name = file.name.replace(/\.zip$/, `-${chosen.lab}-${chosen.step}.zip`);
      save(name, await launched(file, query(), title));
      packed = t("Saved as {file}, where your browser puts downloads: a package that opens at “{lab}”. Upload it to your course as it is, packed.", { file: name, lab: title });
    } catch (error) {
      if (!(error instanceof NotAPackage)) throw error;
      packed = error.message;
    }
    draw();
  }

  function draw() {
    const wrong = problems();
    render(view(wrong), above);
    above.querySelector(".tool-qr")?.replaceChildren(qr(link(), t("The link as a QR code")) ?? t("This link is too long for a QR code that can be read off a wall."));
  }

  const view = (wrong) => html`
    <h1>${t("For teachers")}</h1>
    <p>${t("Choose what students see, try it, and take it along: as a link, in a page of yours, as a QR code, or as an item of a course. Nothing is sent anywhere; this page makes it all.")}</p>
    <nav aria-label=${t("Other pages")}><a href=${wayTo("lab", places)}>${t("The lab")}</a> <a href=${wayTo("check", places)}>${t("Tech check")}</a> <a href=${wayTo("guides", places)}>${t("Guides for each lab")}</a>${places.administrators ? html` <a href=${places.administrators}>${t("For administrators")}</a>` : nothing}${SECTIONS.map(({ id, title }) => html` <a href="#${id}">${t(title)}</a>`)}</nav>
    ${menu(told)}
    <h2>${t("Choose")}</h2>
    <div class="tool-read"><label for="pasted">${t("Or begin with a link of the lab")}</label><input id="pasted" type="text" dir="ltr" spellcheck="false" placeholder=${t("Paste a link here")} @change=${(event) => take(event.target.value)}>
      ${pasted ? html`<div id="judged">${pasted.wrong.length ? html`<p>${t("Not all of that link can be used:")}</p><ul class="tool-wrong">${pasted.wrong.map((each) => html`<li>${each}</li>`)}</ul>` : html`<p>${t("Every part of that link is understood.")}</p>`}</div>` : nothing}</div>
    ${form(chosen, catalogue, change)}
    <h2>${t("What students will see")}</h2>
    <div id="words">${inWords(chosen, catalogue).map((sentence) => html`<p>${sentence}</p>`)}</div>
    ${wrong.length ? html`<p class="tool-wrong">${t("Before you take it along: {wrong} The lab passes such a part over, and says so.", { wrong: wrong.join(" ") })}</p>` : nothing}
    ${chosen.locks.has("step") && !chosen.locks.has("lab") ? html`<p class="tool-note">${t("The step holds, but not the lab: students can go to another lab.")}</p>` : nothing}
    <p><button type="button" id="live" @click=${showLive} ?disabled=${shown === query()}>${shown ? t("Show it again") : t("See it live")}</button> ${shown ? html`<button type="button" id="take-shown" @click=${takeShown}>${t("Take what the frame shows now")}</button>` : nothing}</p>
    ${shown ? html`<iframe class="tool-frame" title=${t("What students see")} src="${lab}?${shown}" height=${chosen.page.has("embed") && height ? height : 700} allow="clipboard-write"></iframe>
      <p id="height">${chosen.page.has("embed") ? (height ? t("In a frame as wide as this one it is {n} pixels high.", { n: height }) : t("The lab tells its height when it is drawn.")) : t("Without “as high as its contents” the lab fills its frame and scrolls in it: any height will do, 700 pixels or more.")}</p>` : nothing}
    <h2>${t("Take it along")}</h2>
    <div class="tool-field"><label for="base">${t("Address at which your students find the lab")}</label><input id="base" type="url" dir="ltr" spellcheck="false" .value=${base} placeholder="https://your.school/lab/" @change=${(event) => { base = event.target.value.trim(); draw(); }}>
      ${isShared(base || lab) ? nothing : html`<p class="tool-note" id="own-disk">${t("This copy is on your own computer, and so is every link to it. Type the address at which your students will find the lab.")}</p>`}</div>
    ${copyable("link", t("Link"), link(), { rows: 2, say })}
    <h3>${t("In a page of yours")}</h3>
    ${check("strict", t("In the strictest sandbox: nothing is kept between visits, and files cannot be saved"), options.sandbox === "strict", (on) => { options = { ...options, sandbox: on ? "strict" : "usual" }; draw(); })}
    ${chosen.page.has("embed") ? check("follows", t("The page around may run a script, so that the frame follows the height of the lab"), options.follows, (on) => { options = { ...options, follows: on }; draw(); }) : nothing}
    ${copyable("snippet", "HTML", snippet({ link: link(), host: script(), inside: told.host, chosen, catalogue, height: height || HEIGHT, sandbox: options.sandbox, follows: chosen.page.has("embed") && options.follows }), { rows: 6, say })}
    <h3>${t("On the wall or on paper")}</h3>
    <div class="tool-qr"></div>
    <p><button type="button" @click=${() => save("attention-lab.svg", new Blob([new XMLSerializer().serializeToString(above.querySelector("svg.qr"))], { type: "image/svg+xml" }))}>${t("Save the QR code")}</button></p>
    <h3>${t("As an item of a course (SCORM)")}</h3>
    <p>${t("A course package opens as its launch parameters say. Give them to a package here, on this computer, and upload what is saved:")}</p>
    ${copyable("launch", t("Launch parameters"), `?${query()}`, { rows: 2, say })}
    <div class="tool-field"><label for="package">${t("{before} or {last}", { before: "attention-lab-scorm12.zip", last: "attention-lab-scorm2004.zip" })}</label><input id="package" type="file" accept=".zip,application/zip" @change=${pack}></div>
    ${packed ? html`<p id="packed" role="status">${packed}</p>` : nothing}
    <p class="vh" role="status">${spoken}</p>`;

  draw();
  for (const { id, title, mount } of SECTIONS) {
    const section = Object.assign(document.createElement("section"), { id });
    section.append(Object.assign(document.createElement("h2"), { textContent: t(title) }));
    const place = section.appendChild(document.createElement("div"));
    host.append(section);
    mount(place, catalogue);
  }
}
