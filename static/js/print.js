// "Print": the browser's own dialog. Without this it is in the browser's menu.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}
