// What a browser has not sent yet, kept so that it outlives the page and the browser: on the disk at each change.
//
// It is the browser's own database, since its plain storage reaches the disk only seconds later. It knows no meeting.

const STORE = "copies";

export class Kept {
  // Raises what the browser raises where it keeps nothing (a private window).
  static async open() {
    const opening = indexedDB.open("afterbell-meetings", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    return new Kept(await settled(opening, "success"));
  }

  constructor(base) {
    Object.assign(this, { base, due: new Map(), writing: false });
  }

  // Keep under a name what `copy` returns when it is written, or nothing when it returns null.
  keep(name, copy) {
    this.due.set(name, copy);
    if (!this.writing) this.write();
  }

  async write() {
    this.writing = true;
    while (this.due.size) {
      const work = this.base.transaction(STORE, "readwrite", { durability: "strict" });
      for (const [name, copy] of this.due) {
        const value = copy();
        if (value) work.objectStore(STORE).put(value, name);
        else work.objectStore(STORE).delete(name);
      }
      this.due.clear();
      await settled(work, "complete").catch(() => {});
    }
    this.writing = false;
  }

  // What is kept under names that begin so: pairs of name and value.
  async all(beginning) {
    const store = this.base.transaction(STORE).objectStore(STORE);
    const range = IDBKeyRange.bound(beginning, `${beginning}\uffff`);
    const [names, values] = [store.getAllKeys(range), store.getAll(range)];
    await settled(values, "success");
    return names.result.map((name, at) => [name, values.result[at]]);
  }
}

function settled(asked, event) {
  return new Promise((done, failed) => {
    asked.addEventListener(event, () => done(asked.result));
    for (const each of ["error", "abort"]) asked.addEventListener(each, () => failed(asked.error));
  });
}
