import { words } from "../words.js";
import { elementsOf } from "./elements.js";
import { tell } from "./notice.js";

const PATIENCE_MS = 15000; // a download leaves the page where it is: its button must come back

const LONG_MS = 15 * 60_000; // a table of many rows: the button waits for the answer, and counts

export function startForms() {
  document.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.elt.closest?.("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.matches?.("form")) hold(detail.elt);
  });
  focusErrors(document);
  document.addEventListener("htmx:afterSwap", ({ detail }) => focusErrors(detail.target));
}

function onSubmit(event) {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (!navigator.onLine && form.dataset.reachable === undefined) {
    event.preventDefault();
    sendIfReachable(form, event.submitter);
    return;
  }
  // After the browser has read the form: a disabled button would not send its name.
  setTimeout(() => hold(form));
  setTimeout(() => release(form), form.dataset.long === undefined ? PATIENCE_MS : LONG_MS);
}

// A browser without a network shows its own page in place of the form. A server on the same machine needs none.
async function sendIfReachable(form, submitter) {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
  } catch {
    tell(words.offline);
    return;
  }
  form.dataset.reachable = "";
  form.requestSubmit(submitter);
  delete form.dataset.reachable;
}

function hold(form) {
  form.setAttribute("aria-busy", "true");
  for (const button of submitters(form)) {
    if (button.disabled) continue;
    button.disabled = true;
    button.dataset.held = button.textContent;
    if (!button.matches(".btn-primary")) continue;
    button.textContent = button.dataset.sending || words.sending;
    if (form.dataset.long !== undefined) count(button);
  }
}

// Nobody can tell how far the work is before it is done, but that it goes on, and for how long.
function count(button, said = button.textContent, seconds = 1) {
  setTimeout(() => {
    if (button.dataset.held === undefined) return;
    button.textContent = said + words.seconds(seconds);
    count(button, said, seconds + 1);
  }, 1000);
}

function release(form) {
  form.removeAttribute("aria-busy");
  for (const button of submitters(form)) {
    if (button.dataset.held === undefined) continue;
    button.disabled = false;
    if (button.matches(".btn-primary")) button.textContent = button.dataset.held;
    delete button.dataset.held;
  }
}

function submitters(form) {
  return elementsOf(form).filter((element) => element.matches("button:not([type=button]):not([type=reset])"));
}

function focusErrors(scope) {
  scope.querySelector?.("[data-focus]")?.focus();
}
