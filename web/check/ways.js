// How the lab gets into a room, and what whoever looks after the computers has to know: it prints with the rest.
import { html, nothing } from "lit-html";
import { placed, t } from "../../pyapp/attention_lab/widgets/js/texts.js";

const busy = (measured) => (measured.busy ? t("The machine had other work to do at the same time; a quiet one is quicker.") : "");

// What `bench classroom` found, on the machine that it names; nothing where it was not run.
export const onTheLine = ({ line }) => (line ? html`<p>${t("Measured ({date}, {threads} processor threads), with what the device itself has to do: of {n} first visits at once on {megabits} Mbit/s the last could begin after {ours} s; with the page that “panel convert” makes of the same app, after {convert} s.", { date: line.date, threads: line.threads, n: line.devices, megabits: line.megabits, ours: line.ours, convert: line.convert })} ${busy(line)}</p>` : nothing);

const fromDisk = ({ disk }) => (disk ? html`<p>${t("Measured ({date}, {threads} processor threads), opened from the disk: the folder could be used after {folder} s, the file after {single} s. What a stick takes to be read comes on top: at 20 MB a second, one second for each 20 MB.", { date: disk.date, threads: disk.threads, folder: disk.folder, single: disk.single })} ${busy(disk)}</p>` : nothing);

const fromTheRoom = ({ room }) => (room ? html`<p>${t("Measured in the same way ({date}): of {n} first visits at once from such a server, over {megabits} Mbit/s of cable, the last could begin after {ours} s.", { date: room.date, n: room.devices, megabits: room.megabits, ours: room.ours })} ${busy(room)}</p>` : nothing);

export const ways = ({ places, oldest, measured }) => html`
  <h2>${t("Where the line is thin")}</h2>
  <h3>${t("On a stick")}</h3>
  <p>${placed(t("Unpack {folder} on the stick and open {index} by double-click; or copy {file}, which is one file. Nothing is installed. Copied to the disk first, it opens faster than from the stick."), { folder: html`<code>attention-lab-folder.zip</code>`, index: html`<code>index.html</code>`, file: html`<code>attention-lab.html</code>` })}</p>
  ${fromDisk(measured)}
  <h3>${t("On a share")}</h3>
  <p>${placed(t("The same folder, unpacked on a drive that all computers see; students open {index} there. The share needs no right to write."), { index: html`<code>index.html</code>` })}</p>
  <h3>${t("On a server in the room")}</h3>
  <p>${placed(t("Unpack the site on a teacher’s computer, and in that folder: {command}. Students open {http}, the name or number of that computer, and {port}. This small server compresses nothing, so each visit fetches the bytes “as stored” above; and without https each visit fetches them again. {serve} and nginx compress (administrators.html has the lines for nginx)."), { command: html`<code>python3 -m http.server 8000</code>`, http: html`<code>http://</code>`, port: html`<code>:8000</code>`, serve: html`<code>python3 build.py serve</code>` })}</p>
  ${fromTheRoom(measured)}
  <h2>${t("For whoever looks after the computers")}</h2>
  <ul>
    <li>${t("A set of static files. No account, no server code, no database, no request to any other host.")}</li>
    <li>${t("Browsers: {oldest}, and newer. Nothing is installed; no rights beyond a web page’s.", { oldest })}</li>
    <li>${t("WebAssembly and web workers must be allowed for the address of the lab. About 256 MB of memory for a tab.")}</li>
    <li>${t("Nothing of a student is sent anywhere. To see for yourself: open the lab, open the browser’s developer tools (F12), choose “Network”, and use the lab: there are only requests for its own files, all with GET and without a body. Or pull the cable once it is open: it goes on.")}</li>
    ${places.administrators ? html`<li>${placed(t("All policies, sizes and headers: {page}."), { page: html`<a href=${places.administrators}>${t("For administrators")}</a>` })}</li>` : nothing}
  </ul>`;
