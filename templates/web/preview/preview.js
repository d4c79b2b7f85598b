"use strict";

// The page is whole without this script. With it the views change in place, keys 1 to 6 choose
// them, and after each save the parts of the page come anew from the same address.

const PARTS = ["trouble", "envelope", "text", "source", "found", "findings"];
const body = document.body;
const views = [...document.querySelectorAll("nav a[data-view]")];
const stage = document.getElementById("stage");
const pulse = document.getElementById("pulse");

function frameOf(view) {
  return views.find((link) => link.dataset.view === view).dataset.frame;
}

// The new frame lies under the old one until it is loaded, so that nothing flashes.
function load(frame, fragment) {
  const address = `/frames/${frame}/${stage.dataset.edition}${fragment}`;
  const old = [...stage.querySelectorAll("iframe")];
  if (!stage.dataset.edition || old.at(-1)?.getAttribute("src") === address) return;
  const fresh = document.createElement("iframe");
  fresh.title = "The email";
  fresh.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  fresh.referrerPolicy = "no-referrer";
  fresh.src = address;
  fresh.addEventListener("load", () => old.forEach((one) => one.remove()), { once: true });
  stage.prepend(fresh);
}

function show(view) {
  body.dataset.view = view;
  for (const link of views) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const frame = frameOf(view);
  if (frame) load(frame, body.dataset.changed ?? "");
  history.replaceState(null, "", `/?view=${view}`);
}

function goTo(line) {
  show("source");
  for (const one of document.querySelectorAll("#source .here")) one.classList.remove("here");
  const row = document.getElementById(`line-${line}`);
  if (!row) return;
  row.classList.add("here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}

async function refresh() {
  const answer = await fetch("/");
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of PARTS) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  document.title = page.title;
  body.dataset.proof = page.body.dataset.proof;
  tell(`saved ${new Date().toLocaleTimeString()}`);
  const { edition } = page.getElementById("stage").dataset;
  if (edition === stage.dataset.edition) return;
  stage.dataset.edition = edition;
  body.dataset.changed = "#changed";
  load(frameOf(body.dataset.view) || "light", "#changed");
}

function tell(words, ended = false) {
  pulse.textContent = words;
  pulse.parentElement.classList.toggle("ended", ended);
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-view], a[data-line]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.line) goTo(link.dataset.line);
  else show(link.dataset.view);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = views[Number(event.key) - 1];
  if (!link) return;
  event.preventDefault();
  show(link.dataset.view);
});

const changes = new EventSource("/changes");
changes.addEventListener("message", (event) => {
  if (event.data !== body.dataset.proof) refresh();
  else tell("follows each save");
});
changes.addEventListener("error", () => tell("the command has ended", true));
if (location.hash.startsWith("#line-")) goTo(location.hash.slice("#line-".length));
