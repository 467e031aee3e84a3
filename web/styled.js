// The page's own style sheet: whether it has come, whole, and if not, once more.
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { LabError } from "./messages.js";

// Its last rule sets this. A browser may give an empty sheet for one that failed, and from disk it lets nobody look into any.
const whole = () => getComputedStyle(document.documentElement).getPropertyValue("--whole") !== "";

export async function styled(broken) {
  const link = document.querySelector("link[rel=stylesheet]");
  if (!link || whole()) return;
  const address = new URL(link.href);
  address.search = `?again=${Date.now()}`;
  const next = Object.assign(link.cloneNode(), { href: address.href });
  const ended = new Promise((resolve) => {
    next.onload = resolve;
    next.onerror = resolve;
  });
  link.replaceWith(next);
  await ended;
  if (!whole()) throw new LabError(broken("styles.css", t("it did not load, or its contents are not those of this build")));
}
