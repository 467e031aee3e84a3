// Lucide icons (ISC licence), drawn in the colour of the text around them.
import {html} from "lit-html"
import {unsafeSVG} from "lit-html/directives/unsafe-svg.js"
import back from "lucide-static/icons/chevron-left.svg"
import check from "lucide-static/icons/check.svg"
import contrast from "lucide-static/icons/contrast.svg"
import down from "lucide-static/icons/chevron-down.svg"
import download from "lucide-static/icons/download.svg"
import forward from "lucide-static/icons/chevron-right.svg"
import languages from "lucide-static/icons/languages.svg"
import pause from "lucide-static/icons/pause.svg"
import picture from "lucide-static/icons/grid-3x3.svg"
import play from "lucide-static/icons/play.svg"
import share from "lucide-static/icons/share.svg"
import table from "lucide-static/icons/table.svg"
import warning from "lucide-static/icons/triangle-alert.svg"

const ICONS = {back, check, contrast, down, download, forward, languages, pause, picture, play, share, table, warning}

// The files are this build's own, pinned by hash: the only SVG that is inserted as text.
export const icon = (name) => html`<span class="icon" aria-hidden="true">${unsafeSVG(ICONS[name])}</span>`
