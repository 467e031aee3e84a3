// What goes into a page of a course: a frame, and below it a link for where frames are blocked.
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { labOf } from "./link.js";

const SANDBOXES = { usual: "allow-scripts allow-same-origin allow-downloads", strict: "allow-scripts" };
const LINK = "\0"; // where the link stands in a sentence, whose signs are escaped
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

// follows: the page around it may run host.js, so the frame gets as high as its contents; inside: its text, where no file of that name
// is beside the lab.
export function snippet({ link, host, inside, chosen, catalogue, height, sandbox, follows }) {
  const { title } = labOf(catalogue, chosen.lab);
  const frame = `<iframe class="attention-lab" title="${escaped(t("Attention Lab: {lab}", { lab: title }))}" width="100%" height="${height}" allow="clipboard-write"
        sandbox="${SANDBOXES[sandbox]}"
        src="${escaped(link)}"></iframe>`;
  const anchor = `<a href="${escaped(link)}" target="_blank" rel="noopener">${escaped(t("Open “{lab}” in a window of its own", { lab: title }))}</a>`;
  const below = `<p>${t("{link}, where the frame above stays empty.", { link: LINK }).split(LINK).map(escaped).join(anchor)}</p>`;
  return [frame, below, ...(follows ? [inside ? `<script>\n${inside}</script>` : `<script src="${escaped(host)}" defer></script>`] : [])].map(ascii).join("\n");
}

// A page of a course may have any encoding.
const ascii = (text) => text.replace(/[^\x00-\x7f]/gu, (sign) => `&#${sign.codePointAt(0)};`);
