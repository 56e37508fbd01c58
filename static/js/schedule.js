// Shows a release time in every zone while it is typed. Whoever has no script is shown the same
// on a second step. The server does the reckoning for both: clock changes have one rule.
(() => {
  const times = document.getElementById("release-times");
  if (!times) return;
  const form = times.closest("form");
  const TYPED = ["release_at", "zone", "which"];
  let asked = 0;
  let waiting;

  async function refresh(typed) {
    const mine = ++asked;
    const given = new FormData(form);
    const sent = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", ...TYPED]) {
      if (given.has(name)) sent.append(name, given.get(name));
    }
    let html;
    try {
      // An expired session answers with a redirect to its sign-in page: not what was asked for.
      const answer = await fetch(times.dataset.url, { method: "POST", body: sent, redirect: "error" });
      if (!answer.ok) return;
      html = await answer.text();
    } catch {
      return; // what is on screen stays; the server compares it with what is sent
    }
    if (mine !== asked) return;
    const focused = times.contains(document.activeElement) ? document.activeElement.id : "";
    // What was typed is read out, the ticking of the countdown is not.
    times.setAttribute("aria-live", typed ? "polite" : "off");
    const page = new DOMParser().parseFromString(html, "text/html");
    times.replaceChildren(...page.body.childNodes);
    if (focused) document.getElementById(focused)?.focus();
  }

  form.addEventListener("input", (event) => {
    if (!TYPED.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 200, true);
  });
  // Typed before this was here: on a slow line, or put back by the browser.
  if (form.elements.release_at?.value && !times.querySelector("[name=confirmed]")) refresh(true);
  // Keeps the countdown of what is on screen true.
  setInterval(() => {
    if (!document.hidden && times.querySelector("[name=confirmed]")) refresh(false);
  }, 5000);
})();
