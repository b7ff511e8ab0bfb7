// Comfort on top of pages that work without it: "/" finds the search, lists filter as you type,
// members of a group are dragged, unsaved forms are marked, what is wrong comes to the keyboard,
// a long list on its way is watched.
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
      for (const link of document.querySelectorAll(".tools a[hreflang]")) {  // another language shows the same list
        link.href = page.querySelector(`.tools a[hreflang=${link.hreflang}]`).getAttribute("href");
      }
      history.replaceState(null, "", address);
    }, 200);
  });
}

for (const [number, place] of document.querySelectorAll(".wrong").entries()) {
  const control = place.querySelector("input:not([type=hidden]), select, textarea");
  const fault = place.querySelector(".fault");
  if (!control || !fault || control.hasAttribute("aria-invalid")) continue;
  fault.id ||= `wrong-${number}`;
  control.setAttribute("aria-describedby", fault.id);
  control.setAttribute("aria-invalid", "true");
}
const wrong = document.querySelector("main [aria-invalid=true], main .fault[role=alert]");
if (wrong) {
  if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
  wrong.focus();
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

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-progress]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const place = form.querySelector("[data-under-way]");
  const [words, bar] = [place.querySelector("label"), place.querySelector("progress")];
  const say = (text, share) => {
    place.hidden = false;
    if (words.textContent !== text) words.textContent = text;
    if (share === null) bar.removeAttribute("value"); else bar.value = share;
  };
  const ask = new XMLHttpRequest();  // fetch does not say how much has been sent
  ask.open("POST", location.href);
  ask.setRequestHeader("Doorline-Progress", "1");
  ask.upload.onprogress = (sent) => say(form.dataset.sending, sent.total ? sent.loaded / sent.total : null);
  ask.upload.onload = () => say(form.dataset.working, null);
  ask.onload = () => {
    if ((ask.getResponseHeader("Content-Type") || "").startsWith("application/json")) {
      location.assign(JSON.parse(ask.responseText).go);
      return;
    }
    const page = new DOMParser().parseFromString(ask.responseText, "text/html").getElementById("content");
    document.getElementById("content").replaceWith(page);
    scrollTo(0, 0);
    page.focus({ preventScroll: true });
  };
  ask.onerror = () => { delete form.dataset.busy; say(form.dataset.lost, null); bar.hidden = true; };
  bar.hidden = false;
  say(form.dataset.sending, 0);
  ask.send(new FormData(form));
});
