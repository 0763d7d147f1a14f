import { words } from "../words.js";

// The clock of an agenda, for the room. All of it lives in this page: nothing is sent, nothing is kept, and a reload
// begins anew. Times are taken from the clock of the machine, so that a page that slept is right when it wakes.
const TICK_MS = 500;
let board;
let rows;
let at = -1; // the item that runs; -1 before the start
let used = []; // milliseconds of each item while it was not running
let since = 0; // when the running item was taken up; 0 while it rests

export function startAgenda() {
  board = document.querySelector("[data-agenda]");
  if (!board) return;
  rows = [...board.querySelectorAll("[data-minutes]")];
  board.addEventListener("click", ({ target }) => {
    const step = target.closest?.("[data-agenda-do]")?.dataset.agendaDo;
    if (step) steps[step]();
  });
  reset();
  tick();
}

const steps = {
  start: () => go(0),
  next: () => go(at + 1),
  back: () => go(at - 1),
  pause: () => {
    if (since) rest();
    else since = Date.now();
    show();
  },
  reset,
};

function reset() {
  at = -1;
  used = rows.map(() => 0);
  since = 0;
  show();
}

function rest() {
  if (since) used[at] += Date.now() - since;
  since = 0;
}

function go(number) {
  rest();
  at = Math.max(0, number);
  if (at < rows.length) since = Date.now();
  show();
  const [next, start] = ["next", "start"].map(button);
  if (document.activeElement === start || document.activeElement === document.body) next.focus();
}

function button(name) {
  return board.querySelector(`[data-agenda-do=${name}]`);
}

function place(name) {
  return board.querySelector(`[data-agenda-${name}]`);
}

function write(name, text) {
  const one = place(name);
  if (one.textContent !== text) one.textContent = text; // read aloud only when it changes
}

function show() {
  const isOn = at >= 0 && at < rows.length;
  button("start").hidden = at >= 0;
  button("next").hidden = button("pause").hidden = !isOn;
  button("back").hidden = at < 1;
  button("reset").hidden = at < 0;
  button("pause").setAttribute("aria-pressed", String(isOn && !since));
  for (const [number, row] of rows.entries()) {
    row.classList.toggle("is-current", number === at);
    row.classList.toggle("is-past", at > number);
    if (number === at) row.setAttribute("aria-current", "step");
    else row.removeAttribute("aria-current");
  }
  if (isOn) write("title", words.agendaItem(at + 1, rows.length, rows[at].cells[1].textContent));
  else if (at >= 0) write("title", words.agendaDone);
  paint();
}

function paint() {
  write("now", words.agendaNow(timeOfDay()));
  // In whole seconds, so that what is used and what is left always make up what was planned.
  const own = at >= 0 && at < rows.length ? Math.floor((used[at] + (since ? Date.now() - since : 0)) / 1000) : 0;
  const planned = Number(rows[at]?.dataset.minutes) * 60;
  const isOver = planned > 0 && own > planned;
  board.classList.toggle("is-over", isOver);
  write("time", at < 0 || at >= rows.length ? "" : say(own, planned, isOver));
  const whole = used.reduce((sum, one) => sum + one, 0) + (since ? Date.now() - since : 0);
  write("whole", at < 0 ? "" : words.agendaWhole(long(Math.floor(whole / 1000))));
}

function say(own, planned, isOver) {
  const text = isOver ? words.agendaOver(long(own), long(own - planned))
    : planned ? words.agendaLeft(long(own), long(planned - own)) : words.agendaUsed(long(own));
  return since ? text : `${words.agendaPaused}：${text}`;
}

// The time of the wall clock of the place, whatever zone the machine was set to: planned times are of that place.
function timeOfDay() {
  const at = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", at).format(new Date());
}

function two(number) {
  return String(number).padStart(2, "0");
}

function long(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:` : ""}${hours ? two(minutes) : minutes}:${two(seconds % 60)}`;
}

function tick() {
  if (at >= 0) paint();
  else write("now", words.agendaNow(timeOfDay()));
  setTimeout(tick, TICK_MS);
}
