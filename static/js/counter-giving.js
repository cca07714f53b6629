// What a tap will give, said before it: the main button follows the pills and the amount, and a pad
// of large keys types for those who have no keyboard. The server reckons again; it decides.
//
//   tillGiving.follow(form)          the button, and the line about points, say what stands there now
//   tillGiving.points(rules, bought) whole points for a purchase, as PointRules.points_for has them
//   tillGiving.minor(typed)          an amount in minor units; null: it can't be read yet
//   tillGiving.stamps(form)          how many a form gives; null: it gives no stamps
const tillGiving = (() => {
  const sheet = document.getElementById("sheet");
  const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ",", "0", "\u232b"];
  const LONGEST = 9; // figures of an amount, the comma among them
  const filled = (words, values) => words.replace(/%(\w+)/g, (whole, name) => values[name] ?? whole);

  // --- Figures ------------------------------------------------------------------------------

  // Whole numbers throughout, rounded down once: no fraction of a browser's comes near it. A level
  // multiplies what was bought, and nothing else.
  function points({ num, den, minimum, visit, item, percent = 100 }, { amount = 0, items = 0, bought = true, done = 0 }) {
    if (!bought || amount < minimum) return done;
    const apart = BigInt(Number(visit) + item * items) * BigInt(den);
    const earned = (BigInt(num) * BigInt(amount) + apart) * BigInt(percent);
    return Number(earned / (BigInt(den) * 100n)) + done;
  }

  function minor(typed) {
    const tidy = typed.replace(/[\s\u00a0]/g, "").replace(",", ".");
    if (!/^(?=.*\d)\d*\.?\d{0,2}$/.test(tidy)) return null;
    const [whole, part = ""] = tidy.split(".");
    return Number(whole || 0) * 100 + Number(part.padEnd(2, "0"));
  }

  function purchase(form) {
    const field = form.elements.amount;
    const amount = field ? minor(field.value) ?? 0 : 0;
    const pills = form.elements.items;
    const items = pills ? Number(pills.value) : 0;
    const ticked = [...form.querySelectorAll("[data-points]:checked")];
    const done = ticked.reduce((sum, box) => sum + Number(box.dataset.points), 0);
    return { amount, items, done, bought: form.matches("form:not(.earning)") || !field || amount > 0 || items > 0 };
  }

  function words(n, { one, many, thousands }) {
    const shown = String(n).replace(/\B(?=(\d{3})+$)/g, thousands);
    return (n === 1 ? one : many).replace("%n", shown);
  }

  // --- The button and the line --------------------------------------------------------------

  const chosen = (form) => form.querySelector("[name=count]:checked, [name=count][type=hidden]");

  function stamps(form) {
    if (!form.elements.count) return null;
    return Number(form.elements.count.value) + (form.elements.extra?.checked ? 1 : 0);
  }

  function follow(form) {
    const button = form.querySelector("[data-gives]");
    if (!button) return;
    const rules = "figure" in form.dataset ? form.dataset : null;
    const bought = purchase(form);
    const n = rules ? points(rules, bought) : 0;
    if (form.matches(".earning")) earn(form, button, n, bought);
    if (asked(form, bought)) button.textContent = button.dataset.yes;
    else if (chosen(form)) button.textContent = withPoints(form, chosen(form).dataset.says, n);
  }

  // Staff were asked whether so much was paid, and changed nothing since.
  const asked = (form, { amount }) => Number(form.elements.sure?.value) > 0 && Number(form.elements.sure.value) === amount;

  function withPoints(form, give, n) {
    return n ? filled(form.dataset.and, { give, points: words(n, form.dataset) }) : give;
  }

  function earn(form, button, n, { amount }) {
    const { live, line, nothing, type } = form.dataset;
    const typed = form.elements.amount;
    const told = { points: words(n, form.dataset) };
    button.disabled = n === 0;
    button.textContent = n || amount || !typed ? filled(live, told) : type;
    const tells = form.querySelector("[data-tells]");
    if (tells) tells.textContent = n ? filled(line, told) : amount ? nothing : "\u00a0"; // keeps its room
  }

  // --- The pad ------------------------------------------------------------------------------

  function lay(pad) {
    const field = pad.closest("form").elements.amount;
    field.inputMode = "none"; // the keys of the screen would lie over these
    pad.hidden = false;
    pad.replaceChildren(...KEYS.map((sign) => key(sign, field, pad.dataset.delete)));
  }

  function key(sign, field, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = sign;
    if (sign === KEYS.at(-1)) button.ariaLabel = name;
    button.addEventListener("click", () => {
      field.value = after(field.value, sign);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  }

  // What stands there after a key. One that would make no amount changes nothing.
  function after(typed, sign) {
    if (sign === KEYS.at(-1)) return typed.slice(0, -1);
    const next = sign === "," && !typed ? "0," : typed === "0" && sign !== "," ? sign : typed + sign;
    return next.length > LONGEST || minor(next) === null ? typed : next;
  }

  function settle() {
    sheet.querySelectorAll("[data-pad]").forEach(lay);
    sheet.querySelectorAll("form.stamping").forEach(follow);
  }

  // Where there is a keyboard, it types the amount at once.
  function focus() {
    const loud = sheet.querySelector(".earning .btn-xl")?.closest("form").elements.amount;
    if (loud && matchMedia("(hover: hover) and (pointer: fine)").matches) loud.focus({ preventScroll: true });
  }

  for (const happened of ["change", "input"]) {
    sheet.addEventListener(happened, (event) => {
      const form = event.target.closest("form.stamping");
      if (form) follow(form);
    });
  }
  sheet.addEventListener("click", (event) => {
    const change = event.target.closest("[data-change]");
    if (!change) return;
    event.preventDefault();
    const form = change.closest("form");
    form.elements.sure.value = "";
    change.remove();
    follow(form);
    form.elements.amount.select();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.target === sheet) settle(); });
  document.body.addEventListener("htmx:afterSettle", focus); // after what has `autofocus` got it
  settle();
  focus();
  return { follow, points, minor, stamps };
})();
