// Drives the page's own edits.js: a command on each line of the input, an answer on each line of the output.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2]);
const { Author, difference, edited, moved, transformed } = await import(
  `data:text/javascript;base64,${source.toString("base64")}`
);
let authors = {};

const commands = {
  begin({ names, sheet }) {
    authors = Object.fromEntries(names.map((name) => [name, new Author(name, 0, sheet)]));
  },
  type({ who, key, at, cut, text }) {
    const before = Array.from(authors[who].sheet[key] ?? "");
    const after = [...before.slice(0, at), text, ...before.slice(at + cut)].join("");
    const edit = difference(before.join(""), after);
    if (edit) authors[who].change({ [key]: edit });
  },
  choose({ who, key, value }) {
    authors[who].change({ [key]: value });
  },
  next({ who }) {
    return authors[who].next();
  },
  receive({ who, batch }) {
    return authors[who].receive(batch);
  },
  die({ who, seq, sheet, batches }) {
    authors[who] = Author.resumed(JSON.parse(JSON.stringify(authors[who].copy)), seq, sheet, batches);
  },
  look({ who }) {
    return { base: authors[who].base, sheet: authors[who].sheet, settled: authors[who].settled };
  },
  transform({ first, second }) {
    return transformed(first, second);
  },
  edit({ text, edit }) {
    return edited(text, edit);
  },
  difference({ before, after }) {
    return difference(before, after);
  },
  moved({ place, edit }) {
    return moved(place, edit);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(commands[command.do](command) ?? null)}\n`);
}
