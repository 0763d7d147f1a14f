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
