// Everything that a form sends or is sent by. `form.elements` would be the input of that name where a form has one.
const all = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get;

export function elementsOf(form) {
  return [...all.call(form)];
}
