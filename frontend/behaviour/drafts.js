import { words } from "../words.js";
import { elementsOf } from "./elements.js";
import { tell } from "./notice.js";
import * as store from "./store.js";

// <form data-draft="key"> keeps what was typed, per account, until an element <… data-draft-clear="key"> says that
// the server took it. An error, a lapsed session or a closed browser therefore loses nothing. Without a key the
// path is the key. Log-out (<form data-drafts-forget>) throws all drafts away.
const PREFIX = "qizhi.draft.";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const PAUSE_MS = 300;

export function startDrafts() {
  dropStale();
  clearTaken(document);
  // After htmx, which begins then: what is restored may change what the form asks the server for.
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-draft]").forEach(keep));
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    clearTaken(detail.target);
    detail.target.querySelectorAll?.("form[data-draft]").forEach(keep);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-drafts-forget]")) store.keys(PREFIX).forEach(store.remove);
  });
}

function keep(form) {
  const key = keyOf(form.dataset.draft || location.pathname);
  const before = snapshot(form);
  const waiting = restore(form, key, before); // for inputs that the server has yet to send, such as a roll
  let timer;
  let isDirty = false; // only what a person typed since the last save: a page brought back by "Back" saves nothing
  const save = () => {
    clearTimeout(timer);
    if (!isDirty || !form.isConnected) return;
    isDirty = false;
    const now = [...snapshot(form), ...waiting];
    if (JSON.stringify(now) === JSON.stringify(before)) store.remove(key);
    else store.write(key, JSON.stringify({ at: Date.now(), fields: now }));
  };
  const later = () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", save);
  form.addEventListener("htmx:afterSettle", () => fill(form, waiting));
  window.addEventListener("pagehide", save);
}

// Puts the draft into the form and says so; returns what found no input to go to.
function restore(form, key, before) {
  const draft = parse(store.read(key));
  if (!draft || JSON.stringify(draft.fields) === JSON.stringify(before)) return [];
  const waiting = draft.fields.map((field) => [...field]);
  if (!fill(form, waiting) && !waiting.length) return [];
  const when = new Date(draft.at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });
  tell(words.draftRestored(when), {
    label: words.draftDiscard,
    run: () => {
      store.remove(key);
      waiting.length = 0;
      fill(form, [...before]);
    },
  });
  return waiting;
}

function clearTaken(scope) {
  const marks = [...(scope.querySelectorAll?.("[data-draft-clear]") || [])];
  if (scope.matches?.("[data-draft-clear]")) marks.push(scope);
  for (const mark of marks) store.remove(keyOf(mark.dataset.draftClear));
}

function dropStale() {
  for (const key of store.keys(PREFIX)) {
    const draft = parse(store.read(key));
    if (!draft || Date.now() - draft.at > KEPT_MS) store.remove(key);
  }
}

function keyOf(name) {
  return `${PREFIX}${document.body.dataset.account || "-"}.${name}`;
}

function parse(text) {
  try {
    const draft = JSON.parse(text);
    return draft && Array.isArray(draft.fields) ? draft : null;
  } catch {
    return null;
  }
}

// [name, position among equals, value or checked] of every field a person fills in.
function snapshot(form) {
  const seen = {};
  return fields(form).map((field) => {
    seen[field.name] = (seen[field.name] ?? -1) + 1;
    return [field.name, seen[field.name], valueOf(field)];
  });
}

// Takes out of `saved` what found its input; whether anything changed.
function fill(form, saved) {
  const values = new Map(saved.map(([name, index, value]) => [`${name} ${index}`, value]));
  const seen = {};
  const changed = [];
  for (const field of fields(form)) {
    seen[field.name] = (seen[field.name] ?? -1) + 1;
    const place = `${field.name} ${seen[field.name]}`;
    if (!values.has(place)) continue;
    const value = values.get(place);
    values.delete(place);
    if (JSON.stringify(value) === JSON.stringify(valueOf(field))) continue;
    setValue(field, value);
    const folded = field.closest("details");
    if (folded) folded.open = true;
    changed.push(field);
  }
  saved.splice(0, saved.length, ...saved.filter(([name, index]) => values.has(`${name} ${index}`)));
  for (const field of changed) field.dispatchEvent(new Event("change", { bubbles: true }));
  return changed.length > 0;
}

function fields(form) {
  return elementsOf(form).filter(
    (field) =>
      field.name &&
      !field.closest("[data-no-draft]") &&
      field.matches("input, select, textarea") &&
      !["hidden", "password", "file", "submit", "button", "reset", "image"].includes(field.type),
  );
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function setValue(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}
