import htmx from "htmx.org";

import { words } from "../words.js";
import { tell } from "./notice.js";

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it anyway
  allowScriptTags: false,
  includeIndicatorStyles: false, // they are in the theme: no inline style
  historyCacheSize: 0, // what a page showed must not stay in the browser of a shared computer
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  // A form with errors answers 422 with its own fragment; every other error is told, not swapped in.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

// What asks again by itself every few seconds loses nothing: one sentence, taken back once it is answered.
let stale;
const isPoll = (element) => Boolean(element.matches?.("[hx-trigger^=every]"));

function tellStale() {
  stale ??= tell(words.stale);
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!isPoll(detail.elt) || !detail.successful) return;
  stale?.remove();
  stale = undefined;
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status, responseText } = detail.xhr;
  if (status >= 500 && isPoll(detail.elt)) return tellStale();
  tell(told(responseText) || (status === 404 || status === 403 ? words.gone : words.failed));
});
document.addEventListener("htmx:sendError", ({ detail }) => (isPoll(detail.elt) ? tellStale() : tell(words.offline)));
document.addEventListener("htmx:timeout", ({ detail }) => (isPoll(detail.elt) ? tellStale() : tell(words.failed)));

// Ctrl, Shift or Meta and a click mean "in another tab", whatever htmx would do with the link.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href][hx-get]");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) event.stopPropagation();
  },
  true,
);

// The server's own sentence, where its error page marks one.
function told(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[data-message]")?.textContent.trim();
}

export default htmx;
