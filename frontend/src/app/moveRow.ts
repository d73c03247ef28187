/** j and k: one row further in the table that has the focus, else in the first one of the page. */
const PANELS = ".panel-positions, .panel-statement, .panel-orders";

export function moveRow(by: 1 | -1): void {
  const focused = document.activeElement;
  const panel = focused?.closest(PANELS) ?? document.querySelector(PANELS);
  if (panel === null) return;
  const rows = [...panel.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row.contains(focused));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
