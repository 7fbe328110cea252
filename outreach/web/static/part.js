// A part while it is filled in: what follows from an answer shows at once (htmx asks the server), and text that could not be saved
// is kept in this browser until it is. Without scripts the buttons of the page do all of it.
const form = document.getElementById("part");
if (form.hasAttribute("hx-post")) {
  const key = `outreach:${location.pathname}`;
  const revision = Number(document.getElementById("revision").dataset.revision);
  const own = new Set(["csrf_token", "seen", "only", "do"]);
  const typed = () => [...new FormData(form)]
    .filter(([name, value]) => !own.has(name) && typeof value === "string")
    .map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]);
  const keep = (sent) => {
    try { localStorage.setItem(key, JSON.stringify({ sent, revision, seen: form.elements.seen.value, fields: typed() })); } catch { /* no room */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* not allowed */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

  // What is asked now
  const stand = () => {
    const now = document.getElementById("standing").dataset;
    for (const [names, asked] of [[now.askedNow, "yes"], [now.unaskedNow, "no"]]) {
      for (const name of names.split(" ").filter(Boolean)) {
        for (const shown of form.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)) shown.dataset.asked = asked;
      }
    }
  };

  // Saving while typing
  const AGAIN = 15000;
  let busy = false, waiting;
  const save = () => form.dispatchEvent(new Event("change", { bubbles: true }));
  const unsaved = () => {
    const line = document.getElementById("saved");
    if (line.textContent !== form.dataset.unsaved) {
      line.className = "missing";
      line.dataset.saved = "no";
      line.setAttribute("role", "alert");
      line.textContent = form.dataset.unsaved;
    }
    clearTimeout(waiting);
    waiting = setTimeout(save, AGAIN);
  };
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) form.addEventListener(failed, unsaved);
  window.addEventListener("online", () => { if (document.getElementById("saved").dataset.saved === "no") save(); });
  form.addEventListener("input", () => keep(false));
  form.addEventListener("htmx:configRequest", ({ detail }) => {
    // Files leave by the button alone.
    for (const [name, value] of [...detail.formData]) if (value instanceof File) detail.formData.delete(name);
  });
  form.addEventListener("htmx:beforeRequest", () => { busy = true; });
  form.addEventListener("htmx:afterRequest", (event) => {
    busy = false;
    if (!event.detail.successful) return;
    clearTimeout(waiting);
    stand();
    if (document.getElementById("saved").dataset.saved === "yes") forget();
  });
  document.body.addEventListener("htmx:oobAfterSwap", stand);
  form.addEventListener("submit", (event) => {
    keep(true);
    if (!navigator.onLine) {
      // The browser would show a page of its own in place of what was typed.
      event.preventDefault();
      unsaved();
      return;
    }
    if (!busy) return;
    // What is being saved is the same text: sent twice at once, it would look like two people's.
    event.preventDefault();
    const button = event.submitter;
    let gone = false;
    const go = () => { if (!gone) { gone = true; busy = false; form.requestSubmit(button); } };
    form.addEventListener("htmx:afterRequest", () => setTimeout(go), { once: true });
    setTimeout(go, 8000);
  });

  // Text that an earlier visit could not save
  const before = kept();
  if (before) {
    const same = JSON.stringify(before.fields) === JSON.stringify(typed());
    if (same || (before.sent && before.seen !== form.elements.seen.value)) forget();
    else offer(before);
  }
  function offer(held) {
    const note = document.createElement("div");
    note.className = "note amber";
    note.setAttribute("role", "alert");
    const said = document.createElement("p");
    said.textContent = form.dataset.keeps;
    const row = document.createElement("p");
    row.className = "row";
    for (const [label, act] of [[form.dataset.back, () => put(held.fields)], [form.dataset.drop, forget]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn quiet small";
      button.textContent = label;
      button.addEventListener("click", () => { act(); note.remove(); });
      row.append(button);
    }
    note.append(said, row);
    form.prepend(note);
  }
  function put(fields) {
    const values = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : fields.reduce((all, pair) => all.set(pair[0], [...(all.get(pair[0]) ?? []), pair]), new Map());
    for (const field of form.elements) {
      const held = (values.get(field.name) ?? []).map(([, value]) => value);
      if (!field.name || own.has(field.name) || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON" || field.tagName === "FIELDSET") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = held.includes(field.value);
      else if (held.length) { field.value = held[0]; values.set(field.name, values.get(field.name).slice(1)); }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
