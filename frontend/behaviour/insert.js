// A button that puts a reference into a text, <button name="insert" value="KEY">: where the caret stands, at once.
// A text that nobody has clicked into yet has no such place: then the server puts it at the end.
export function startInsert() {
  const text = document.querySelector("textarea[data-insert-here]");
  if (!text) return;
  let isTouched = false;
  text.addEventListener("focus", () => {
    isTouched = true;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[name=insert]");
    if (!button || !isTouched) return;
    event.preventDefault();
    put(text, button.value, text.form.elements.insert_span?.value ?? "");
  });
}

function put(text, key, span) {
  const reference = span ? `[[${key}|${span}]]` : `[[${key}]]`;
  if (key.startsWith("chart:")) {
    const end = text.value.indexOf("\n", text.selectionEnd);
    const at = end < 0 ? text.value.length : end;
    text.setRangeText(`\n\n${reference}`, at, at, "end"); // a chart has a line of its own
  } else {
    text.setRangeText(reference, text.selectionStart, text.selectionEnd, "end");
  }
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
