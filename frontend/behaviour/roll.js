import { words } from "../words.js";

// The roll by exception. One tap on a name goes on to the next state; the selects stay what is sent, and are used as
// they are without a script. The reason appears with the first exception, the day of a make-up only with "made up".
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
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => {
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const label = select.closest("label");
    label.before(button);
    label.hidden = true;
    show(select);
  }
}

function show(select) {
  const line = select.closest("li");
  for (const input of line.querySelectorAll("input")) {
    input.hidden = input.type === "date" ? select.value !== "made_up" : select.value === "";
  }
  for (const word of line.querySelectorAll("[data-made]")) word.hidden = select.value !== "made_up";
  const button = line.querySelector("button");
  if (!button) return;
  const name = line.querySelector("label span").textContent;
  const state = select.selectedOptions[0].textContent;
  button.className = select.value ? "btn btn-dark" : "btn btn-outline-secondary";
  button.textContent = select.value ? `${name} ${state}` : name;
  button.setAttribute("aria-label", words.rollTap(name, state));
}
