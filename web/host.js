// For a page that embeds the lab: every iframe of class attention-lab follows the height that its lab announces.
// A message counts only if it comes from such a frame and holds a sensible number.
addEventListener("message", ({ source, data }) => {
  if (data === null || typeof data !== "object" || data.type !== "attention-lab:height") return;
  const frame = [...document.querySelectorAll("iframe.attention-lab")].find((each) => each.contentWindow === source);
  if (frame && Number.isFinite(data.height) && data.height >= 100 && data.height <= 20000) frame.height = Math.ceil(data.height);
});
// A lab that was drawn before this script had come is asked.
for (const frame of document.querySelectorAll("iframe.attention-lab")) frame.contentWindow?.postMessage({ type: "attention-lab:ask" }, "*");
