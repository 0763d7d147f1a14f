import * as store from "./store.js";

// Large print for those who want it (kept on this computer), and a button that prints the page.
const KEY = "qizhi.large-print";

export function startPrint() {
  const root = document.documentElement;
  const show = () => {
    for (const button of document.querySelectorAll("[data-large-print-toggle]"))
      button.setAttribute("aria-pressed", String(root.hasAttribute("data-large-print")));
  };
  show();
  // The way from a page of a long list to all of it on paper: it is printed when it is there.
  if (location.hash === "#print") {
    history.replaceState(history.state, "", location.pathname + location.search);
    if (document.readyState === "complete") window.print();
    else addEventListener("load", () => window.print(), { once: true });
  }
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-large-print-toggle]")) {
      root.toggleAttribute("data-large-print");
      store.write(KEY, root.hasAttribute("data-large-print") ? "1" : "0");
      show();
    }
    if (target.closest?.("[data-print]")) window.print();
  });
}
