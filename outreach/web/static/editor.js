// Shows in the preview what is typed. Without scripts the preview shows what was saved.
for (const field of document.querySelectorAll("[data-shown]")) {
  const shown = document.getElementById(field.dataset.shown);
  if (shown) field.addEventListener("input", () => { shown.textContent = field.value; });
}
