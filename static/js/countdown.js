// Keeps the desk's countdowns running, in the words that the server sent with the page. It counts
// from the server's clock: of this machine's only the time that has gone by since is asked.
(() => {
  const desk = document.querySelector("[data-words]");
  if (!desk) return;
  const words = JSON.parse(desk.dataset.words);
  const plural = new Intl.PluralRules(document.documentElement.lang || "en");
  const opened = Date.now();
  const shown = [...desk.querySelectorAll("[data-seconds]")];

  const count = (unit, number) => {
    const form = { one: 0, few: 1 }[plural.select(number)] ?? 2;
    return number ? words[unit][form].replace("%(num)d", number) : "";
  };

  const span = (seconds) => {
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    const rest = days || hours ? 0 : seconds % 60;
    return [["day", days], ["hour", hours], ["minute", minutes], ["second", rest]]
      .map(([unit, number]) => count(unit, number)).filter(Boolean).join(" ");
  };

  const tick = () => {
    const gone = Math.floor((Date.now() - opened) / 1000);
    for (const each of shown) {
      const left = Number(each.dataset.seconds) - gone;
      const text = left > 0 ? words.left[0].replace("%(span)s", span(left)) : words.out[0];
      if (each.textContent !== text) each.textContent = text;
      each.classList.toggle("is-out", left <= 0);
    }
  };
  setInterval(tick, 1000);
  tick();
})();
