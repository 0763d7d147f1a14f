import { words } from "../words.js";
import { keys, read, remove, write } from "./store.js";

// A team's page: an answer is kept on this machine until the server has it, and sent again until then. Each carries
// an id of its own, so that one sent twice is one; the server's clock says whether it came in time.
const AGAIN_MS = 3000;
const PATIENCE_MS = 10000;
const WAIT_MS = 700; // typing comes to rest
const held = new Map(); // key → the answer as it is sent; also in localStorage, where the browser allows it
const taken = new Map(); // key → what was given last: a field that goes away with its question says it once more
let prefix;
let typed;
let waiting;
let again;
let isSending = false;
let isPressed = false;

export function startContest() {
  if (!document.querySelector("[data-contest]")) return;
  prefix = `contest ${location.pathname} `;
  for (const key of keys(prefix)) held.set(key, read(key));
  document.addEventListener("change", ({ target }) => take(target));
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-contest] input[name=given]:not([type=radio], [type=checkbox])")) return;
    clearTimeout(waiting);
    typed = target;
    waiting = setTimeout(() => take(target), WAIT_MS);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-contest]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(event.target);
  }, true);
  // A form that is replaced under the finger would lose the click: the next question to the server brings it.
  document.addEventListener("pointerdown", () => { isPressed = true; });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => setTimeout(() => { isPressed = false; }));
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isPressed) event.detail.shouldSwap = false;
    else take(typed); // other questions are open: this one goes now
  });
  document.addEventListener("htmx:afterSwap", showHeld);
  window.addEventListener("online", sendAll);
  showHeld();
  sendAll();
}

function take(target) {
  const form = target?.closest?.("[data-contest] form");
  if (!form || target.name !== "given") return;
  const data = new URLSearchParams(new FormData(form));
  if (taken.get(prefix + data.get("question")) !== given(data)) keep(form);
}

function keep(form) {
  clearTimeout(waiting);
  typed = undefined;
  const data = new URLSearchParams(new FormData(form));
  const key = prefix + data.get("question");
  if (held.has(key) && given(held.get(key)) === given(data)) return sendAll(); // a second click
  taken.set(key, given(data));
  held.set(key, data.toString());
  write(key, data.toString());
  // The next answer to the same question is another one, and a later one.
  follow(form, data.get("number"));
  sendAll();
}

function given(body) {
  return new URLSearchParams(body).getAll("given").join();
}

function follow(form, number) {
  form.elements.id.value = newId();
  form.elements.number.value = Math.max(form.elements.number.value, Number(number) + 1);
}

function formOf(key) {
  const forms = [...document.querySelectorAll("[data-contest] form")];
  return forms.find((form) => prefix + form.elements.question.value === key);
}

// What the server has not got yet is shown as it was given, after a reload and when other questions are open.
function showHeld() {
  for (const form of document.querySelectorAll("[data-contest] form")) {
    form.autocomplete = "off"; // after a reload the browser would put an answer into another question's form
    const body = held.get(prefix + form.elements.question.value);
    if (!body) continue;
    const data = new URLSearchParams(body);
    const answers = data.getAll("given");
    for (const one of form.querySelectorAll("[name=given]")) {
      if (one.matches("[type=radio], [type=checkbox]")) one.checked = answers.includes(one.value);
      else one.value = answers.join();
    }
    follow(form, data.get("number"));
  }
}

async function sendAll() {
  clearTimeout(again);
  if (isSending) return; // what was given meanwhile is sent below
  isSending = true;
  let isReached = true;
  while (isReached && held.size) {
    for (const key of [...held.keys()]) isReached = isReached && (await send(key));
  }
  isSending = false;
  if (held.size) again = setTimeout(sendAll, AGAIN_MS);
}

async function send(key) {
  const body = held.get(key);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const reply = await fetch(location.pathname, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "X-Contest": "1" },
      signal: patience.signal,
    });
    if (reply.status >= 500) throw new Error(reply.statusText);
    const answer = await reply.json();
    if (held.get(key) === body) drop(key); // another answer may have been given meanwhile
    showReceived(formOf(key), answer);
    say(answer.message);
    return true;
  } catch {
    say(words.answerKept);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function drop(key) {
  held.delete(key);
  remove(key);
}

// The answer that counts, which may be one that the team gave on another machine: the next one is later than that.
function showReceived(form, { received, number }) {
  if (!form || received === undefined) return; // refused: the server says why
  form.querySelector("[data-received]").textContent = received;
  follow(form, number);
}

function say(sentence) {
  document.getElementById("contest-state").textContent = sentence;
}

// A UUID of version 4; `crypto.randomUUID` exists only on pages served over HTTPS.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
