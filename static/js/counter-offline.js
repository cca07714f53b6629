// What the till does when there is no answer: it writes every stamp down before sending it, offers
// to save one when a card can't be looked up, and says truthfully how many wait.
(() => {
  const sheet = document.getElementById("sheet");
  const said = document.getElementById("said");
  const tag = document.getElementById("connection");
  const mark = document.querySelector("meta[name=till]");
  const offline = document.getElementById("offline");
  const words = offline.dataset;
  const HALF_A_DAY = 12 * 3600_000; // milliseconds
  const SLOW = 2000; // milliseconds without an answer, after which it is said
  const PATIENCE = 6000; // … and after which it is given up
  const DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"];
  let standing = { waiting: 0, attention: 0, since: Infinity };
  let kept = false; // can this browser keep anything?
  let slow = false; // an answer is overdue

  htmx.config.timeout = PATIENCE;

  // --- Words --------------------------------------------------------------------------------

  const filled = (text, values) => text.replace(/%(\w+)/g, (whole, name) => values[name] ?? whole);
  // Stamps are called so; where anything else is among them, things are only counted.
  const counted = (name, n, mixed = false) => {
    const called = mixed && `${name}Mixed` in words ? `${name}Mixed` : name;
    return filled(n === 1 ? words[called] : words[`${called}Many`], { n });
  };

  function line(text, { good = true, undo = null } = {}) {
    const bar = document.getElementById("offline-line").content.firstElementChild.cloneNode(true);
    bar.classList.toggle("wrong", !good);
    bar.querySelector("[data-good]").hidden = !good;
    bar.querySelector("[data-wrong]").hidden = good;
    bar.querySelector("[data-words]").textContent = text;
    const button = bar.querySelector("button");
    if (undo) button.addEventListener("click", undo);
    else button.remove();
    said.replaceChildren(bar);
    said.dispatchEvent(new Event("said"));
  }

  function show() {
    const { waiting, attention } = standing;
    const now = tillQueue.online;
    const parts = [now ? "" : words.offline, waiting ? counted("waiting", waiting) : "", attention ? counted("attention", attention) : ""];
    tag.textContent = parts.filter(Boolean).join(", ") || (slow ? words.slow : words.online);
    const calm = now && !waiting && !attention && !slow;
    tag.classList.toggle("good", calm);
    tag.classList.toggle("warn", !calm);
  }

  // --- Sheets that need no connection -------------------------------------------------------

  function put(name, prepare = () => {}) {
    const copy = document.getElementById(name).content.cloneNode(true);
    prepare(copy);
    sheet.replaceChildren(copy);
    htmx.process(sheet);
    sheet.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
    sheet.querySelector("[autofocus]")?.focus({ preventScroll: true });
  }

  const spoken = (code) => (code.length === 6 ? `${code.slice(0, 3)}\u00a0${code.slice(3)}` : code);

  function offer(code) {
    put("offline-card", (copy) => {
      copy.querySelectorAll("[data-code]").forEach((place) => { place.textContent = filled(place.textContent, { code: spoken(code) }); });
      copy.querySelectorAll("form").forEach((form) => { form.dataset.code = code; });
    });
  }

  // A card's ten letters, or its six digits; null: neither; "": mistyped.
  function codeIn(text) {
    const tidy = (raw) => raw.toUpperCase().replace(/[^0-9A-Z]/g, "");
    const typed = tidy(text);
    const start = tidy(`${words.host}/S/`);
    const found = typed.includes(start) ? typed.split(start)[1] : typed;
    if (/^[0-9A-HJKMNP-TV-Z]{10}$/.test(found)) return found;
    if (!/^\d{6}$/.test(found)) return null;
    return [...found].reduce((row, digit) => Number(DAMM[row][digit]), 0) === 0 ? found : "";
  }

  function lookUp(form) {
    const text = form.elements.code.value;
    const code = codeIn(text);
    if (code) offer(code);
    else if (code === "") line(words.mistyped, { good: false });
    else line(/^[+\d\s]+$/.test(text) ? words.digits : words.notACard, { good: false });
  }

  // --- Saving -------------------------------------------------------------------------------

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let place = 5; place >= 0; place--) { bytes[place] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = (bytes[6] & 0x0f) | 0x70; // version 7: neighbours in time are neighbours in the index
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function fields(form) {
    const all = Object.fromEntries(new FormData(form));
    delete all.csrfmiddlewaretoken;
    delete all.key;
    return all;
  }

  const asked = (form) => ({ form: fields(form), stamps: tillGiving.stamps(form) ?? 0 });
  const saved = (what) => counted("saved", what.stamps || 1, !what.stamps);

  async function save(form) {
    if ("saved" in form.dataset) return; // a double tap
    form.dataset.saved = "";
    const what = { key: key(), code: form.dataset.code, ...asked(form) };
    try {
      await tillQueue.save(what);
    } catch {
      delete form.dataset.saved;
      line(words.notSaved, { good: false });
      return;
    }
    line(saved(what), { undo: () => takeBack(what.key) });
    put("offline-ready");
    tillQueue.send();
  }

  async function takeBack(key) {
    const good = await tillQueue.cancel(key);
    line(good ? words.undone : words.tooLate, { good });
  }

  // --- Every stamp is written down first ----------------------------------------------------

  document.body.addEventListener("htmx:confirm", (event) => {
    const form = event.target;
    if (form.matches("form.find, #scan") && !tillQueue.online && kept) {
      event.preventDefault();
      lookUp(form);
      tillQueue.send();
    } else if (form.matches("form.stamping") && kept) {
      event.preventDefault();
      const code = sheet.querySelector("[data-member]").dataset.member;
      const send = () => event.detail.issueRequest(true);
      tillQueue.remember({ key: form.elements.key.value, code, ...asked(form) }).then(send, send);
    }
  });

  let timer = 0;
  document.body.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { slow = true; show(); }, SLOW);
  });
  document.body.addEventListener("htmx:afterRequest", () => {
    clearTimeout(timer);
    slow = false;
    show();
  });

  // A hotel's login page is a 200 as well: only what bears our mark is an answer.
  const ours = (xhr) => /^\d+\/\d+$/.test(xhr.getResponseHeader("Till") ?? "");

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (!ours(event.detail.xhr)) event.detail.shouldSwap = event.detail.isError = false;
  });

  // Who asked stands in requestConfig: after a swap `elt` is the sheet, for the form is gone.
  document.body.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig: { elt } } }) => {
    if (ours(xhr)) answered(xhr, elt);
    else if (elt.matches("form.stamping")) unheard(xhr, elt);
    else if (xhr.getResponseHeader("Till") === "-") location.reload();
    else if (xhr.status === 403 && elt.matches("form:not([data-again])")) again(elt);
    else {
      tillQueue.lost();
      if (elt.matches("form.find, #scan") && kept) lookUp(elt);
      else if (elt.matches("form.handing")) line(filled(words[elt.dataset.words], { code: spoken(elt.dataset.code) }), { good: false });
      else line(xhr.status >= 500 ? words.busy : words.noConnection, { good: false });
    }
  });

  function answered(xhr, form) {
    tillQueue.found();
    const who = xhr.getResponseHeader("Till");
    if (mark.content !== who) {
      mark.content = who;
      navigator.serviceWorker?.ready.then(({ active }) => active.postMessage("refresh")); // so does the kept page
    }
    const done = form.matches("form.stamping") && xhr.getResponseHeader("Answered");
    if (done) tillQueue.forget(done);
    if (standing.waiting) tillQueue.send();
  }

  // The page lay open for so long, or is one kept from earlier, that its token ran out.
  async function again(form) {
    form.dataset.again = "";
    await tillQueue.knock();
    form.requestSubmit();
  }

  // Nobody knows whether it arrived. It waits under its own key, so it counts once either way.
  async function unheard(xhr, form) {
    const what = asked(form);
    tillQueue.lost();
    try {
      if (!kept) throw new Error("no memory");
      await tillQueue.wait(form.elements.key.value);
    } catch {
      line(words.noConnection, { good: false });
      return;
    }
    line(saved(what));
    put("offline-ready");
    if (xhr.status) tillQueue.send();
  }

  sheet.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form.saving")) {
      event.preventDefault();
      save(form);
    } else if (form.matches("form.leaving:not([data-again])") && standing.waiting) {
      event.preventDefault(); // whoever taps once more means it; a manager gets them then
      form.dataset.again = "";
      line(counted("waiting", standing.waiting), { good: false });
      tillQueue.send();
    }
  });

  sheet.addEventListener("click", (event) => {
    if (!event.target.closest("[data-ready]")) return;
    event.preventDefault();
    put("offline-ready");
  });

  // --- What waits ---------------------------------------------------------------------------

  function parts({ stamps, form: { amount } }) {
    const found = [stamps ? counted("stamps", stamps) : "", amount ? filled(words.amount, { amount }) : ""].filter(Boolean);
    return found.length ? found : [words.points];
  }

  async function list() {
    const waiting = (await tillQueue.list()).filter((action) => !action.cancelled);
    put("offline-waiting", (copy) => {
      const rows = copy.querySelector("ul");
      const row = rows.firstElementChild;
      const filledIn = waiting.map((action) => {
        const one = row.cloneNode(true);
        one.querySelector("[data-when]").textContent = new Date(action.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        one.querySelector("[data-what]").textContent = [spoken(action.code), ...parts(action)].join(" · ");
        one.querySelector("[data-attention]").hidden = action.state !== "attention";
        return one;
      });
      rows.replaceChildren(...filledIn);
      copy.querySelector("[data-none]").hidden = waiting.length > 0;
      copy.querySelector("[data-some]").hidden = waiting.length === 0;
    });
  }

  tag.addEventListener("click", list);
  document.addEventListener("queue:changed", ({ detail }) => {
    standing = detail;
    show();
    if (sheet.querySelector("[data-none]")) list();
  });
  document.addEventListener("queue:online", show);
  document.addEventListener("queue:sent", ({ detail }) => {
    if (detail.counted) line(counted("sent", detail.counted, detail.mixed));
    if (detail.held) line(counted("held", detail.held, detail.mixed), { good: false });
  });
  document.addEventListener("queue:signed-out", () => location.reload());
  document.addEventListener("queue:door", ({ detail }) => {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = detail.csrf; });
    if (detail.signed_out) location.reload();
  });
  addEventListener("online", show);
  addEventListener("offline", () => { tillQueue.lost(); show(); });

  tillQueue.ready.then(async (works) => {
    kept = works && "serviceWorker" in navigator;
    offline.hidden = kept;
    if (!kept) return;
    navigator.serviceWorker.register(words.worker, { scope: words.scope }).catch(() => {});
    await tillQueue.changed();
    if (Date.now() - standing.since > HALF_A_DAY) line(counted("long", standing.waiting, standing.mixed), { good: false });
    tillQueue.send();
  });
  show();
})();
