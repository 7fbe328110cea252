// Figures that change while letters leave, or while a call is launched, are fetched anew every few seconds; where the page has something
// else to offer, it is loaded anew.
const typing = () => [...document.querySelectorAll("input[type=text], textarea")].some((field) => field.value);

async function look(figures, pause) {
  const answer = await fetch(figures.dataset.figures);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, came] = [figures, page].map((from) => from.querySelector("[data-state]"));
  if (came.dataset.state !== here.dataset.state && !typing()) {
    location.reload();
  } else {
    here.replaceWith(came);
    setTimeout(look, pause, figures, pause);
  }
}

for (const figures of document.querySelectorAll("[data-figures]")) {
  const pause = 1000 * (figures.dataset.seconds ?? 5);
  setTimeout(look, pause, figures, pause);
}
for (const link of document.querySelectorAll("[data-by-hand]")) link.hidden = true;
