// A plug-in scanner is a keyboard: it types wherever the cursor is, quicker than any hand, and ends
// with Enter or Tab. Its keys are gathered here, so that a code reaches the till from every state
// and presses no button on its way. Some scanners begin with a line break, some end with two.
(() => {
  const scan = document.getElementById("scan");
  const sheet = document.getElementById("sheet");
  const HAND = 80; // milliseconds between two keys: no hand is as quick as a scanner
  const A_CODE = 6; // letters at least
  const AN_ADDRESS = 17; // longer than a phone number: in a field, only this is surely no typing
  const FIELD = "input:not([type=radio]):not([type=checkbox]), textarea, select";
  let typed = "";
  let stood = ""; // what the field held before
  let last = 0;
  let taken = -Infinity;
  let waiting = 0;

  addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = event.timeStamp - last < HAND;
    last = event.timeStamp;
    if (event.key === "Enter" || event.key === "Tab") end(event, quick);
    else if (event.key.length === 1) gather(event, quick);
  }, true);

  function gather(event, quick) {
    const field = event.target.closest(FIELD);
    clearTimeout(waiting); // that Enter was the scanner's
    if (!quick) typed = "";
    if (!typed) stood = field?.value ?? "";
    typed += event.key;
    if (quick && !field) event.preventDefault(); // a space must not press the button in focus
  }

  function end(event, quick) {
    const text = quick ? typed : "";
    typed = "";
    if (event.timeStamp - taken < HAND) event.preventDefault(); // the second half of a line end
    else if (text.length >= A_CODE && take(text, event)) taken = event.timeStamp;
    else if (event.key === "Enter" && !event.repeat) hold(event);
  }

  // Is it a code for the till? Then it goes there.
  function take(text, event) {
    const field = event.target.closest(FIELD);
    if (field && text.length < AN_ADDRESS) return findByTab(field, event);
    event.preventDefault();
    if (field) field.value = stood;
    scan.elements.code.value = text;
    scan.requestSubmit();
    return true;
  }

  function findByTab(field, event) {
    if (event.key !== "Tab" || field.name !== "code") return false;
    event.preventDefault();
    field.form.requestSubmit();
    return true;
  }

  // Enter presses what has the focus, a moment later: only if no code follows.
  function hold(event) {
    const button = event.target.closest("button, a[href], summary");
    const form = event.target.closest("input:not([type=file])")?.form;
    const pressed = button ?? form?.querySelector("button:not([type=button])");
    if (!pressed) return;
    event.preventDefault();
    clearTimeout(waiting);
    waiting = setTimeout(() => pressed.click(), HAND);
  }

  // An open sheet may want the next code for itself: merging two cards asks for the second one.
  scan.addEventListener("htmx:configRequest", (event) => {
    event.detail.path = sheet.firstElementChild?.dataset.scan ?? event.detail.path;
  });
})();
