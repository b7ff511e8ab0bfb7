// Comfort on top of pages that work without it: "/" finds the search, lists filter as you type,
// members of a group are dragged, unsaved forms are marked.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

for (const form of document.querySelectorAll("form[data-live]")) {
  let wait = 0;
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.getElementById("found").replaceWith(page.getElementById("found"));
      history.replaceState(null, "", address);
    }, 200);
  });
}

const lasting = document.querySelector("[data-again]");
if (lasting) {
  setInterval(async () => {  // what changes by itself is looked at again; not behind another page, not under a finger
    if (document.hidden || document.getElementById("found").contains(document.activeElement)) return;
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("found");
    if (fresh) document.getElementById("found").replaceWith(fresh);
  }, lasting.dataset.again * 1000);
}

for (const form of document.querySelectorAll("form[data-guard]")) {
  let saving = false;
  form.addEventListener("input", () => form.classList.add("dirty"));
  form.addEventListener("submit", () => { saving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (form.classList.contains("dirty") && !saving) event.preventDefault();
  });
}

for (const body of document.querySelectorAll("tbody[data-order]")) {
  let dragged = null;
  const number = () => body.querySelectorAll("[data-place]").forEach((field, place) => { field.value = place + 1; });
  for (const row of body.rows) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (event.target.closest("input, select")) { event.preventDefault(); return; }
      dragged = row;
      row.classList.add("dragged");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      number();
      body.closest("form").classList.add("dirty");
    });
    row.addEventListener("dragover", (event) => {
      event.preventDefault();
      if (!dragged || dragged === row) return;
      const below = event.clientY > row.getBoundingClientRect().top + row.offsetHeight / 2;
      row.parentNode.insertBefore(dragged, below ? row.nextSibling : row);
    });
  }
}
