// The class poll on the teacher's page: codes are pasted, and counted for each question. They go nowhere.
import { html, nothing, render } from "lit-html";
import { codesIn, tally } from "../../pyapp/attention_lab/widgets/js/codes.js";

// catalogue.labs: [{name, title, steps: [{title}]}], in the order of the course.
export function mount(host, { labs }) {
  const names = labs.map(({ name }) => name);
  let text = "";
  const write = (event) => {
    text = event.target.value;
    draw();
  };
  const clear = () => {
    text = "";
    draw();
    host.querySelector("textarea").focus();
  };
  const draw = () => {
    const { codes, wrong } = codesIn(text, names);
    const groups = tally(codes);
    render(page({ text, groups, wrong, all: codes.length, labs, write, clear }), host);
  };
  draw();
}

const page = ({ text, groups, wrong, all, labs, write, clear }) => html`
  <p>Students guess in the lab and open “code for a class poll” below their guess: six signs, such as <code>K7M-4PX</code>. Have them sent by chat, written on a shared page or read out, and paste or type all of them here. Names and times around them do no harm.</p>
  <div class="tool-field"><label for="poll-codes">Codes</label><textarea id="poll-codes" rows="6" spellcheck="false" autocomplete="off" .value=${text} @input=${write}></textarea></div>
  ${text ? html`<p><button type="button" @click=${clear}>Empty</button></p>` : nothing}
  <div id="poll-tally" role="status">
    ${all > 0 ? html`<p>${all} ${all === 1 ? "code" : "codes"}, ${groups.length} ${groups.length === 1 ? "question" : "questions"}.</p>` : nothing}
    ${groups.map((group) => table(group, groups, labs))}
    ${wrong.length > 0 ? html`<h3>Not counted</h3><ul class="poll-wrong">${wrong.map(({ line, text: word, wrong: why }) => html`<li>Line ${line}, <bdi>“${word}”</bdi>: ${why}.</li>`)}</ul>` : nothing}
  </div>
  <p class="tool-note">What this cannot show: who sent a code, whether everybody sent one and nobody two, and whether it was chosen before the answer was seen. The same answer is the same code, whoever gives it.
    Options are numbered as they stand in the lab; opened with <code>present=1</code> at the question, the lab takes the codes too, and shows them beside the words.</p>`;

function table({ lab, step, question, counts, all }, groups, labs) {
  const { title, steps } = labs[lab];
  const alike = groups.filter((other) => other.lab === lab && other.step === step);
  const which = alike.length > 1 ? `, question ${alike.findIndex((other) => other.question === question) + 1} (another sentence, or other settings)` : "";
  const options = Array.from({ length: Math.max(...counts.keys()) + 1 }, (_, option) => [option + 1, counts.get(option) ?? 0]);
  return html`<table class="poll-table"><caption>${title}: ${steps[step]?.title ?? `step ${step + 1}`}${which}</caption>
    <thead><tr><th scope="col">option</th><th scope="col">codes</th><th scope="col">of all</th><td></td></tr></thead>
    <tbody>${options.map(([option, count]) => html`<tr><th scope="row">${option}</th><td>${count}</td><td>${Math.round((count / all) * 100)} %</td><td class="poll-bar"><i .style=${`width:${(count / all) * 100}%`}></i></td></tr>`)}</tbody></table>`;
}
