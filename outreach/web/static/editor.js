// Shows in the preview what is typed. Without scripts the preview shows what was saved.
const form = document.querySelector("form[data-preview]");

function said(name) {
  const field = form.elements[name];
  if (!field) return "";
  return field.type === "checkbox" && !field.checked ? "" : field.value;
}

form.addEventListener("input", () => {
  for (const place of form.querySelectorAll("[data-shows]")) place.textContent = said(place.dataset.shows);
  for (const line of form.querySelectorAll("[data-line]")) {
    const [name, wanted] = line.dataset.line.split("=");
    line.hidden = wanted === undefined ? !said(name) : said(name) !== wanted;
  }
});

// A fault may stand in a section that is closed.
for (const link of form.parentElement.querySelectorAll('.note a[href^="#"]')) {
  link.addEventListener("click", () => {
    const around = document.getElementById(link.hash.slice(1))?.closest("details");
    if (around) around.open = true;
  });
}
