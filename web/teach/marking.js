// Marking on the teacher's page: results files, loose or in zips, become one table, and a file for a spreadsheet. All of it stays here.
import { html, nothing, render } from "lit-html";
import { later, placed, t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { compared, csv, itemsOf, percent, readResults } from "./results.js";
import { filesIn, isZip, NotAZip } from "./unzip.js";
import { about, readGraded } from "./graded.js";

const LARGEST = 100 << 20; // bytes of a file that is given
const DEPTH = 2; // zips in zips: what a course system gives is one of those that learners hand in
const RESULTS = { right: later("right"), wrong: later("wrong"), open: later("open") };
const SIGNS = { right: "✓", wrong: "✗", open: "–" };

export function mount(host) {
  const state = { rows: [], wrong: [], programs: 0, busy: false, every: false };
  const draw = () => render(page(state, { take, empty, save, all }), host);

  async function take(files) {
    state.busy = true;
    draw();
    for (const file of files) {
      if (file.size > LARGEST) state.wrong.push({ file: file.name, why: t("it is larger than {n} MB", { n: LARGEST >> 20 }) });
      else await read(file.name, new Uint8Array(await file.arrayBuffer()), state, 0);
    }
    state.rows.sort((a, b) => a.name.localeCompare(b.name) || a.file.localeCompare(b.file));
    state.busy = false;
    draw();
  }
  function empty() {
    Object.assign(state, { rows: [], wrong: [], programs: 0 });
    draw();
    host.querySelector("input").focus();
  }
  function all(on) {
    state.every = on;
    draw();
  }
  function save() {
    const address = URL.createObjectURL(new Blob([csv(compared(state.rows))], { type: "text/csv;charset=utf-8" }));
    Object.assign(document.createElement("a"), { href: address, download: "attention-lab-results.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
  draw();
}

// One file: results, a zip of files, a program beside results; anything else is told by its name.
async function read(file, bytes, state, depth) {
  try {
    if (isZip(bytes)) {
      if (depth >= DEPTH) throw new NotAZip(t("it is a zip in a zip in a zip"));
      const inside = filesIn(bytes).filter(({ name }) => !/(^|\/)(__MACOSX\/|\.)/.test(name));
      if (inside.length === 0) throw new NotAZip(t("it is an empty zip"));
      for (const { name, read: unpack } of inside) {
        const whole = `${file}/${name}`;
        if (/\.py$/.test(name)) state.programs++;
        else await unpack().then((data) => read(whole, data, state, depth + 1), (error) => state.wrong.push({ file: whole, why: error.message }));
      }
      return;
    }
    const text = new TextDecoder().decode(bytes);
    const graded = readGraded(text, file);
    if (graded !== null) {
      state.rows.push(...graded.rows.map((row) => ({ file, ...row })));
      state.wrong.push(...graded.wrong.map((why) => ({ file, why })));
      return;
    }
    const results = readResults(text);
    if (results.wrong) state.wrong.push({ file, why: results.wrong });
    else state.rows.push({ file, ...results });
  } catch (error) {
    if (!(error instanceof NotAZip)) throw error;
    state.wrong.push({ file, why: error.message });
  }
}

function page(state, { take, empty, save, all }) {
  const rows = compared(state.rows);
  const items = itemsOf(rows);
  const chosen = (event) => {
    const files = [...event.target.files];
    event.target.value = ""; // the same file can be chosen again
    take(files);
  };
  const drop = (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  };
  return html`
    <p>${t("Results files that students saved (“attention-lab-….json”), the zips with their programs, or a zip of all that your course system collected: as many as you like. They are read on this computer and stay here; nothing is sent or kept.")}</p>
    <div class="tool-field marking-drop" @dragover=${(event) => event.preventDefault()} @drop=${drop}><label for="marking-files">${t("Files, chosen or dropped here")}</label>
      <input id="marking-files" type="file" multiple accept=".json,.jsonl,.zip,application/json,application/zip" @change=${chosen}></div>
    <div role="status">${state.busy ? html`<p>${t("Reading …")}</p>` : state.rows.length + state.wrong.length === 0 ? nothing : html`<p id="marking-said">${said(rows.length, state)}.</p>`}
      ${state.wrong.length ? html`<ul id="marking-wrong">${state.wrong.map(({ file, why }) => html`<li><bdi>${file}</bdi>: ${why}.</li>`)}</ul>` : nothing}</div>
    ${rows.length ? html`<p><button type="button" id="marking-csv" @click=${save}>${t("Save as CSV")}</button> <button type="button" @click=${empty}>${t("Empty")}</button>
        <label><input type="checkbox" id="marking-all" .checked=${state.every} @change=${(event) => all(event.target.checked)}> ${t("every item")}</label></p>
      <div class="marking-box" tabindex="0" role="group" aria-label=${t("Results")}><table id="marking-table"><thead><tr>${[t("name"), t("points"), t("of"), "%", t("written"), t("file"), t("to look at")].map((head) => html`<th scope="col">${head}</th>`)}${state.every ? items.map(({ title, id }) => html`<th scope="col" title=${id}><bdi>${title || id}</bdi></th>`) : nothing}</tr></thead>
        <tbody>${rows.map((row) => html`<tr><th scope="row"><bdi>${row.name || t("no name")}</bdi></th><td>${row.points}</td><td>${row.of}</td><td>${percent(row)}</td><td>${row.written}</td><td><bdi>${row.file}</bdi></td><td>${row.notes.join("; ")}</td>${state.every ? items.map(({ id }) => mark(row.items.get(id))) : nothing}</tr>`)}</tbody></table></div>` : nothing}
    <p class="tool-note">${about()}</p>
    <p class="tool-note">${placed(t("A results file is a student’s own report: whoever wants to can change it. To be sure of the exercises, unpack the zips into one folder and run {command}, which runs every program again."), { command: html`<code>python -m attention_lab.grading --all FOLDER</code>` })}</p>`;
}

// How many there are, as parts of one sentence.
const said = (n, { programs, wrong }) =>
  [
    n === 1 ? t("{n} result", { n }) : t("{n} results", { n }),
    ...(programs === 1 ? [t("{n} program beside them", { n: programs })] : programs ? [t("{n} programs beside them", { n: programs })] : []),
    ...(wrong.length === 1 ? [t("{n} file not understood", { n: 1 })] : wrong.length ? [t("{n} files not understood", { n: wrong.length })] : []),
  ].join(", ");

const tried = (n) => (n === 1 ? t("{n} try", { n }) : t("{n} tries", { n }));

const mark = (item) => (item === undefined ? html`<td></td>` : html`<td title=${`${t(RESULTS[item.result])}, ${tried(item.tries)}`}>${SIGNS[item.result]}<span class="vh"> ${t(RESULTS[item.result])}</span></td>`);
