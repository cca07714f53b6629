// Reads codes from the camera. One <video> for the whole shift; it is let go while nobody looks.
(() => {
  const box = document.getElementById("camera");
  const scan = document.getElementById("scan");
  const video = box.querySelector("video");
  const blocked = box.querySelector(".blocked");
  const photo = box.querySelector("input[type=file]");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const WIDEST = 960; // pixels: enough for a code held at arm's length, and quick on an old phone
  const PAUSE = 90; // milliseconds between two looks
  const SAME = 3000; // a code still in view is the same visit
  const seen = new Map();
  const sheet = document.getElementById("sheet");
  let stream = null;
  let starting = false;
  let turn = 0;

  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => box.dataset.reader }, fireImmediately: true });

  async function start() {
    if (stream || starting || document.hidden) return;
    starting = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      video.srcObject = stream;
      await video.play();
      show(true);
      look(++turn);
    } catch (refusal) {
      stop();
      show(false);
    } finally {
      starting = false;
      if (document.hidden) stop();
    }
  }

  function stop() {
    turn++;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  }

  function show(works) {
    box.classList.toggle("off", !works);
    blocked.hidden = works;
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
    seen.set(text, now);
    const open = sheet.querySelector("[data-member]")?.dataset.member;
    if (open && text.toUpperCase().endsWith(open)) return; // what staff chose on its sheet stays
    if (again || scan.classList.contains("htmx-request")) return;
    navigator.vibrate?.(30);
    box.classList.add("seen");
    setTimeout(() => box.classList.remove("seen"), 400);
    submit(text);
  }

  function submit(text) {
    scan.elements.code.value = text;
    scan.requestSubmit();
  }

  photo.addEventListener("change", async () => {
    const [file] = photo.files;
    if (!file) return;
    const picture = await createImageBitmap(file);
    const text = await read(picture, picture.width, picture.height);
    photo.value = "";
    submit(text ?? "-"); // nothing readable is answered like any other wrong code
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  start();
})();
