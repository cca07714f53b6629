// A device that is no counter any more shows nothing from memory, and still hands in what it saved.
(() => {
  const safe = document.getElementById("safe");
  document.addEventListener("queue:changed", ({ detail }) => {
    const n = detail.waiting + detail.attention;
    safe.hidden = n === 0;
    safe.textContent = n === 1 ? safe.dataset.safe : safe.dataset.safeMany.replace("%n", n);
  });
  self.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
  tillQueue.ready.then((works) => {
    if (works) tillQueue.changed().then(tillQueue.send);
  });
})();
