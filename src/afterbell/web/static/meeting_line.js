// The line between one browser and the meeting: sends what is typed at once, hears the order, and loses nothing.
//
// What is not acknowledged is kept in the browser, under a lock that tells whether its page still lives; the
// next page of the meeting takes up what a killed one had left. It knows nothing of how the sheet is shown.

import { Author } from "./edits.js";
import { Kept } from "./meeting_kept.js";

const RETRY = 1000;
const SILENCE = 25000;
const AWAY = "No connection: what you type is kept in this browser";

export class Line {
  // `hears` has show(changes), reset(), faults(told), unjudged(why), time(now), state(word, text) and
  // refused(why, said).
  constructor(meeting, token, hears) {
    Object.assign(this, { meeting, token, hears, author: null, source: null, kept: null });
    Object.assign(this, { sending: false, held: null, later: null });
    this.heard = Date.now();
  }

  get base() {
    return `/meetings/${this.meeting}`;
  }

  async open(edits) {
    if (edits) this.kept = await Kept.open().catch(() => null);
    const copy = edits ? await this.left() : null;
    const answer = await this.ask("GET", `sheet?since=${copy?.base ?? 0}`);
    const { seq, sheet, batches, now } = answer;
    this.hears.time(now);
    this.author = copy ? Author.resumed(copy, seq, sheet, batches) : new Author(name(), seq, sheet);
    if (!copy && edits) await locked(this.slot(this.author.name));
    this.hears.reset();
    this.listen();
    setInterval(() => this.watch(), RETRY);
    this.send();
    this.tell();
  }

  get sheet() {
    return this.author.sheet;
  }

  change(changes) {
    this.author.change(changes);
    this.keep();
    this.send();
    this.tell();
  }

  // While a text is being composed (as Chinese is) nothing may change under the writer: what is heard waits.
  hold() {
    this.held ??= [];
  }

  release() {
    const held = this.held ?? [];
    this.held = null;
    for (const batch of held) this.receive(batch);
  }

  slot(author) {
    return `${this.meeting} ${author}`;
  }

  keep() {
    const author = this.author;
    this.kept?.keep(this.slot(author.name), () => (author.settled || author.dropped ? null : author.copy));
  }

  // Find what an earlier page of this browser had not sent, if that page is gone.
  async left() {
    if (!navigator.locks || !this.kept) return null;
    for (const [slot, copy] of await this.kept.all(this.slot(""))) if (await locked(slot)) return copy;
    return null;
  }

  away() {
    this.hears.state("bad", this.kept ? AWAY : "No connection, and this browser keeps nothing: do not close the page");
  }

  async send() {
    if (this.sending || !this.author) return;
    const batch = this.author.next();
    if (!batch) return;
    this.keep();
    this.sending = true;
    this.later = null;
    try {
      await this.ask("POST", "changes", batch);
      this.later = Date.now() + 5 * RETRY; // the stream acknowledges; if it does not, what was sent is sent again
    } catch (error) {
      if (error.final) await this.refused(error.message);
      else this.later = Date.now() + RETRY;
      if (error.known) this.hears.state("bad", error.message);
      else this.away();
    }
  }

  receive(batch) {
    if (this.held) {
      this.held.push(batch);
      return;
    }
    let shown;
    try {
      shown = this.author.receive(batch);
    } catch {
      this.catchUp();
      return;
    }
    if (this.author.sent === null) this.sending = false;
    this.keep();
    this.hears.show(shown);
    this.send();
    this.tell();
  }

  tell() {
    if (this.author.settled) this.hears.state("saved", "All saved");
    else if (!this.later || this.later > Date.now() + RETRY) this.hears.state("saving", "Saving");
  }

  listen() {
    this.source?.close();
    this.heard = Date.now();
    const source = new EventSource(`${this.base}/stream?after=${this.author.base}`);
    this.source = source;
    const on = (event, does) =>
      source.addEventListener(event, ({ data }) => {
        this.heard = Date.now();
        does(JSON.parse(data));
      });
    on("batch", (batch) => this.receive(batch));
    on("faults", (told) => this.hears.faults(told));
    on("time", ({ now }) => {
      this.hears.time(now);
      this.tell();
    });
    on("unjudged", ({ error }) => this.hears.unjudged(error));
    on("alive", () => {});
    source.addEventListener("error", () => this.away());
  }

  watch() {
    if (this.sending && this.later && Date.now() >= this.later) {
      this.sending = false;
      this.send();
    }
    const silent = Date.now() - this.heard > SILENCE;
    if (this.source?.readyState === EventSource.CLOSED || silent) this.listen();
  }

  // Something was missed: begin with the present sheet, and join what is not acknowledged.
  async catchUp() {
    this.source?.close();
    try {
      const { seq, sheet, batches } = await this.ask("GET", `sheet?since=${this.author.base}`);
      this.author = Author.resumed(this.author.copy, seq, sheet, batches);
      this.sending = this.author.sent !== null && this.sending;
      this.hears.reset();
    } catch {
      this.away();
    }
    this.listen();
  }

  // The house will not take what was typed: show why and what it was, and go on with what it has.
  async refused(why) {
    const lost = { ...this.author.sent?.changes, ...this.author.waiting };
    const said = Object.values(lost).flat().filter((step) => typeof step === "string" && step).join(" ");
    this.author.dropped = true;
    this.keep();
    try {
      const { seq, sheet } = await this.ask("GET", "sheet?since=0");
      this.author = new Author(name(), seq, sheet);
      await locked(this.slot(this.author.name));
      this.sending = false;
      this.hears.reset();
      this.listen();
    } catch {
      this.later = Date.now() + RETRY;
    }
    this.hears.refused(why, said);
  }

  // Whoever signed in again in another tab has another session: take the token of its forms.
  async renew() {
    const answer = await fetch(this.base, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.token = page.querySelector("meta[name=csrf]")?.content ?? this.token;
  }

  async ask(method, path, body, again = true) {
    const headers = { accept: "application/json" };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      headers["x-afterbell-token"] = this.token;
    }
    const answer = await fetch(`${this.base}/${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (answer.ok) return answer.json();
    if (answer.status === 403 && again) {
      await this.renew();
      return this.ask(method, path, body, false);
    }
    const told = await answer.json().catch(() => ({ error: `the house answered ${answer.status}` }));
    const away = answer.status === 401 || answer.status === 403;
    const error = new Error(away ? "Signed out: sign in again in another tab; what you type is kept" : told.error);
    error.known = true;
    error.final = answer.status === 400 || answer.status === 409 || answer.status === 413;
    throw error;
  }
}

function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Hold a lock as long as this page lives; false when another page holds it.
function locked(slot) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((done) => {
    navigator.locks.request(slot, { ifAvailable: true }, (lock) => {
      done(lock !== null);
      return lock ? new Promise(() => {}) : null;
    });
  });
}
