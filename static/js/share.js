// "Share with a friend": the phone's own share sheet, or the clipboard. Without this the text can
// be selected and copied by hand.
for (const form of document.querySelectorAll("[data-share]")) {
  const text = form.querySelector("textarea");
  const send = form.querySelector("[data-share-send]");
  const copy = form.querySelector("[data-share-copy]");
  const said = form.querySelector("[data-share-said]");

  form.addEventListener("submit", (event) => event.preventDefault());
  send.hidden = !navigator.share;
  send.addEventListener("click", async () => {
    try {
      await navigator.share({ text: text.value });
    } catch {
      text.focus(); // they closed the sheet, or it would not open
    }
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = copy.dataset.done;
    } catch {
      text.select(); // no clipboard: their own keyboard has one
    }
  });
  form.querySelector("[data-share-buttons]").hidden = false;
}
