// The editors of programmes: a number typed beside "Other number" chooses it, what another choice
// makes pointless is out of sight, and the preview needs no button.
for (const form of document.querySelectorAll("[data-card-form]")) {
  for (const other of form.querySelectorAll("[data-other]")) {
    const group = form.querySelectorAll(`input[name="${other.dataset.other}"]`);
    const pill = [...group].find((radio) => radio.value === "other");
    const row = other.closest(".mb-3");
    const show = () => { row.hidden = !pill.checked; };
    other.addEventListener("input", () => { pill.checked = true; });
    for (const radio of group) {
      radio.addEventListener("change", () => {
        show();
        if (radio === pill) other.focus();
      });
    }
    show();
  }
  // data-when="expiry=earned idle": in sight while one of these is chosen
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split("=");
    const group = [...form.querySelectorAll(`input[name="${name}"]`)];
    const show = () => {
      part.hidden = !group.some((each) => each.checked && values.split(" ").includes(each.value));
    };
    for (const each of group) each.addEventListener("change", show);
    show();
  }
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
}
