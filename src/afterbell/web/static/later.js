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

export async function fill(place, address) {
  try {
    place.replaceChildren(...(await piece(address)));
    watch(place);
    return true;
  } catch (error) {
    failed(place, error);
    return false;
  }
}

function watch(root) {
  for (const details of root.querySelectorAll("details[data-from]")) {
    details.addEventListener("toggle", () => {
      if (!details.open || details.dataset.filled) return;
      details.dataset.filled = "yes";
      const place = document.createElement("div");
      for (const child of [...details.children].slice(1)) child.remove();
      details.append(place);
      place.textContent = "Loading…";
      const address = new URL(details.dataset.from, location.href);
      address.searchParams.set("part", "1");
      fill(place, address);
    });
  }
}

watch(document);
for (const place of document.querySelectorAll("[data-later]")) fill(place, place.dataset.later);

// Once the twenty questions are answered, the page is fetched again with what they found marked in it.
for (const place of document.querySelectorAll("[data-answers]")) {
  place.append(" They are being asked now.");
  try {
    await piece(place.dataset.answers);
    const main = document.getElementById("main");
    const [answer, at] = [await fetch(location.href, { headers: { accept: "text/html" } }), document.activeElement];
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const kept = at?.getAttribute("href");
    if (fresh && !main.querySelector("details[open], aside:not([hidden])")) {
      main.replaceChildren(...fresh.childNodes);
      watch(main);
      if (kept) [...main.querySelectorAll("a[href]")].find((each) => each.getAttribute("href") === kept)?.focus();
      document.dispatchEvent(new Event("afterbell:fresh"));
    } else {
      place.textContent = "The twenty questions are answered now. ";
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Show what they found";
      place.append(link);
    }
  } catch (error) {
    failed(place, error);
  }
}
