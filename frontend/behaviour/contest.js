import { words } from "../words.js";
import { keys, read, remove, write } from "./store.js";

// A team's page: an answer is kept on this machine until the server has it, and sent again until then. Each carries
// an id of its own, so that one sent twice is one; the server's clock says whether it came in time.
const AGAIN_MS = 3000;
const PREFIX = "contest ";
const WAIT_MS = 700; // typing comes to rest
let waiting;
let again;

export function startContest() {
  if (!document.querySelector("[data-contest]")) return;
  document.addEventListener("change", ({ target }) => take(target));
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-contest] input[name=given]:not([type=radio], [type=checkbox])")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => take(target), WAIT_MS);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-contest]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(event.target);
  }, true);
  window.addEventListener("online", sendAll);
  sendAll();
}

function take(target) {
  const form = target.closest?.("[data-contest] form");
  if (form && target.name === "given") keep(form);
}

function keep(form) {
  const data = new URLSearchParams(new FormData(form));
  write(`${PREFIX}${location.pathname} ${data.get("question")}`, data.toString());
  // The next answer to the same question is another one, and a later one.
  form.elements.id.value = newId();
  form.elements.number.value = Number(form.elements.number.value) + 1;
  sendAll();
}

async function sendAll() {
  clearTimeout(again);
  for (const key of kept()) await send(key);
  if (kept().length) again = setTimeout(sendAll, AGAIN_MS);
}

function kept() {
  return keys(`${PREFIX}${location.pathname} `);
}

async function send(key) {
  const body = read(key);
  try {
    const reply = await fetch(location.pathname, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "X-Contest": "1" },
    });
    if (reply.status >= 500) throw new Error(reply.statusText);
    const answer = await reply.json();
    if (read(key) === body) remove(key); // another answer may have been given meanwhile
    say(answer.message);
  } catch {
    say(words.answerKept);
  }
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
