import { words } from "../words.js";

// table.data: a click on a header sorts the rows that are on the page. A table that goes on over pages is sorted by
// the server (data-paged); a column opts out with data-nosort; a cell may give its order in data-value.
// <input data-filter="#table"> hides the rows that do not hold what was typed.
const order = new Intl.Collator("zh-CN", { numeric: true });
const NUMBER = /^[-−]?[\d,]+(\.\d+)?\s*%?$/;
const NOTHING = new Set(["", "—", "-"]);

export function startTables() {
  prepare(document);
  document.addEventListener("htmx:afterSwap", ({ detail }) => prepare(detail.target.parentNode || detail.target));
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("[data-filter]")) filter(target);
  });
}

function prepare(scope) {
  for (const table of scope.querySelectorAll("table.data:not([data-ready])")) {
    table.dataset.ready = "";
    if (table.matches(".stacked")) label(table);
    if (isSortable(table)) table.querySelectorAll("thead th").forEach((head, column) => makeSortable(table, head, column));
  }
}

// On a phone each row becomes a small card, in which a cell says what it is.
function label(table) {
  const names = [...table.tHead.rows[0].cells].map((head) =>
    head.querySelector(".visually-hidden") ? "" : head.textContent.trim(),
  );
  for (const body of table.tBodies)
    for (const row of body.rows)
      [...row.cells].forEach((cell, column) => {
        if (!cell.dataset.label && names[column] && !cell.querySelector(".btn, form")) cell.dataset.label = names[column];
      });
}

function isSortable(table) {
  return (
    !table.hasAttribute("data-paged") &&
    !document.querySelector(".pager [rel]") && // one page of a longer list: its order is the server's
    table.tBodies.length === 1 &&
    table.tBodies[0].rows.length > 1 &&
    table.tHead?.rows.length === 1 &&
    !table.querySelector("thead [colspan], tbody [rowspan], tbody [colspan], [class*='depth-']")
  );
}

function makeSortable(table, head, column) {
  if (head.hasAttribute("data-nosort") || !head.textContent.trim() || head.querySelector("a, button, input")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.title = words.sort;
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(table, head, column));
}

function sort(table, head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  table.querySelectorAll("thead [aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
  const numeric = rows.every(({ value }) => NOTHING.has(value) || NUMBER.test(value));
  rows.sort((one, two) => compare(one.value, two.value, numeric, down));
  body.append(...rows.map(({ row }) => row));
}

function valueOf(cell) {
  return (cell?.dataset.value ?? cell?.textContent ?? "").trim();
}

// Empty cells stay last whichever way the rest goes.
function compare(one, two, numeric, down) {
  if (NOTHING.has(one) || NOTHING.has(two)) return NOTHING.has(one) - NOTHING.has(two);
  const result = numeric ? number(one) - number(two) : order.compare(one, two);
  return down ? -result : result;
}

function number(text) {
  return Number(text.replace("−", "-").replace(/[,%\s]/g, ""));
}

function filter(input) {
  const table = document.querySelector(input.dataset.filter);
  if (!table) return;
  const parts = input.value.trim().toLowerCase().split(/\s+/);
  let shown = 0;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !parts.every((part) => text.includes(part));
    if (!row.hidden) shown += 1;
  }
  const said = document.querySelector(`[data-filter-said="${input.dataset.filter}"]`);
  if (said) said.textContent = words.filtered(shown, rows.length);
}
