import { words } from "../words.js";

// A field of many boxes, <input type="checkbox" data-choose>: all, none,
// or only those of a kind (data-group) by one button, and how many are ticked.
export function startChoices() {
  const fields = new Set([...document.querySelectorAll("[data-choose]")].map((box) => box.closest("fieldset")));
  fields.forEach(dress);
}

function dress(field) {
  const boxes = [...field.querySelectorAll("[data-choose]")];
  const line = document.createElement("p");
  line.className = "d-flex flex-wrap gap-2 align-items-center";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  const say = () => {
    count.textContent = words.chosen(boxes.filter((box) => box.checked).length, boxes.length);
  };
  const groups = [...new Set(boxes.map((box) => box.dataset.group).filter(Boolean))];
  const large = groups.length > 1 ? groups.filter((group) => of(boxes, group).length > 1) : [];
  line.append(
    button(words.chooseAll, boxes, () => true),
    ...large.map((group) => button(words.chooseOnly(group), boxes, (box) => box.dataset.group === group)),
    button(words.chooseNone, boxes, () => false),
    count,
  );
  field.append(line);
  field.addEventListener("change", say);
  say();
}

function of(boxes, group) {
  return boxes.filter((box) => box.dataset.group === group);
}

function button(label, boxes, wants) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-secondary";
  made.textContent = label;
  made.addEventListener("click", () => {
    const changed = boxes.filter((box) => box.checked !== wants(box));
    for (const box of changed) box.checked = wants(box);
    for (const box of changed.slice(0, 1)) box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return made;
}
