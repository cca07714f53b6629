// Keeps an open card page up to date: asks every two seconds whether something happened, while
// somebody looks, and for two minutes at most. Without it the page has a plain "Refresh" link.
const EVERY = 2000;
const AT_MOST = 120000;
const SHOWN_FOR = 4000;

const page = document.querySelector("[data-live]");
const find = (name) => page.querySelector(`[data-live-${name}]`);
const refresh = find("refresh");
let since = 0;
let turn = 0; // of all who ask, only the latest goes on asking
let showing;

function start() {
  since = Date.now();
  refresh.hidden = true;
  ask(++turn);
}

function rest() {
  refresh.textContent = refresh.dataset.tap;
  refresh.hidden = false;
}

async function ask(mine) {
  if (mine !== turn || document.hidden) return; // starts again when somebody looks
  const address = new URL(page.dataset.live, location.href);
  address.searchParams.set("seen", page.dataset.seen);
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const html = answer.status === 200 ? await answer.text() : "";
    if (mine !== turn) return;
    offline(false);
    if (html) take(html);
  } catch {
    offline(true);
  }
  if (Date.now() - since < AT_MOST) setTimeout(ask, EVERY, mine);
  else rest();
}

function offline(is) {
  find("offline")?.toggleAttribute("hidden", !is);
  find("online")?.toggleAttribute("hidden", is);
}

function take(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const news = holder.content.firstElementChild;
  const { seen, words, who, code } = news.dataset;
  // A new code needs a new QR, and the address may be another one now.
  if (code !== page.dataset.code) return location.reload();
  page.dataset.seen = seen;
  if (find("part")) find("part").replaceChildren(news);
  else if (words) showInstead(news);
  if (who) find("who").textContent = who;
  if (words) find("words").textContent = words; // role=status says it, once
  stopRings();
}

// The ring of a used reward turns for a minute: on a screenshot it stands still.
function stopRings() {
  for (const ring of page.querySelectorAll("[data-ends-after]")) {
    setTimeout(() => ring.remove(), ring.dataset.endsAfter * 1000);
  }
}

// The card with its new stamp takes the place of the QR for a moment.
function showInstead(news) {
  find("news").replaceChildren(news);
  find("rest").hidden = true;
  clearTimeout(showing);
  showing = setTimeout(() => {
    find("news").replaceChildren();
    find("rest").hidden = false;
  }, SHOWN_FOR);
}

refresh.addEventListener("click", (event) => {
  event.preventDefault();
  start();
});
document.addEventListener("visibilitychange", () => document.hidden || start());
addEventListener("pageshow", (event) => event.persisted && start());
stopRings();
start();
