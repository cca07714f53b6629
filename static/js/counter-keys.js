// A plug-in scanner is a keyboard: it types wherever the cursor is, and then presses Enter.
// Outside a field its keys are gathered here, so that they reach the till and press no button.
(() => {
  const scan = document.getElementById("scan");
  const A_CODE = 6;
  const HAND = 80; // milliseconds between two keys: no hand is as quick as a scanner
  let typed = "";
  let last = 0;

  addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const quick = event.timeStamp - last < HAND;
    last = event.timeStamp;
    if (event.key === "Enter" && quick && typed.length >= A_CODE) {
      event.preventDefault();
      scan.elements.code.value = typed;
      typed = "";
      scan.requestSubmit();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      typed = quick ? typed + event.key : event.key;
      if (quick) event.preventDefault(); // a space in a scan must not press the button in focus
    }
  }, true);
})();
