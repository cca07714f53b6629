// Torch and choice of camera, offered where there is something to choose. The picture itself is
// counter-camera.js's business: this file looks at what plays, and asks it to choose again.
(() => {
  const box = document.getElementById("camera");
  const video = box.querySelector("video");
  const torch = box.querySelector("[data-torch]");
  const other = box.querySelector("[data-other]");
  const track = () => video.srcObject?.getVideoTracks()[0];

  async function offer() {
    const playing = track();
    torch.hidden = !playing?.getCapabilities?.().torch;
    torch.setAttribute("aria-pressed", "false"); // each start of the camera puts it out
    other.hidden = !playing || (await cameras()).length < 2;
  }

  async function cameras() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  torch.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    try {
      await track()?.applyConstraints({ advanced: [{ torch: on }] });
      torch.setAttribute("aria-pressed", String(on));
    } catch {
      torch.hidden = true; // offered, and not there after all
    }
  });

  other.addEventListener("click", async () => {
    const all = await cameras();
    const here = all.findIndex((camera) => camera.deviceId === track()?.getSettings().deviceId);
    const next = all[(here + 1) % all.length];
    localStorage.setItem("till.camera", next.deviceId);
    localStorage.removeItem("till.facing"); // known when it plays
    box.dispatchEvent(new Event("choose"));
  });

  video.addEventListener("playing", () => {
    const facing = track()?.getSettings().facingMode;
    if (facing && localStorage.getItem("till.camera")) localStorage.setItem("till.facing", facing);
    offer();
  });
  navigator.mediaDevices?.addEventListener("devicechange", offer);
})();
