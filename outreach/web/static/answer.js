// Counts words while they are typed, as the server does, and opens the print dialogue. Without scripts the pages do all else.
const HAN = /\p{Script=Han}/gu;
function words(text) {
  const rest = text.replace(HAN, " ").split(/\s+/);
  return (text.match(HAN) ?? []).length + rest.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
for (const hint of document.querySelectorAll("[data-words-of]")) {
  const field = document.getElementById(hint.dataset.wordsOf);
  const shown = hint.querySelector("span");
  const count = () => { shown.textContent = words(field.value); };
  field.addEventListener("input", count);
  count();
  hint.hidden = false;
}
for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// Text that was kept in this browser while it was sent goes, as soon as the draft was saved.
const drafted = document.getElementById("revision");
if (drafted) {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(`outreach:${drafted.dataset.of}/`))) {
      const held = JSON.parse(localStorage.getItem(key));
      if (held.sent && Number(drafted.dataset.revision) > held.revision) localStorage.removeItem(key);
    }
  } catch { /* this browser keeps nothing */ }
}
