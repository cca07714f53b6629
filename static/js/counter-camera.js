// Reads codes from the camera. One <video> for the whole shift; it is let go while nobody looks.
(() => {
  const box = document.getElementById("camera");
  const scan = document.getElementById("scan");
  const sheet = document.getElementById("sheet");
  const video = box.querySelector("video");
  const photo = box.querySelector("input[type=file]");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const WIDEST = 960; // pixels: enough for a code held at arm's length, and quick on an old phone
  const PAUSE = 90; // milliseconds between two looks
  const SAME = 3000; // a code still in view is the same visit
  const BACK = "environment"; // the camera that looks away from whoever holds the phone
  const seen = new Map();
  let stream = null;
  let starting = false;
  let turn = 0;

  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => box.dataset.reader }, fireImmediately: true });

  async function start() {
    if (stream || starting || document.hidden) return;
    starting = true;
    try {
      const before = await permission();
      stream = await open();
      stream.getVideoTracks()[0].addEventListener("ended", restart); // pulled out, or a call came in
      video.srcObject = stream;
      await video.play();
      explain("");
      welcome(before);
      look(++turn);
    } catch (refusal) {
      stop();
      explain(refusal.name === "NotFoundError" ? "none" : "blocked");
    } finally {
      starting = false;
      if (document.hidden) stop();
    }
  }

  // The one chosen on this device, by its name or else by the way it looks: iPhones rename theirs.
  async function open() {
    const chosen = localStorage.getItem("till.camera");
    const likely = { facingMode: localStorage.getItem("till.facing") || BACK };
    try {
      return await ask(chosen ? { deviceId: { exact: chosen } } : likely);
    } catch (refusal) {
      if (!chosen || refusal.name === "NotAllowedError") throw refusal;
      return ask(likely);
    }
  }

  function ask(which) {
    if (!navigator.mediaDevices) throw new DOMException("No camera without https", "NotFoundError");
    const video = { ...which, width: { ideal: 1280 }, height: { ideal: 720 } };
    return navigator.mediaDevices.getUserMedia({ audio: false, video });
  }

  async function permission() {
    try {
      const state = await navigator.permissions.query({ name: "camera" });
      state.onchange = () => { if (state.state === "granted") start(); };
      return state.state;
    } catch {
      return ""; // an older browser does not tell
    }
  }

  function stop() {
    turn++;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  }

  function restart() {
    stop();
    start();
  }

  // Why there is no picture; "": there is one.
  function explain(why) {
    box.classList.toggle("off", Boolean(why));
    box.querySelector(".blocked").hidden = !why;
    for (const words of box.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
  }

  // A device that had allowed the camera and was asked again learns, once, how to end that.
  function welcome(before) {
    const ready = sheet.querySelector(".find"); // beside an open card nobody would read it
    const asked = ready && before === "prompt" && localStorage.getItem("till.allowed") === "yes";
    localStorage.setItem("till.allowed", asked ? "told" : localStorage.getItem("till.allowed") ?? "yes");
    hint(asked ? "tired" : localStorage.getItem("till.read") ? "" : "first");
  }

  function hint(which) {
    for (const words of box.querySelectorAll("[data-hint]")) words.hidden = words.dataset.hint !== which;
  }

  async function look(mine) {
    if (mine !== turn) return;
    if (video.readyState >= video.HAVE_CURRENT_DATA && video.videoWidth) {
      const text = await read(video, video.videoWidth, video.videoHeight);
      if (text && mine === turn) hit(text);
    }
    setTimeout(look, PAUSE, mine);
  }

  async function read(picture, width, height) {
    const scale = Math.min(1, WIDEST / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(
      pen.getImageData(0, 0, canvas.width, canvas.height),
      { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 },
    );
    return found.find((code) => code.isValid)?.text;
  }

  function hit(text) {
    const now = Date.now();
    const again = now - (seen.get(text) ?? 0) < SAME;
    if (!again && document.querySelector(".htmx-request")) return; // its turn comes at the next look
    seen.set(text, now);
    const open = sheet.querySelector("[data-member]")?.dataset.member;
    if (open && text.toUpperCase().endsWith(open)) return; // what staff chose on its sheet stays
    if (again) return;
    localStorage.setItem("till.read", "yes");
    hint("");
    box.classList.add("seen");
    setTimeout(() => box.classList.remove("seen"), 400);
    box.dispatchEvent(new Event("read"));
    submit(text);
  }

  function submit(text) {
    scan.elements.code.value = text;
    scan.requestSubmit();
  }

  async function develop(file) {
    try {
      const picture = await createImageBitmap(file);
      return await read(picture, picture.width, picture.height);
    } catch {
      return ""; // not a picture this browser can open
    }
  }

  photo.addEventListener("change", async () => {
    const [file] = photo.files;
    if (!file) return;
    const text = await develop(file);
    photo.value = "";
    submit(text || "-"); // nothing readable is answered like any other wrong code
  });
  box.addEventListener("choose", restart); // another camera: counter-lens.js
  navigator.mediaDevices?.addEventListener("devicechange", start); // one was plugged in
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  start();
})();
