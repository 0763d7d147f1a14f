import { words } from "../words.js";

// The roll by exception. One tap on a name says that somebody was absent, another takes it back; beside who did not come
// stand the other states, one tap each. The selects stay what is sent, and are used as they are without a script. The
// reason appears with the first exception, the day of a make-up only with "made up".
const ABSENT = "absent";

export function startRoll() {
  dress(document);
  document.addEventListener("htmx:load", ({ detail }) => dress(detail.elt)); // what was swapped in, not what it replaced
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-roll] select")) show(target);
  });
}

function dress(scope) {
  for (const select of scope.querySelectorAll("[data-roll] select:not([data-ready])")) {
    select.dataset.ready = "";
    const label = select.closest("label");
    const others = document.createElement("span");
    others.className = "roll-states";
    others.setAttribute("role", "group");
    others.setAttribute("aria-label", words.rollStates(nameOf(label)));
    for (const option of [...select.options].filter(({ value }) => value)) {
      others.append(tap(option.textContent, () => choose(select, option.value), option.value));
    }
    label.before(tap("", () => choose(select, select.value ? "" : ABSENT)), others);
    label.hidden = true;
    show(select);
  }
}

function tap(text, act, value) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", act);
  if (value) {
    button.value = value;
    button.className = "btn btn-sm btn-link";
  }
  return button;
}

function choose(select, value) {
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function nameOf(label) {
  return label.querySelector("span").textContent;
}

function show(select) {
  const line = select.closest("li");
  for (const input of line.querySelectorAll("input:not([type=hidden])")) {
    input.hidden = input.type === "date" ? select.value !== "made_up" : select.value === "";
  }
  for (const word of line.querySelectorAll("[data-made]")) word.hidden = select.value !== "made_up";
  const others = line.querySelector(".roll-states");
  if (!others) return;
  // The state that is said already stands on the button of the name: a second one would say it twice.
  others.hidden = select.value === "";
  for (const one of others.children) one.hidden = one.value === select.value;
  const button = line.querySelector("button");
  const name = nameOf(select.closest("label"));
  const state = select.selectedOptions[0].textContent;
  button.className = select.value ? "btn btn-dark" : "btn btn-outline-secondary";
  button.textContent = select.value ? `${name} ${state}` : name;
  const next = select.value ? select.options[0] : select.querySelector(`[value=${ABSENT}]`);
  button.setAttribute("aria-label", words.rollTap(name, state, next.textContent));
}
