// <details class="dropdown"> opens without a script; here it closes again when one clicks elsewhere or presses Esc.
const OPEN = "details.dropdown[open]";

export function startMenus() {
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("focusin", ({ target }) => {
    for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(OPEN)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
