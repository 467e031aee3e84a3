// How the lab gets into a room, and what whoever looks after the computers has to know: it prints with the rest.
import { html, nothing } from "lit-html";
import { placed, t } from "../../pyapp/attention_lab/widgets/js/texts.js";

export const ways = ({ places, oldest }) => html`
  <h2>${t("Where the line is thin")}</h2>
  <h3>${t("On a stick")}</h3>
  <p>${placed(t("Unpack {folder} on the stick and open {index} by double-click; or copy {file}, which is one file. Nothing is installed. Copied to the disk first, it opens faster than from the stick."), { folder: html`<code>attention-lab-folder.zip</code>`, index: html`<code>index.html</code>`, file: html`<code>attention-lab.html</code>` })}</p>
  <h3>${t("On a share")}</h3>
  <p>${placed(t("The same folder, unpacked on a drive that all computers see; students open {index} there. The share needs no right to write."), { index: html`<code>index.html</code>` })}</p>
  <h3>${t("On a server in the room")}</h3>
  <p>${placed(t("Unpack the site on a teacher’s computer, and in that folder: {command}. Students open {http}, the name or number of that computer, and {port}. This small server compresses nothing, so each visit fetches the bytes “as stored” above; and without https each visit fetches them again. {serve} and nginx compress (administrators.html has the lines for nginx)."), { command: html`<code>python3 -m http.server 8000</code>`, http: html`<code>http://</code>`, port: html`<code>:8000</code>`, serve: html`<code>python3 build.py serve</code>` })}</p>
  <h2>${t("For whoever looks after the computers")}</h2>
  <ul>
    <li>${t("A set of static files. No account, no server code, no database, no request to any other host.")}</li>
    <li>${t("Browsers: {oldest}, and newer. Nothing is installed; no rights beyond a web page’s.", { oldest })}</li>
    <li>${t("WebAssembly and web workers must be allowed for the address of the lab. About 256 MB of memory for a tab.")}</li>
    <li>${t("Nothing of a student is sent anywhere. To see for yourself: open the lab, open the browser’s developer tools (F12), choose “Network”, and use the lab: there are only requests for its own files, all with GET and without a body. Or pull the cable once it is open: it goes on.")}</li>
    ${places.administrators ? html`<li>${placed(t("All policies, sizes and headers: {page}."), { page: html`<a href=${places.administrators}>${t("For administrators")}</a>` })}</li>` : nothing}
  </ul>`;
