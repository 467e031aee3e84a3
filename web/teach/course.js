// A package for a course system that opens as a link does: its manifest is given launch parameters, on this computer.
import { entries, textOf, withText } from "../zip.js";
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { escaped } from "./snippet.js";

const MANIFEST = "imsmanifest.xml";
const ITEM = /<item identifier="lab" identifierref="page"[^>]*><title>[^<]*<\/title>/;

export class NotAPackage extends Error {}

// `query`: of a link; `title`: what the item is called in the course. The package, as a Blob.
export async function launched(file, query, title) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = entries(bytes);
  const manifest = found?.find(({ name }) => name === MANIFEST);
  const text = manifest ? await textOf(manifest) : "";
  if (!ITEM.test(text)) throw new NotAPackage(t("“{file}” is no course package of the lab: choose attention-lab-scorm12.zip or attention-lab-scorm2004.zip.", { file: file.name }));
  const item = `<item identifier="lab" identifierref="page" parameters="?${escaped(query)}"><title>${escaped(title)}</title>`;
  return withText(bytes, found, MANIFEST, text.replace(ITEM, () => item));
}
