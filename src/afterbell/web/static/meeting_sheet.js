// Shows the sheet of a meeting on the page, and turns what people type and choose into changes.
//
// Texts are only ever set as values or text: nothing that a trace says becomes markup.

import { difference, moved } from "./edits.js";

const LISTS = { row: "Row", factor: "Factor", reference: "Reference" };
const STATES = {
  yes: ["kept", "accepted"],
  suggested: ["suggested", "suggested by the machine"],
  no: ["struck", "struck"],
};
const LONGEST = 20000; // as in model/sheet.py
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

const points = (text) => Array.from(text).length;
const place = (text, count) => Array.from(text).slice(0, count).join("").length;
const spelled = (text) => text.replace(HIDDEN, (char) => `\\u{${char.codePointAt(0).toString(16).toUpperCase()}}`);

export class Sheet {
  // `change` takes changes of the sheet; `modes` are the slugs of the questions, in order.
  constructor(root, modes, change) {
    Object.assign(this, { root, modes, change, sheet: {}, faults: [], held: new Map() });
    for (const element of root.querySelectorAll("[data-prose]")) element.maxLength = LONGEST;
    root.addEventListener("input", ({ target }) => this.typed(target));
    root.addEventListener("change", ({ target }) => this.chosen(target));
  }

  typed(element) {
    if (!("prose" in element.dataset) || element === this.composing) return;
    const text = element.value.toWellFormed?.() ?? element.value;
    const edit = difference(this.sheet[element.dataset.key] ?? "", text);
    if (edit) this.change(this.accepting(element.dataset.key, { [element.dataset.key]: edit }));
  }

  chosen(element) {
    const { key } = element.dataset;
    if (!key || "prose" in element.dataset) return;
    const value = element.type === "checkbox" ? (element.checked ? "yes" : "") : element.value;
    if (element.type === "radio" && !element.checked) return;
    if (element.type === "date" && !/^(\d{4}-\d\d-\d\d)?$/.test(value)) return;
    if ((this.sheet[key] ?? "") !== value) this.change(this.accepting(key, { [key]: value }));
  }

  // Whoever changes what the machine suggested has looked at it.
  accepting(key, changes) {
    const [list, id] = key.split(".");
    const kept = `${list}.${id}.kept`;
    if (list in LISTS && this.sheet[kept] === "suggested" && key !== kept) return { ...changes, [kept]: "yes" };
    return changes;
  }

  // Show a sheet; `changes` tells what others changed, so that a writer's place in the text stays. Null = all is new.
  show(sheet, changes = null) {
    const keys = changes ? Object.keys(changes) : Object.keys({ ...this.sheet, ...sheet });
    this.sheet = sheet;
    const lists = new Set();
    for (const key of keys) {
      const [list, id, what] = key.split(".");
      if (list in LISTS) {
        this.entry(list, id);
        lists.add(list);
      }
      if (list === "answer") lists.add("factor");
      for (const element of this.bound(key)) this.put(element, sheet[key] ?? "", changes?.[key]);
      if (list === "answer" && what === "value") this.given(id);
    }
    for (const list of lists) this.listed(list);
    if (lists.has("factor")) this.cited();
  }

  bound(key) {
    return this.root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  }

  put(element, text, change) {
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = element.value === text;
      return;
    }
    if (element.value !== text) {
      const focused = document.activeElement === element;
      const caret = focused && "prose" in element.dataset ? [element.selectionStart, element.selectionEnd] : null;
      const before = element.value;
      element.value = text;
      if (caret) {
        const edit = Array.isArray(change) ? change : (difference(before, text) ?? []);
        const [from, to] = caret.map((at) => place(text, moved(points(before.slice(0, at)), edit)));
        element.setSelectionRange(from, to);
      }
    }
    if ("prose" in element.dataset) this.mark(element);
  }

  entry(list, id) {
    const name = `${list}.${id}`;
    if (this.held.has(name)) return this.held.get(name);
    const made = document.getElementById(`entry-${list}`).content.firstElementChild.cloneNode(true);
    made.dataset.entry = name;
    for (const element of made.querySelectorAll("[data-name]")) {
      element.dataset.key = `${name}.${element.dataset.name}`;
      element.id = element.dataset.key;
      if ("prose" in element.dataset) element.maxLength = LONGEST;
    }
    const mirror = made.querySelector("[data-mirror-name]");
    if (mirror) mirror.dataset.mirror = `${name}.${mirror.dataset.mirrorName}`;
    this.held.set(name, made);
    this.root.querySelector(`[data-list="${list}"]`).append(made);
    for (const element of made.querySelectorAll("[data-key]")) this.put(element, this.sheet[element.dataset.key] ?? "");
    if (this.readOnly) this.lock(made);
    return made;
  }

  entries(list) {
    return [...this.root.querySelectorAll(`[data-list="${list}"] > .entry`)];
  }

  // Put the entries in the order in which they are filed, unless somebody writes in one of them, and say their state.
  listed(list) {
    const holder = this.root.querySelector(`[data-list="${list}"]`);
    const order = (entry) => {
      if (list !== "row") return 0;
      const said = (this.sheet[`${entry.dataset.entry}.at`] ?? "").trim();
      const at = Date.parse(said.replace(/ ?UTC$/, "Z").replace(" ", "T"));
      return Number.isNaN(at) ? Infinity : at;
    };
    const id = (entry) => entry.dataset.entry.split(".")[1];
    if (!holder.contains(document.activeElement) || document.activeElement.matches(".entry")) {
      const focused = document.activeElement;
      const sorted = this.entries(list).sort((one, two) => order(one) - order(two) || (id(one) < id(two) ? -1 : 1));
      if (sorted.some((entry, at) => holder.children[at] !== entry)) holder.append(...sorted);
      if (holder.contains(focused)) focused.focus();
    }
    let [number, waiting] = [0, 0];
    for (const entry of this.entries(list)) {
      const kept = this.sheet[`${entry.dataset.entry}.kept`] || "";
      const [style, said] = STATES[kept] ?? ["struck", ""];
      entry.hidden = kept === "";
      entry.classList.remove("kept", "suggested", "struck");
      entry.classList.add(style);
      if (kept === "yes" || kept === "suggested") number += 1;
      if (kept === "suggested") waiting += 1;
      const named = kept === "no" ? LISTS[list] : `${LISTS[list]} ${number}`;
      entry.querySelector("[data-state]").textContent = `${named}: ${said}`;
      entry.setAttribute("aria-label", `${named}, ${said}`);
      entry.querySelector("[data-do=no]").hidden = kept === "no";
      entry.querySelector("[data-do=yes]").hidden = kept === "yes";
      entry.querySelector("[data-do=yes]").textContent = kept === "no" ? "Restore" : "Accept";
    }
    const told = this.root.querySelector(`[data-waiting="${list}"]`);
    told.textContent = waiting ? `${waiting} suggested by the machine wait to be looked at.` : "";
  }

  given(mode) {
    const said = this.sheet[`answer.${mode}.value`] ?? "";
    const label = this.root.querySelector(`[data-given="${CSS.escape(mode)}"]`);
    if (!label) return;
    label.textContent = said === "na" ? "not applicable" : said || "not answered";
    label.classList.toggle("said", said !== "");
    const answered = this.modes.filter((each) => this.sheet[`answer.${each}.value`]).length;
    document.getElementById("answered").textContent = answered;
  }

  // Each factor can cite the questions that are answered yes; those that none cites are offered.
  cited() {
    const yes = this.modes.filter((mode) => this.sheet[`answer.${mode}.value`] === "yes");
    const seen = new Set();
    for (const entry of this.entries("factor")) {
      const name = entry.dataset.entry;
      const own = (mode) => this.sheet[`${name}.mode.${mode}`] === "yes";
      const counts = ["yes", "suggested"].includes(this.sheet[`${name}.kept`]);
      for (const mode of counts ? this.modes.filter(own) : []) seen.add(mode);
      const offered = this.modes.filter((mode) => yes.includes(mode) || own(mode));
      const holder = entry.querySelector("[data-modes]");
      if (holder.dataset.offered !== offered.join(" ")) {
        holder.dataset.offered = offered.join(" ");
        holder.replaceChildren(...offered.map((mode) => this.box(`${name}.mode.${mode}`, mode)));
      }
      for (const box of holder.querySelectorAll("input")) box.checked = this.sheet[box.dataset.key] === "yes";
      entry.querySelector(".modes").hidden = offered.length === 0;
    }
    const open = yes.filter((mode) => !seen.has(mode));
    document.getElementById("uncited").hidden = open.length === 0;
    document.getElementById("uncited-modes").replaceChildren(...open.map((mode) => this.offer(mode)));
  }

  box(key, mode) {
    const [span, box, label] = ["span", "input", "label"].map((tag) => document.createElement(tag));
    Object.assign(box, { type: "checkbox", id: key, value: "yes", disabled: Boolean(this.readOnly) });
    box.dataset.key = key;
    Object.assign(label, { htmlFor: key, textContent: mode });
    span.append(box, label);
    return span;
  }

  offer(mode) {
    const button = document.createElement("button");
    const textContent = `Add a factor for ${mode}`;
    Object.assign(button, { type: "button", textContent, disabled: Boolean(this.readOnly) });
    button.dataset.addFor = mode;
    return button;
  }

  // Underline what the rules point at, and spell out what cannot be seen.
  mark(element) {
    const { key } = element.dataset;
    const mirror = this.root.querySelector(`[data-mirror="${CSS.escape(key)}"]`);
    const found = this.faults.filter((fault) => fault.key === key);
    element.setAttribute("aria-invalid", String(found.some((fault) => !fault.missing)));
    const odd = spelled(element.value.replaceAll("\n", ""));
    const told = odd === element.value.replaceAll("\n", "") ? "" : `Cannot be seen as it is: ${odd}`;
    let note = element.parentElement.querySelector(":scope > .unseen-text");
    if (told && !note) {
      note = document.createElement("span");
      note.className = "unseen-text";
      element.parentElement.append(note);
    }
    if (note) note.textContent = told;
    if (!mirror) return;
    const text = Array.from(element.value);
    const spans = found.filter((fault) => fault.end > fault.start).sort((one, two) => one.start - two.start);
    const parts = [];
    let at = 0;
    for (const { start, end, missing } of spans) {
      if (start < at || end > text.length) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end).join("");
      if (missing) mark.className = "hole";
      parts.push(text.slice(at, start).join(""), mark);
      at = end;
    }
    mirror.replaceChildren(...parts, `${text.slice(at).join("")}\u200b`);
  }

  judged(faults) {
    const touched = new Set([...this.faults, ...faults].map((fault) => fault.key));
    this.faults = faults;
    for (const element of [...touched].flatMap((key) => [...this.bound(key)])) {
      if ("prose" in element.dataset) this.mark(element);
    }
  }

  lock(within = this.root) {
    this.readOnly = true;
    const choices = "input:not([data-prose]), select, .do button, [data-add], [data-add-for], [data-commit], #begin";
    for (const element of within.querySelectorAll("[data-prose]")) element.readOnly = true;
    for (const element of within.querySelectorAll(choices)) element.disabled = true;
  }
}
