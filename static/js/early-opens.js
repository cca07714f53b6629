// Looks again the second something opens, however long the page has been waiting for it. The
// server alone decides whether it is open: this only asks.
const LONGEST = 2 ** 31 - 1; // milliseconds a timer can wait
const refresh = document.querySelector("[data-live-refresh]");
const opens = document.querySelector("[data-opens-in]");

if (opens && opens.dataset.opensIn * 1000 < LONGEST) {
  setTimeout(() => refresh.click(), opens.dataset.opensIn * 1000);
  document.querySelector("[data-opens-by-itself]")?.removeAttribute("hidden");
}
