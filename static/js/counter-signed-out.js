// A device that is no counter any more shows nothing from memory, and still hands in what it saved.
(() => {
  const safe = document.getElementById("safe");
  document.addEventListener("queue:changed", ({ detail }) => {
    const n = detail.waiting + detail.attention;
    safe.hidden = n === 0;
    const words = safe.dataset;
    const many = detail.mixed ? words.safeMixedMany : words.safeMany;
    safe.textContent = n > 1 ? many.replace("%n", n) : detail.mixed ? words.safeMixed : words.safe;
  });
  self.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
  tillQueue.ready.then((works) => {
    if (works) tillQueue.changed().then(tillQueue.send);
  });
})();
