// In a roll, the reason appears with the first exception, and the day of a make-up only with "made up".
export function startRoll() {
  document.addEventListener("change", ({ target }) => {
    const line = target.matches?.("[data-roll] select") && target.closest("li");
    if (!line) return;
    for (const input of line.querySelectorAll("input")) {
      input.hidden = input.type === "date" ? target.value !== "made_up" : target.value === "";
    }
  });
}
