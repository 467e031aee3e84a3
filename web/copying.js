// A text that can be taken along: selected by a press, copied by a button.
import { html } from "lit-html";
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";

export function copyable(name, label, text, { rows = 1, dir = "ltr", say }) {
  const copy = async (event) => {
    const field = event.target.closest(".tool-copy").querySelector("textarea");
    field.focus();
    field.select();
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    say(copied ? t("{what}: copied.", { what: label }) : t("{what}: selected. Press Ctrl+C or ⌘C to copy it.", { what: label }));
  };
  return html`<div class="tool-copy" data-take=${name}><label>${label}<textarea readonly dir=${dir} rows=${rows} spellcheck="false" .value=${text}></textarea></label><button type="button" @click=${copy}>${t("Copy")}</button></div>`;
}

export function save(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
