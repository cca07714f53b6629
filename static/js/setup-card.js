// The card editor: a number typed beside "Other number" chooses it, and the preview needs no button.
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
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
}
