import { words } from "../words.js";

// A sentence for the person, read out by screen readers; stays until closed.
export function tell(sentence, action) {
  const box = document.createElement("div");
  box.className = "note note-warn notice no-print";
  box.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = sentence;
  box.append(text);
  if (action) box.append(button(action.label, "btn btn-sm btn-outline-secondary", () => (action.run(), box.remove())));
  box.append(button(words.close, "btn btn-sm btn-link", () => box.remove()));
  place().prepend(box);
  return box;
}

// A page that opens further down (`#talks`) shows there what the server said about the step that led to it.
export function startNotices() {
  const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const said = [...document.querySelectorAll("[data-said]")];
  if (!place || !said.length || place.contains(said[0])) return;
  place.before(...said);
  const height = place.getBoundingClientRect().top - said[0].getBoundingClientRect().top;
  place.style.scrollMarginTop = `${height}px`;
  place.scrollIntoView();
}

function button(label, className, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function place() {
  return document.getElementById("notices") || document.querySelector("main") || document.body;
}
