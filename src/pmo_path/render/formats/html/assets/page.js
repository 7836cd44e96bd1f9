"use strict";
// Tables can be sorted and filtered; without this script they are whole, in the order that matters.

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.value ?? cell.textContent.trim();
    const number = Number(raw);
    return raw !== "" && Number.isFinite(number) ? number : raw;
  };
  // What has no number, or no text, comes last whichever way the others are sorted.
  const rank = (value) => (typeof value === "number" ? 0 : value === "" ? 2 : 1);
  const compared = (a, b, way) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    return way * (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  };
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((one) => one.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
      rows.sort(([a], [b]) => compared(a, b, down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

for (const controls of document.querySelectorAll("[data-filters]")) {
  const rows = [...document.getElementById(controls.dataset.filters).tBodies[0].rows];
  const text = controls.querySelector("input");
  const kind = controls.querySelector("select");
  const count = controls.querySelector("[aria-live]");
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const isKind = !kind || kind.value === "" || row.dataset.kind.split(" ").includes(kind.value);
      row.hidden = !(isKind && row.cells[0].textContent.toLowerCase().includes(wanted));
      shown += !row.hidden;
    }
    count.textContent = `${shown ? "" : "Nothing fits: "}${shown} of ${rows.length} shown`;
  };
  text.addEventListener("input", filter);
  kind?.addEventListener("change", filter);
  controls.hidden = false;
}
