"use strict";
// Finds and sorts rows. Without it all rows are there, the gravest first.
const form = document.querySelector("form");
const [find, sort] = form.elements;
const shown = form.querySelector("output");
const sections = [...document.querySelectorAll("section")].map((section) => {
  const bodies = [...section.querySelectorAll("tbody")];
  return { section, bodies, rows: bodies.flatMap((body) => [...body.rows]) };
});
const all = sections.reduce((sum, { rows }) => sum + rows.length, 0);
const said = new Map();
const words = (row) => {
  if (!said.has(row)) said.set(row, (row.cells[0].textContent + " " + row.cells[1].textContent + " " + (row.cells[9]?.textContent ?? "")).toLowerCase());
  return said.get(row);
};
const folded = new Map(sections.map(({ section }) => [section, section.firstElementChild.open]));
const filter = () => {
  const wanted = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { section, rows } of sections) {
    let here = 0;
    for (const row of rows) {
      const holds = wanted.every((word) => words(row).includes(word));
      if (row.hidden === holds) row.hidden = !holds;
      here += holds;
    }
    section.hidden = wanted.length > 0 && here === 0;
    section.firstElementChild.open = wanted.length > 0 || folded.get(section);
    count += here;
  }
  shown.value = wanted.length > 0 ? count + " of " + all + " documents" : "";
};
const order = () => {
  const column = Number(sort.value);
  for (const { bodies, rows } of sections) {
    const keys = new Map(rows.map((row, at) => [row, column < 0 ? at : column === 0 ? row.cells[0].textContent : -Number(row.cells[column].dataset.n ?? row.cells[column].textContent)]));
    const sorted = [...rows].sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      return typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
    });
    const share = Math.ceil(rows.length / bodies.length);
    bodies.forEach((body, at) => body.replaceChildren(...sorted.slice(at * share, (at + 1) * share)));
  }
};
let waiting;
find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 150); });
sort.addEventListener("change", order);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
