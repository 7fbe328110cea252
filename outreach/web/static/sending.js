// Figures that change while letters leave are fetched anew every few seconds; where the page has something else to offer, it is loaded anew.
const figures = document.querySelector("[data-figures]");
const typing = () => [...document.querySelectorAll("input[type=text], textarea")].some((field) => field.value);

async function look() {
  const answer = await fetch(figures.dataset.figures);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, came] = [figures, page].map((from) => from.querySelector("[data-state]"));
  if (came.dataset.state !== here.dataset.state && !typing()) {
    location.reload();
  } else {
    here.replaceWith(came);
    setTimeout(look, 5000);
  }
}

if (figures) {
  document.querySelector("[data-by-hand]")?.setAttribute("hidden", "");
  setTimeout(look, 5000);
}
