// The page of a meeting: joins the line, the sheet and the keys, and shows one field at a time.

import { Line } from "./meeting_line.js";
import { Sheet } from "./meeting_sheet.js";
import { Keys } from "./meeting_keys.js";

const root = document.getElementById("meeting");
const { meeting, view, minutes, due } = root.dataset;
const [edits, leads] = [root.dataset.edits === "yes", root.dataset.leads === "yes"];
const byId = (id) => document.getElementById(id);
const desk = root.querySelector(".parts");
const parts = [...root.querySelectorAll(".part")];
const agenda = parts.map((part) => part.dataset.part);
const modes = [...root.querySelectorAll(".question")].map((each) => each.dataset.mode);

const ALIKE = 3;
const DEFERRED = "no change, documented and deferred";

let [here, ahead, told, last] = ["", 0, [], ""];

const line = new Line(meeting, document.querySelector("meta[name=csrf]")?.content ?? "", {
  show(changes) {
    sheet.show(line.sheet, changes);
    settle();
  },
  reset() {
    sheet.show(line.sheet);
    desk.inert = false;
    settle();
    if (leads && !line.sheet.here) change({ here });
  },
  faults({ faults, owners }) {
    judge(faults);
    byId("owners").textContent = owners.join(", ");
  },
  unjudged(why) {
    byId("count").textContent = "not known";
    delete root.dataset.judged;
    say(`The rules cannot be judged: ${why}`);
  },
  time: (now) => (ahead = Date.parse(now) - Date.now()),
  state(word, text) {
    const shown = byId("line");
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("bad", word === "bad");
    root.dataset.line = word;
  },
  refused: (why, said) => say(`Not taken: ${why}.${said ? ` What you had typed: ${said}` : ""}`),
});

const sheet = new Sheet(root, modes, change);

// Nothing can be changed before the sheet is here, nor after the meeting has ended.
function change(given) {
  if (!line.author || sheet.readOnly) return;
  const defers = given["fix.changed"] === "no" && !line.sheet["fix.paragraph"];
  const changes = defers ? { ...given, "fix.paragraph": [DEFERRED] } : given;
  line.change(changes);
  sheet.show(line.sheet, changes);
  settle();
}

// Show a part of the agenda; the facilitator takes the projectors along.
function go(part, { focus = true, follow = true } = {}) {
  if (!agenda.includes(part) || part === here) return;
  here = part;
  say("");
  for (const each of parts) each.hidden = each.dataset.part !== part;
  for (const link of root.querySelectorAll("[data-to]")) {
    if (link.dataset.to === part) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  if (view === "room") history.replaceState(null, "", `#part-${part}`);
  if (focus) byId(`part-${part}`).focus();
  if (focus && part === "answers") unanswered()?.focus();
  if (leads && follow && line.author && line.sheet.here !== part) change({ here: part });
  for (const element of byId(`part-${part}`).querySelectorAll("[data-prose]")) sheet.mark(element);
}

const named = () => location.hash.replace("#part-", "");

function unanswered() {
  const questions = [...root.querySelectorAll(".question")];
  return questions.find((each) => !line.author || !line.sheet[`answer.${each.dataset.mode}.value`]);
}

// What depends on the sheet as a whole: where the facilitator is, and whether the meeting has ended.
function settle() {
  const now = line.sheet;
  if (view === "projector" && now.here) {
    go(now.here, { focus: false, follow: false });
    follow(now["here-item"] ?? "");
  }
  for (const link of root.querySelectorAll("[data-to]")) {
    link.querySelector(".lead").hidden = link.dataset.to !== now.here || leads || Boolean(now["meeting.record"]);
  }
  byId("begin")?.toggleAttribute("hidden", Boolean(now["meeting.started"]) || !leads);
  const record = now["meeting.record"];
  byId("ended").hidden = !record;
  if (record && !sheet.readOnly) sheet.lock();
  if (record) {
    const [status, where] = [now["meeting.status"], now["meeting.where"]];
    byId("ended-text").textContent = `The meeting has ended. Record ${record} is filed as ${status}: ${where}.`;
    byId("ended-link").href = `/records/${encodeURIComponent(record)}`;
    byId("end")?.setAttribute("hidden", "");
  }
  clocks();
}

function follow(name) {
  const [list, id] = name.split(".");
  const item = list === "question" ? byId(`question-${id}`) : sheet.held.get(name);
  if (!item || item.closest("[hidden]") || item.hasAttribute("aria-current")) return;
  keys.choose(item);
  item.scrollIntoView({ block: "center" });
}

function judge(faults) {
  told = faults;
  root.dataset.judged = "yes";
  sheet.judged(faults);
  for (const part of agenda) {
    const own = faults.filter((fault) => fault.part === part);
    const list = root.querySelector(`[data-faults="${part}"]`);
    if (list) fill(list, own);
    const left = root.querySelector(`[data-left="${part}"]`);
    left.textContent = own.length ? own.length : "✓";
    left.setAttribute("aria-label", own.length ? `${own.length} to do` : "nothing fails");
    left.setAttribute("role", "img");
    left.classList.toggle("some", own.some((fault) => !fault.missing));
    left.classList.toggle("none", own.length === 0);
  }
  fill(byId("all-faults"), faults);
  const count = byId("count");
  count.textContent = faults.length;
  count.classList.toggle("some", faults.length > 0);
  count.classList.toggle("none", faults.length === 0);
  calm();
}

function fill(list, faults) {
  const text = JSON.stringify(faults);
  if (list.dataset.shown === text) return;
  list.dataset.shown = text;
  const count = {};
  for (const { rule } of faults) count[rule] = (count[rule] ?? 0) + 1;
  const shown = {};
  const some = faults.filter(({ rule }) => (shown[rule] = (shown[rule] ?? 0) + 1) <= ALIKE);
  list.replaceChildren(
    ...some.map(({ rule, message, why, rewrite, missing }, at) => {
      const ends = some[at + 1]?.rule !== rule && count[rule] > ALIKE;
      const [item, what, reason] = ["li", "p", "p"].map((tag) => document.createElement(tag));
      item.className = missing ? "hole" : "wrong";
      item.dataset.rule = rule;
      what.textContent = `${message}. ${rewrite}`;
      reason.textContent = `${ends ? `And ${count[rule] - ALIKE} more of this kind. ` : ""}${why} (${rule})`;
      reason.className = "why";
      item.append(what, reason);
      return item;
    }),
  );
}

// Tell a screen reader about the field at hand only, when its count has changed and stayed for two seconds.
let calming = 0;
function calm() {
  clearTimeout(calming);
  calming = setTimeout(() => {
    const own = told.filter((fault) => fault.part === here);
    const text = own.length ? `${own.length} to do in this field: ${own[0].message}` : "Nothing fails in this field";
    if (text !== last) byId("said").textContent = text;
    last = text;
  }, 2000);
}

function clocks() {
  const now = Date.now() + ahead;
  const started = line.author && line.sheet["meeting.started"];
  const clock = byId("clock");
  const ended = line.author && line.sheet["meeting.record"];
  if (started && !ended) {
    const left = Math.round((Date.parse(started) + minutes * 60000 - now) / 1000);
    const size = Math.abs(left);
    clock.textContent = `${left < 0 ? "over by " : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    clock.classList.toggle("over", left < 0);
  } else if (ended) clock.textContent = "ended";
  if (ended) byId("due-in").textContent = "";
  else if (due) {
    const left = Math.round((Date.parse(due) - now) / 60000);
    const size = Math.abs(left);
    const long = size < 5760 ? `${Math.floor(size / 60)} h` : `${Math.floor(size / 1440)} d`;
    const told = size < 60 ? `${size} min` : long;
    byId("due-in").textContent = left < 0 ? `overdue by ${told}` : `in ${told}`;
    byId("due-in").classList.toggle("over", left < 0);
  }
}

function say(text) {
  byId("stopped").textContent = text;
}

async function asked(path, body, then) {
  try {
    then(await line.ask("POST", path, body));
  } catch (error) {
    say(error.known ? error.message : "No connection: try again");
  }
}

function file(incomplete, tries = 50) {
  if (!line.author.settled) {
    if (tries) setTimeout(() => file(incomplete, tries - 1), 100);
    else say("Not filed: not all is saved yet");
    return;
  }
  asked("end", { incomplete }, ({ faults, record, note }) => {
    if (record) say(note);
    else say(`Not filed: ${faults.map((fault) => fault.message).join("; ")}`);
    if (faults.length) byId("stopped").scrollIntoView({ block: "nearest" });
  });
}

const next = (step) => go(agenda[Math.min(Math.max(agenda.indexOf(here) + step, 0), agenda.length - 1)]);

function keep(entry, value) {
  change({ [`${entry.dataset.entry}.kept`]: value });
}

function fresh(list) {
  if (list === "reference") return { kind: "ticket" };
  return list === "row" && root.dataset.trace ? { trace_id: [root.dataset.trace] } : {};
}

function add(list, more = fresh(list)) {
  const id = `n${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
  const name = `${list}.${id}`;
  const given = Object.entries({ kept: "yes", ...more }).map(([key, value]) => [`${name}.${key}`, value]);
  change(Object.fromEntries(given));
  sheet.held.get(name)?.querySelector("input, textarea").focus();
}

function acceptAll(list) {
  const waiting = sheet.entries(list).filter((entry) => line.sheet[`${entry.dataset.entry}.kept`] === "suggested");
  if (waiting.length) change(Object.fromEntries(waiting.map((entry) => [`${entry.dataset.entry}.kept`, "yes"])));
}

function use(sha) {
  const before = line.sheet["fix.commit_sha"] ?? "";
  const text = (old, now) => [-Array.from(old).length, now].filter((step) => step !== 0 && step !== "");
  const changes = before === sha ? {} : { "fix.commit_sha": text(before, sha) };
  const cited = sheet.entries("reference").some((entry) => line.sheet[`${entry.dataset.entry}.value`] === sha);
  if (!cited) {
    const name = `reference.n${Date.now().toString(36)}`;
    Object.assign(changes, { [`${name}.kept`]: "yes", [`${name}.kind`]: "commit", [`${name}.value`]: [sha] });
  }
  if (Object.keys(changes).length) change(changes);
}

const keys = new Keys(root, {
  chosen(item) {
    const name = item.dataset.entry ?? `question.${item.dataset.number}`;
    if (leads && line.author && line.sheet["here-item"] !== name) change({ "here-item": name });
  },
  next,
  failing() {
    const open = agenda.filter((part) => told.some((fault) => fault.part === part));
    go(open.find((part) => agenda.indexOf(part) > agenda.indexOf(here)) ?? open[0] ?? here);
  },
  answer: (question, value) => edits && change({ [`answer.${question.dataset.mode}.value`]: value }),
  keep: (entry, value) => edits && keep(entry, value),
  acceptAll: (list) => edits && acceptAll(list),
  add: (list) => edits && add(list),
});

root.addEventListener("click", (event) => {
  const { target } = event;
  const { to, add: list, addFor, do: what, commit } = target.closest("a, button")?.dataset ?? {};
  if (to) {
    event.preventDefault();
    go(to);
  }
  if (!edits || sheet.readOnly) return;
  if (list) add(list);
  if (addFor) add("factor", { [`mode.${addFor}`]: "yes" });
  if (what) keep(target.closest(".entry"), what);
  if (commit) use(commit);
});
root.addEventListener("compositionstart", ({ target }) => {
  sheet.composing = target;
  line.hold();
});
root.addEventListener("compositionend", ({ target }) => {
  sheet.composing = null;
  sheet.typed(target);
  line.release();
});
root.addEventListener("focusout", ({ target }) => {
  const list = target.closest("[data-list]");
  if (list) setTimeout(() => sheet.listed(list.dataset.list));
});
byId("before")?.addEventListener("click", () => next(-1));
byId("after")?.addEventListener("click", () => next(1));
byId("begin")?.addEventListener("click", () => asked("start", {}, () => {}));
byId("file-complete")?.addEventListener("click", () => file(false));
byId("file-incomplete")?.addEventListener("click", () => file(true));
byId("write-form")?.addEventListener("click", () =>
  asked("form", {}, ({ form }) => (byId("written").textContent = `Written to ${form}`)),
);
addEventListener("hashchange", () => go(named()));
setInterval(clocks, 1000);

if (!edits) sheet.lock();
desk.inert = true;
go(agenda.includes(named()) ? named() : agenda[0], { focus: false, follow: false });
line.open(edits).catch((error) => {
  line.hears.state("bad", error.known ? error.message : "No connection: reload the page");
});
