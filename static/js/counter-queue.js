// The memory of a till: every stamp is written here before it is sent, and stays until an answer of
// ours repeats its key. What can't be sent waits, with a number of its own; the numbers of a device
// have no gap, so the server notices what was lost. No names, no balances: codes, counts and times.
//
//   tillQueue.ready            resolves to true if this browser can keep anything
//   tillQueue.remember(what)   before sending: {key, code, form, stamps}; staff and time are added
//   tillQueue.wait(key)        it could not be sent, or nobody knows: it waits, and gets its number
//   tillQueue.save(what)       both at once, without a connection
//   tillQueue.forget(key)      the server answered
//   tillQueue.cancel(key)      undone before it was ever sent; false: too late
//   tillQueue.send()           hand in what waits
//   tillQueue.knock()          is the site there? Brings a fresh token
//
// On the document: "queue:changed" {waiting, attention, since, mixed}, "queue:online" {online},
// "queue:sent" {counted, held, mixed}, "queue:door" {csrf, signed_out}, "queue:signed-out".
// These numbers are stamps: one action may hold three. One that gives points alone holds none and
// counts as one thing; `mixed` says that there are such.
const tillQueue = (() => {
  const HERE = "/c/queue/";
  const EVERY = 15_000; // milliseconds between two tries
  const PATIENCE = 8_000; // milliseconds an answer may take
  const YEAR = 365 * 24 * 3600; // seconds
  const MANY = 1000; // actions: more than a day at a busy counter
  const LONG_SLEEP = 30 * 24 * 3600_000; // milliseconds
  const MINUTES = 2 * 60_000;
  const mark = document.querySelector("meta[name=till]"); // counter/staff; absent when signed out
  const life = crypto.randomUUID?.() ?? ""; // of this page
  let online = true;
  let store = "";
  let timer = 0;

  // --- IndexedDB, as promises ---------------------------------------------------------------

  const asked = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

  function open() {
    const request = indexedDB.open("till", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("actions", { keyPath: "key" });
      request.result.createObjectStore("facts");
    };
    return asked(request);
  }

  // Everything one step does happens together or not at all, and is on the disk when it resolves.
  async function together(mode, step) {
    const database = await memory;
    const transaction = database.transaction(["actions", "facts"], mode, { durability: "strict" });
    const done = new Promise((yes, no) => {
      transaction.oncomplete = yes;
      transaction.onabort = transaction.onerror = () => no(transaction.error);
    });
    const result = await step(transaction.objectStore("actions"), transaction.objectStore("facts"));
    await done;
    return result;
  }

  const memory = crypto.randomUUID && navigator.locks && self.indexedDB ? open() : Promise.reject(new Error("none"));
  const ready = memory.then(begin).then(() => true, () => false);

  async function begin() {
    navigator.locks.request(`life-${life}`, () => new Promise(() => {})); // held while the page lives
    store = await together("readwrite", async (actions, facts) => {
      const known = await asked(facts.get("store"));
      if (!known) facts.put(crypto.randomUUID(), "store");
      return known ?? asked(facts.get("store"));
    });
  }

  // --- Numbers ------------------------------------------------------------------------------

  const safely = location.protocol === "https:" ? "__Secure-" : "";

  // Beside the memory stands a cookie, which survives when a browser clears the one and not the other.
  function told(counter) {
    const mine = document.cookie.split("; ").find((crumb) => crumb.startsWith(`${safely}given-${counter}=`));
    return Number(mine?.split("=")[1] ?? 0);
  }

  function tell(counter, given) {
    const safe = safely && "; Secure";
    document.cookie = `${safely}given-${counter}=${given}; path=/c/; max-age=${YEAR}; SameSite=Lax${safe}`;
  }

  async function highest(facts, counter) {
    return Math.max((await asked(facts.get(`given-${counter}`))) ?? 0, told(counter));
  }

  async function number(action, actions, facts) {
    const numbered = { ...action, seq: (await highest(facts, action.counter)) + 1, state: "waiting" };
    facts.put(numbered.seq, `given-${action.counter}`);
    actions.put(numbered);
    return numbered;
  }

  // --- What can happen to an action ---------------------------------------------------------

  function made(what) {
    const [counter, staff] = mark.content.split("/").map(Number);
    return { ...what, counter, staff: staff || null, at: Date.now(), steady: performance.now(), life, state: "sending", tried: true };
  }

  const remember = (what) => together("readwrite", (actions) => { actions.put(made(what)); });

  async function wait(key) {
    const numbered = await together("readwrite", async (actions, facts) => {
      const action = await asked(actions.get(key));
      if (!action) throw new Error("It was never written down.");
      return action.state === "sending" ? number(action, actions, facts) : null;
    });
    if (numbered) tell(numbered.counter, numbered.seq);
    await changed();
  }

  async function save(what) {
    navigator.storage?.persist?.();
    const action = { ...made(what), tried: false };
    const numbered = await together("readwrite", (actions, facts) => number(action, actions, facts));
    tell(numbered.counter, numbered.seq);
    await changed();
  }

  // What has a number by now is handed in with it: it counts once all the same, and leaves no gap.
  const forget = (key) => together("readwrite", async (actions) => {
    const action = await asked(actions.get(key));
    if (action?.state === "sending") actions.delete(key);
  }).then(changed);

  async function cancel(key) {
    const done = await together("readwrite", async (actions) => {
      const action = await asked(actions.get(key));
      if (!action || action.tried) return false;
      actions.put({ ...action, cancelled: true }); // its number is still handed in
      return true;
    });
    await changed();
    return done;
  }

  // An older page of ours wrote down only the form.
  const complete = (action) => ({ ...action, stamps: action.stamps ?? (Number(action.form.count) || 1) });
  const all = async () => (await together("readonly", (actions) => asked(actions.getAll(null, MANY)))).map(complete);
  const things = (actions) => actions.reduce((sum, action) => sum + (action.stamps || 1), 0);
  const mixed = (actions) => actions.some((action) => !action.stamps);
  const inOrder = (actions) => actions.filter((action) => action.seq).sort((one, two) => one.seq - two.seq);

  async function changed() {
    const standing = inOrder(await all()).filter((action) => !action.cancelled);
    const attention = things(standing.filter((action) => action.state === "attention"));
    const since = Math.min(...standing.map((action) => action.at));
    say("queue:changed", { waiting: things(standing) - attention, attention, since, mixed: mixed(standing) });
  }

  function say(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }

  function connected(now) {
    if (now !== online) {
      online = now;
      say("queue:online", { online });
    }
  }

  // --- Sending ------------------------------------------------------------------------------

  // A page that died between writing and hearing the answer left its action behind.
  async function adopt() {
    const alive = (await navigator.locks.query()).held.map((lock) => lock.name);
    const left = (await all()).filter((action) => action.state === "sending" && !alive.includes(`life-${action.life}`));
    for (const action of left) await wait(action.key);
  }

  async function send() {
    clearTimeout(timer);
    if (!(await ready)) return;
    await navigator.locks.request("till-queue", { ifAvailable: true }, async (mine) => {
      if (mine) await handIn();
    });
    const left = inOrder(await all()).length;
    if (left || !online) timer = setTimeout(send, EVERY);
  }

  async function handIn() {
    await adopt();
    const door = await knock();
    if (!door) return;
    const before = inOrder(await all());
    const sum = { counted: 0, held: 0, mixed: mixed(before) };
    if (!before.length) await hand(door, null);
    for (const action of before) {
      const answer = await hand(door, action);
      await changed();
      if (answer === "stop") break;
      if (["counted", "held"].includes(answer) && !action.cancelled) sum[answer] += action.stamps || 1;
    }
    if (sum.counted || sum.held) say("queue:sent", sum);
  }

  // Is anybody there, and is it us? A hotel's login page is a 200 as well.
  async function knock() {
    const { status, body } = await talk(HERE, {});
    const ours = body && "till" in body;
    connected(Boolean(ours));
    if (status === 401 && ours) say("queue:signed-out", {});
    const door = status === 200 && body?.csrf ? body : null;
    if (door) say("queue:door", door); // a fresh token for the page's own forms
    return door;
  }

  async function hand(door, listed) {
    const action = listed && (await taken(listed.key));
    const { status, body } = await talk(HERE, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": door.csrf },
      body: JSON.stringify(await message(door.till, action)),
    });
    if (body?.given) await learn(door.till, body.given);
    if (!action) return "";
    if (status >= 200 && status < 300 && body?.key === action.key) {
      await together("readwrite", (actions) => { actions.delete(action.key); });
      return body.state;
    }
    // Our own server read it and can't take it: somebody must look. Anything else is no decision.
    if (body && "till" in body && [400, 404, 409].includes(status)) {
      await together("readwrite", (actions) => { actions.put({ ...action, state: "attention" }); });
      return "attention";
    }
    connected(status > 0 && status < 500);
    return status === 500 ? "next" : "stop"; // one that breaks the server must not hold up the others
  }

  // From here on it may have arrived, so it can't be cancelled here any more.
  function taken(key) {
    return together("readwrite", async (actions) => {
      const action = await asked(actions.get(key));
      if (action) actions.put({ ...action, tried: true });
      return action ?? null;
    });
  }

  function message(counter, action) {
    return together("readonly", async (actions, facts) => {
      const mine = inOrder(await asked(actions.getAll(null, MANY))).filter((each) => each.counter === counter);
      const report = { store, given: await highest(facts, counter), waiting: mine.map((each) => each.seq) };
      return action ? { ...report, item: item(action) } : report;
    });
  }

  function item(action) {
    const { key, seq, counter, code, staff, form, cancelled = false } = action;
    return { key, seq, counter, code, staff, form, cancelled, age: Math.round(age(action)), now: Date.now() };
  }

  // The page's own clock can't be changed, but stands still while a device sleeps. So the device's
  // clock decides, unless it says what no sleep explains; what is a day old goes to a manager anyway.
  function age(action) {
    const wall = Date.now() - action.at;
    if (action.life !== life) return wall;
    const steady = performance.now() - action.steady;
    return wall < steady - MINUTES || wall > steady + LONG_SLEEP ? steady : wall;
  }

  async function learn(counter, given) {
    const top = await together("readwrite", async (actions, facts) => {
      const known = Math.max(await highest(facts, counter), given);
      facts.put(known, `given-${counter}`);
      return known;
    });
    tell(counter, top);
  }

  // The status and our JSON; status 0: no answer, or not one of ours.
  async function talk(address, options) {
    const late = new AbortController();
    const alarm = setTimeout(() => late.abort(), PATIENCE);
    try {
      const response = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error", signal: late.signal, ...options });
      const text = await response.text();
      return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : null };
    } catch {
      return { status: 0, body: null };
    } finally {
      clearTimeout(alarm);
    }
  }

  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  return {
    ready, remember, wait, save, forget, cancel, send, knock, changed,
    list: async () => inOrder(await all()),
    lost: () => { connected(false); clearTimeout(timer); timer = setTimeout(send, EVERY); },
    found: () => connected(true),
    get online() { return online && navigator.onLine; },
  };
})();
