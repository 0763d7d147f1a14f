import Offcanvas from "bootstrap/js/src/offcanvas.js";

import { words } from "../words.js";

// A number opens to its rows in the drawer; without a script, or in another tab, the link leads to the same rows.
export function startDrawer() {
  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  if (!drawer || !body) return;
  const panel = Offcanvas.getOrCreateInstance(drawer);
  let opener = null;

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target !== body) return;
    if (!body.contains(detail.elt)) {
      opener = detail.elt;
      setTitle(drawer, detail.elt.dataset.drawerTitle);
      body.replaceChildren(waiting());
    }
    body.setAttribute("aria-busy", "true");
    panel.show();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.target !== body) return;
    body.removeAttribute("aria-busy");
    // What went wrong is told on the page; an empty drawer would only hide it.
    if (!detail.successful && detail.xhr.status !== 422) panel.hide();
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== body) return;
    const title = body.querySelector("[data-drawer-title]");
    if (title) setTitle(drawer, title.dataset.drawerTitle || title.textContent);
    body.scrollTop = 0;
  });
  drawer.addEventListener("hidden.bs.offcanvas", () => {
    body.replaceChildren();
    opener?.focus();
    opener = null;
  });
}

function setTitle(drawer, text) {
  const title = drawer.querySelector(".offcanvas-title");
  if (title && text) title.textContent = text;
}

function waiting() {
  const line = document.createElement("p");
  line.className = "loading";
  line.textContent = words.loading;
  return line;
}
