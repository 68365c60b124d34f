// Pieces of a page that come after it: what takes long to make, and what is fetched when it is opened.
// Without this script the links inside lead to the same.

async function piece(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(`the server said ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.body.childNodes];
}

function failed(place, error) {
  const said = document.createElement("p");
  said.className = "bad";
  said.setAttribute("role", "alert");
  said.textContent = `This could not be loaded: ${error.message}.`;
  place.append(said);
}

// Put new content in a place; what had the focus there has it again, if the new content has the same link.
function swap(place, nodes) {
  const at = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.replaceChildren(...nodes);
  watch(place);
  if (at) [...place.querySelectorAll("a[href]")].find((each) => each.getAttribute("href") === at)?.focus();
}

export async function fill(place, address) {
  try {
    swap(place, await piece(address));
    return true;
  } catch (error) {
    failed(place, error);
    return false;
  }
}

function watch(root) {
  for (const details of root.querySelectorAll("details[data-from]")) {
    details.addEventListener("toggle", async () => {
      if (!details.open || details.dataset.filled) return;
      details.dataset.filled = "yes";
      const [, ...plain] = details.children;
      const place = document.createElement("div");
      details.append(place);
      const address = new URL(details.dataset.from, location.href);
      address.searchParams.set("part", "1");
      if (await fill(place, address)) for (const child of plain) child.remove();
    });
  }
}

// Fetch this page again, and put what it holds in the place of what is here.
async function renew() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(`the server said ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
  swap(document.getElementById("main"), [...fresh.childNodes]);
}

// What the reader has opened stays: then a link is offered instead.
const busy = () => document.querySelector("#main details[open], #main aside:not([hidden])");

function offer(place, text) {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = text;
  place.replaceChildren(link);
}

watch(document);
for (const place of document.querySelectorAll("[data-later]")) {
  place.querySelector("[role=status]")?.append(" It is being done now.");
  fill(place, place.dataset.later);
}

// A long run shows its spans first, then the rest of what the page holds.
for (const place of document.querySelectorAll("[data-whole]")) {
  try {
    place.append(" It is being done now.");
    await piece(new URL("?whole=1", location.href));
    if (busy()) offer(place, "The run is put together now. Show it");
    else await renew();
  } catch (error) {
    failed(place, error);
  }
}

// Once the twenty questions are answered, the page is fetched again with what they found marked in it.
for (const place of document.querySelectorAll("[data-answers]")) {
  try {
    place.append(" They are being asked now.");
    await piece(place.dataset.answers);
    if (busy()) offer(place, "The twenty questions are answered now. Show what they found");
    else await renew();
  } catch (error) {
    failed(place, error);
  }
}
