// Runs in <head> before anything is drawn, so that the page does not jump. No imports: it is a classic script.
(function () {
  var root = document.documentElement;
  root.setAttribute("data-js", "");
  try {
    if (localStorage.getItem("qizhi.large-print") === "1") root.setAttribute("data-large-print", "");
  } catch (error) {
    // A browser that forbids storage still shows the page, in normal print.
    root.setAttribute("data-no-storage", "");
  }
})();
