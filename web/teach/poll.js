// The class poll on the teacher's page: codes are pasted, and counted for each question. They go nowhere.
import { html, nothing, render } from "lit-html";
import { codesIn, tally } from "../../pyapp/attention_lab/widgets/js/codes.js";
import { placed, t } from "../../pyapp/attention_lab/widgets/js/texts.js";

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
  <p>${placed(t("Students guess in the lab and open “code for a class poll” below their guess: six signs, such as {code}. Have them sent by chat, written on a shared page or read out, and paste or type all of them here. Names and times around them do no harm."), { code: html`<code>K7M-4PX</code>` })}</p>
  <div class="tool-field"><label for="poll-codes">${t("Codes")}</label><textarea id="poll-codes" rows="6" spellcheck="false" autocomplete="off" .value=${text} @input=${write}></textarea></div>
  ${text ? html`<p><button type="button" @click=${clear}>${t("Empty")}</button></p>` : nothing}
  <div id="poll-tally" role="status">
    ${all > 0 ? html`<p>${all === 1 ? t("{n} code", { n: all }) : t("{n} codes", { n: all })}, ${groups.length === 1 ? t("{n} question", { n: 1 }) : t("{n} questions", { n: groups.length })}.</p>` : nothing}
    ${groups.map((group) => table(group, groups, labs))}
    ${wrong.length > 0 ? html`<h3>${t("Not counted")}</h3><ul class="poll-wrong">${wrong.map(({ line, text: word, wrong: why }) => html`<li>${placed(t("Line {n}, {word}: {why}.", { n: line, why }), { word: html`<bdi>“${word}”</bdi>` })}</li>`)}</ul>` : nothing}
  </div>
  <p class="tool-note">${t("What this cannot show: who sent a code, whether everybody sent one and nobody two, and whether it was chosen before the answer was seen. The same answer is the same code, whoever gives it.")}
    ${placed(t("Options are numbered as they stand in the lab; opened with {present} at the question, the lab takes the codes too, and shows them beside the words."), { present: html`<code>present=1</code>` })}</p>`;

function table({ lab, step, question, counts, all }, groups, labs) {
  const { title, steps } = labs[lab];
  const alike = groups.filter((other) => other.lab === lab && other.step === step);
  const which = alike.length > 1 ? `, ${t("question {n} (another sentence, or other settings)", { n: alike.findIndex((other) => other.question === question) + 1 })}` : "";
  const options = Array.from({ length: Math.max(...counts.keys()) + 1 }, (_, option) => [option + 1, counts.get(option) ?? 0]);
  return html`<table class="poll-table"><caption>${title}: ${steps[step]?.title ?? t("step {n}", { n: step + 1 })}${which}</caption>
    <thead><tr><th scope="col">${t("option")}</th><th scope="col">${t("codes")}</th><th scope="col">${t("of all")}</th><td></td></tr></thead>
    <tbody>${options.map(([option, count]) => html`<tr><th scope="row">${option}</th><td>${count}</td><td>${Math.round((count / all) * 100)} %</td><td class="poll-bar"><i .style=${`width:${(count / all) * 100}%`}></i></td></tr>`)}</tbody></table>`;
}
