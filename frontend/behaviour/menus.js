// <details class="dropdown"> opens without a script; here it closes again when one clicks elsewhere or presses Esc.
const OPEN = "details.dropdown[open]";

export function startMenus() {
  showWhereOneIs();
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

// On a phone the main navigation scrolls sideways: the entry one is in comes into sight.
function showWhereOneIs() {
  const here = document.querySelector(".mainnav [aria-current]");
  const list = here?.closest("ul");
  if (list) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
}
