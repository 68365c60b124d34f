// The keys of a meeting: all of it by keyboard. Single keys work outside texts only, and can be switched off.

const ANSWERS = { y: "yes", n: "no", a: "na", u: "unknown" };
const SWITCH = "afterbell.single-keys";

export class Keys {
  // `does` has next(step), failing(), answer(question, value), keep(entry, value), acceptAll(list), add(list),
  // and chosen(item), which is told.
  constructor(root, does) {
    const [dialog, single] = ["keys", "single-keys"].map((id) => document.getElementById(id));
    Object.assign(this, { root, does, dialog, single });
    this.single.checked = localStorage.getItem(SWITCH) !== "off";
    this.single.addEventListener("change", () => localStorage.setItem(SWITCH, this.single.checked ? "on" : "off"));
    document.getElementById("keys-close").addEventListener("click", () => this.dialog.close());
    document.getElementById("keys-open")?.addEventListener("click", () => this.dialog.showModal());
    document.addEventListener("keydown", (event) => this.pressed(event));
    root.addEventListener("focusin", ({ target }) => this.choose(target.closest(".question, .entry")));
  }

  // One question or row is chosen in its list: it is shown open, and it is where Tab comes back to.
  choose(item) {
    if (!item) return;
    for (const other of item.parentElement.children) {
      other.removeAttribute("aria-current");
      other.tabIndex = -1;
    }
    item.setAttribute("aria-current", "true");
    item.tabIndex = 0;
    this.does.chosen(item);
  }

  pressed(event) {
    if (this.dialog.open || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { target, key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.altKey) {
      if (step) this.done(event, () => this.does.next(step));
      return;
    }
    const item = target.closest?.(".question, .entry");
    const writes = target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
    if (key === "Escape" && this.root.contains(target)) {
      this.done(event, () => (item && target !== item ? item : target.closest(".part"))?.focus());
      return;
    }
    if (writes) return;
    if (step && !target.matches("[type=radio]")) {
      const list = item?.parentElement ?? this.list();
      if (list) this.done(event, () => this.move(list, item, step));
      return;
    }
    if (key === "Enter" && !target.matches("button, a, summary, input")) this.done(event, () => this.write(item));
    else if (this.single.checked && key.length === 1) this.letter(event, item);
  }

  letter(event, item) {
    const { key } = event;
    const does = {
      j: () => this.does.next(1),
      k: () => this.does.next(-1),
      f: () => this.does.failing(),
      e: () => this.write(item),
      "?": () => this.dialog.showModal(),
    };
    if (item?.matches(".question")) {
      for (const [letter, value] of Object.entries(ANSWERS)) does[letter] = () => this.answer(item, value);
      if (item.dataset.machine) does.c = () => this.answer(item, item.dataset.machine);
    }
    if (item?.matches(".entry")) {
      does.y = () => this.keep(item, "yes");
      does.x = () => this.keep(item, "no");
    }
    const holder = this.root.querySelector(".part:not([hidden]) [data-list]");
    if (holder) {
      does.A = () => this.does.acceptAll(holder.dataset.list);
      does["+"] = () => this.does.add(holder.dataset.list);
    }
    if (does[key]) this.done(event, does[key]);
  }

  done(event, act) {
    event.preventDefault();
    act();
  }

  list() {
    return this.root.querySelector(".part:not([hidden]) :is(.questions, [data-list])");
  }

  move(list, item, step) {
    const items = [...list.children].filter((each) => !each.hidden);
    const at = items.indexOf(item);
    const to = items[item ? Math.min(Math.max(at + step, 0), items.length - 1) : step > 0 ? 0 : items.length - 1];
    to?.focus();
    to?.scrollIntoView({ block: "nearest" });
  }

  answer(item, value) {
    this.does.answer(item, value);
    this.move(item.parentElement, item, 1);
  }

  keep(item, value) {
    this.does.keep(item, value);
    this.move(item.parentElement, item, 1);
  }

  write(item) {
    const within = item ?? this.root.querySelector(".part:not([hidden])");
    (within?.querySelector("textarea, input[data-prose]") ?? within?.querySelector("input:checked, input"))?.focus();
  }
}
