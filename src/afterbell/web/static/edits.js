// The author's side of a shared document: what is typed is shown at once, and joined with what others type.
//
// The twin of afterbell/model/edits.py, where the rules stand. Positions count code points, as the server does. It
// knows no page and no network: the line sends what `Author.next` gives, and hands in what the server put in order.

const points = (text) => Array.from(text);
const length = (step) => (typeof step === "string" ? points(step).length : Math.abs(step));

class Written {
  constructor() {
    this.steps = [];
  }

  add(step) {
    if (step === 0 || step === "") return;
    const last = this.steps.at(-1);
    const joins = typeof last === typeof step && (typeof step === "string" || last > 0 === step > 0);
    if (this.steps.length && joins) this.steps[this.steps.length - 1] = last + step;
    else this.steps.push(step);
  }
}

class Steps {
  constructor(edit) {
    this.left = edit.filter((step) => step !== 0 && step !== "").reverse();
  }

  get done() {
    return this.left.length === 0;
  }

  get next() {
    return this.left.at(-1);
  }

  take(count) {
    const step = this.left.pop();
    if (typeof step === "number" && Math.abs(step) > count) this.left.push(step > 0 ? step - count : step + count);
    if (typeof step === "string" && length(step) > count) this.left.push(points(step).slice(count).join(""));
  }
}

export function edited(text, edit) {
  const from = points(text);
  let at = 0;
  let after = "";
  for (const step of edit) {
    if (typeof step === "string") {
      after += step;
      continue;
    }
    if (step > 0) after += from.slice(at, at + step).join("");
    at += Math.abs(step);
  }
  if (at !== from.length) throw new RangeError("an edit does not fit its text");
  return after;
}

export function transformed(first, second) {
  const [one, two] = [new Steps(first), new Steps(second)];
  const [newFirst, newSecond] = [new Written(), new Written()];
  while (!(one.done && two.done)) {
    const [ours, theirs] = [one.next, two.next];
    if (typeof ours === "string") {
      newFirst.add(ours);
      newSecond.add(length(ours));
      one.take(Infinity);
    } else if (typeof theirs === "string") {
      newFirst.add(length(theirs));
      newSecond.add(theirs);
      two.take(Infinity);
    } else {
      if (!ours || !theirs) throw new RangeError("an edit does not fit its text");
      const count = Math.min(Math.abs(ours), Math.abs(theirs));
      if (theirs > 0) newFirst.add(ours > 0 ? count : -count);
      if (ours > 0) newSecond.add(theirs > 0 ? count : -count);
      one.take(count);
      two.take(count);
    }
  }
  return [newFirst.steps, newSecond.steps];
}

// One edit that does what `first` and then `second` do.
export function composed(first, second) {
  const [one, two, both] = [new Steps(first), new Steps(second), new Written()];
  while (!(one.done && two.done)) {
    const [made, then] = [one.next, two.next];
    if (typeof made === "number" && made < 0) {
      both.add(made);
      one.take(Infinity);
    } else if (typeof then === "string") {
      both.add(then);
      two.take(Infinity);
    } else {
      if (made === undefined || then === undefined) throw new RangeError("an edit does not follow the other");
      const count = Math.min(length(made), Math.abs(then));
      if (then > 0) both.add(typeof made === "string" ? points(made).slice(0, count).join("") : count);
      else if (typeof made === "number") both.add(-count);
      one.take(count);
      two.take(count);
    }
  }
  return both.steps;
}

// The edit between two texts: what is alike at both ends is kept. Null where nothing was changed.
export function difference(before, after) {
  if (before === after) return null;
  const [old, now] = [points(before), points(after)];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const edit = new Written();
  edit.add(head);
  edit.add(head + tail - old.length);
  edit.add(now.slice(head, now.length - tail).join(""));
  edit.add(tail);
  return edit.steps;
}

// Where a place between characters lies after an edit; what is inserted right there comes behind it.
export function moved(place, edit) {
  let [at, now] = [0, place];
  for (const step of edit) {
    if (at >= place) break;
    if (typeof step === "string") now += length(step);
    else {
      if (step < 0) now -= Math.min(-step, place - at);
      at += Math.abs(step);
    }
  }
  return now;
}

export function applied(sheet, changes) {
  const after = { ...sheet };
  for (const [key, change] of Object.entries(changes)) {
    after[key] = typeof change === "string" ? change : edited(after[key] ?? "", change);
  }
  return after;
}

// Rebase two sets of changes over each other, `first` before `second` in order; a value set later holds.
function joined(first, second) {
  const [left, right] = [{ ...first }, { ...second }];
  for (const key of Object.keys(first)) {
    if (!(key in second)) continue;
    if (typeof first[key] === "string" || typeof second[key] === "string") delete left[key];
    else [left[key], right[key]] = transformed(first[key], second[key]);
  }
  return [left, right];
}

function followed(first, second) {
  const both = { ...first };
  for (const [key, change] of Object.entries(second)) {
    both[key] = Array.isArray(change) && key in both ? composed(both[key], change) : change;
  }
  return both;
}

// One browser's copy: `sheet` as it is shown, at most one set of changes under way, and one that waits behind it.
export class Author {
  constructor(name, base, sheet) {
    Object.assign(this, { name, base, sheet, count: 0, sent: null, waiting: null });
  }

  // Go on where a browser that ended had left off: its copy, the present sheet, and what was put in order meanwhile.
  static resumed(copy, seq, sheet, batches) {
    const author = new Author(copy.name, copy.base, null);
    Object.assign(author, { count: copy.count, sent: copy.sent, waiting: copy.waiting });
    for (const batch of batches) author.receive(batch);
    author.base = seq;
    author.sheet = applied(applied(sheet, author.sent?.changes ?? {}), author.waiting ?? {});
    return author;
  }

  get copy() {
    const { name, base, count, sent, waiting } = this;
    return { name, base, count, sent, waiting };
  }

  get settled() {
    return this.sent === null && this.waiting === null;
  }

  change(changes) {
    this.sheet = applied(this.sheet, changes);
    this.waiting = this.waiting ? followed(this.waiting, changes) : changes;
  }

  // What to send now, also again when it may not have arrived: the server knows it by author and count.
  next() {
    if (this.sent === null) {
      if (this.waiting === null) return null;
      this.count += 1;
      this.sent = { count: this.count, changes: this.waiting };
      this.waiting = null;
    }
    return { author: this.name, count: this.sent.count, base: this.base, changes: this.sent.changes };
  }

  // Take in what the server has put in order and return what changes on the page: nothing for one's own.
  receive({ seq, author, count, changes }) {
    if (seq <= this.base) return {};
    if (seq !== this.base + 1) throw new RangeError("something in between was not received");
    this.base = seq;
    if (author === this.name && count === this.sent?.count) {
      this.sent = null;
      return {};
    }
    let shown = changes;
    if (this.sent) [shown, this.sent.changes] = joined(shown, this.sent.changes);
    if (this.waiting) [shown, this.waiting] = joined(shown, this.waiting);
    if (this.sheet) this.sheet = applied(this.sheet, shown);
    return shown;
  }
}
