// Tells the office that this form is still open, and this form who else has it open.
(() => {
  const place = document.getElementById("presence");
  const token = place?.closest("form")?.elements.csrfmiddlewaretoken?.value;
  if (!token) return;
  const EVERY = 30_000; // ms; the server forgets a form after three times that

  async function tell() {
    if (document.visibilityState !== "visible") return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body, redirect: "manual" });
      const ended = answer.type === "opaqueredirect" || answer.status === 403;
      place.querySelector(".signed-out").hidden = !ended;
      if (!answer.ok) return;
      const { sentence } = await answer.json();
      const said = place.querySelector(".others");
      if (said.textContent !== sentence) said.textContent = sentence;
    } catch {
      // No connection: what is on screen stays, and the next time may be better.
    }
  }

  // The page itself has just told; whoever comes back to it may have been away for long.
  setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", tell);
  window.addEventListener("pageshow", (event) => event.persisted && tell());
})();
