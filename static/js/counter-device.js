// This device: its screen stays awake, what the camera read is heard and felt, light or dark.
// What was chosen stands in cookies, so that it holds at once and the page goes on.
(() => {
  const page = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = (name) => document.cookie.match(`(?:^|; )(?:__Host-)?${name}=([^;]*)`)?.[1] ?? "";
  let voice = null;

  async function stayAwake() {
    if (document.hidden) return; // the lock went with the page, and comes back with it
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // Battery saver: then the screen goes dark as on any page.
    }
  }

  // Browsers let a page speak only after a tap.
  function getVoice() {
    if (chosen("sound") !== "on") return;
    voice ??= new AudioContext();
    if (voice.state !== "running") voice.resume();
  }

  function beep() {
    if (chosen("sound") !== "on" || voice?.state !== "running") return;
    const now = voice.currentTime;
    const tone = new OscillatorNode(voice, { frequency: 1320 });
    const volume = new GainNode(voice, { gain: 0.2 });
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.12); // without a click at its end
    tone.connect(volume).connect(voice.destination);
    tone.start(now);
    tone.stop(now + 0.12);
  }

  function wear() {
    const theme = chosen("theme");
    page.toggleAttribute("data-follows-device", !theme);
    page.dataset.bsTheme = theme || (dark.matches ? "dark" : "light");
  }

  document.getElementById("camera").addEventListener("read", () => {
    if (chosen("vibration") !== "off") navigator.vibrate?.(30);
    beep();
  });
  document.body.addEventListener("htmx:afterSwap", wear);
  document.addEventListener("click", getVoice, true);
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  wear(); // a page the device kept may look as it was chosen once
})();
