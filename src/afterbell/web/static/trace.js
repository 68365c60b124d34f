// Keys and the panel of a trace's pages. j and k go down and up a list, forward and back in a replay; Escape closes.
// Without this script every link leads to a page of its own.

import { fill } from "./later.js";

const typing = (at) => at.closest?.("input, textarea, select, [contenteditable]");

function step(direction) {
  const link = document.querySelector(`a[rel="${direction > 0 ? "next" : "prev"}"]`);
  if (link) return link.click();
  const stops = [...document.querySelectorAll("a.row, li.step")];
  const here = document.activeElement?.closest("tr, li.step");
  const at = stops.findIndex((each) => each === here || each.closest("tr, li.step") === here);
  const next = stops[at < 0 ? (direction > 0 ? 0 : stops.length - 1) : at + direction];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function close() {
  const panel = document.getElementById("panel");
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  const row = document.querySelector('a.row[aria-expanded="true"]');
  row?.removeAttribute("aria-expanded");
  row?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
  } else if (event.key === "Escape") close();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.row");
  const panel = document.getElementById("panel");
  if (!link || !panel || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  for (const other of document.querySelectorAll("a.row[aria-expanded]")) other.removeAttribute("aria-expanded");
  link.setAttribute("aria-expanded", "true");
  const address = new URL(link.href);
  address.searchParams.set("part", "1");
  const [bar, place] = [document.createElement("p"), document.createElement("div")];
  const [whole, away] = [document.createElement("a"), document.createElement("button")];
  whole.href = link.href;
  whole.textContent = "This span on a page of its own";
  away.type = "button";
  away.textContent = "Close";
  away.addEventListener("click", close);
  bar.append(whole, " ", away);
  panel.replaceChildren(bar, place);
  panel.hidden = false;
  await fill(place, address);
});
