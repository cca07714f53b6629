// Follows the device's dark mode when the person has chosen nothing; their choice is already in the page.
const page = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
function follow() {
  if ("followsDevice" in page.dataset) page.dataset.bsTheme = dark.matches ? "dark" : "light";
}
follow();
dark.addEventListener("change", follow);
