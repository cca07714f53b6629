// What the till adds to its plain forms: the line stays ten seconds, the camera shrinks beside an
// open card.
(() => {
  const sheet = document.getElementById("sheet");
  const said = document.getElementById("said");
  const camera = document.getElementById("camera");
  const LINE_STAYS = 10_000;
  let saidAt = Date.now();
  let clearing = 0;

  function settle() {
    const open = Boolean(sheet.querySelector("[data-member]"));
    camera.classList.toggle("small", open);
    if (open) clearLineInTime();
  }

  // The line may be undone until the next card, and for ten seconds at least.
  function clearLineInTime() {
    clearTimeout(clearing);
    const line = said.firstElementChild;
    if (!line) return;
    clearing = setTimeout(() => { if (line.isConnected) line.remove(); }, Math.max(0, saidAt + LINE_STAYS - Date.now()));
  }

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== sheet) return;
    settle();
    scrollTo(0, 0); // a new sheet begins at its top, below the line about what was done
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target === said) { clearTimeout(clearing); saidAt = Date.now(); }
  });
  said.addEventListener("said", () => { clearTimeout(clearing); saidAt = Date.now(); });
  document.querySelector(".counter-head .menu").addEventListener("click", (event) => {
    if (event.target.closest("a")) event.currentTarget.open = false;
  });
  settle();
})();
