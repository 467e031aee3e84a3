// How the lab gets into a room, and what whoever looks after the computers has to know: it prints with the rest.
import { html, nothing } from "lit-html";

export const ways = ({ places, oldest }) => html`
  <h2>Where the line is thin</h2>
  <h3>On a stick</h3>
  <p>Unpack <code>attention-lab-folder.zip</code> on the stick and open <code>index.html</code> by double-click; or copy <code>attention-lab.html</code>, which is one file. Nothing is installed. Copied to the disk first, it opens faster than from the stick.</p>
  <h3>On a share</h3>
  <p>The same folder, unpacked on a drive that all computers see; students open <code>index.html</code> there. The share needs no right to write.</p>
  <h3>On a server in the room</h3>
  <p>Unpack the site on a teacher’s computer, and in that folder: <code>python3 -m http.server 8000</code>. Students open <code>http://</code>, the name or number of that computer, and <code>:8000</code>. This small server compresses nothing, so each visit fetches the bytes “as stored” above; and without https each visit fetches them again. <code>python3 build.py serve</code> and nginx compress (administrators.html has the lines for nginx).</p>
  <h2>For whoever looks after the computers</h2>
  <ul>
    <li>A set of static files. No account, no server code, no database, no request to any other host.</li>
    <li>Browsers: ${oldest}, and newer. Nothing is installed; no rights beyond a web page’s.</li>
    <li>WebAssembly and web workers must be allowed for the address of the lab. About 256 MB of memory for a tab.</li>
    <li>Nothing of a student is sent anywhere. To see for yourself: open the lab, open the browser’s developer tools (F12), choose “Network”, and use the lab: there are only requests for its own files, all with GET and without a body. Or pull the cable once it is open: it goes on.</li>
    ${places.administrators ? html`<li>All policies, sizes and headers: <a href=${places.administrators}>For administrators</a>.</li>` : nothing}
  </ul>`;
