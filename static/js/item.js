// What a script adds to the page of an event, a statement or a quote: the reader's own time,
// buttons that copy and share, and the source with whatever is copied from a text. Places for the
// buttons are kept by the style, so that nothing moves when they appear.
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const { lang } = document.documentElement;
  const two = (number) => String(number).padStart(2, "0");

  // --- The reader's own time ------------------------------------------------------------------

  each("[data-yours]", (place) => {
    const there = [...place.closest(".clock").querySelectorAll("time")];
    let { day } = place.dataset; // of the venue: another one is named
    const here = there.map((time) => {
      const when = new Date(time.dateTime);
      const clock = `${two(when.getHours())}:${two(when.getMinutes())}`;
      const date = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
      const words = when.toLocaleDateString(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long" });
      const text = date === day ? clock : `${words}, ${clock}`;
      day = date;
      return { clock, text };
    });
    // On the same clock as the venue there is nothing to add.
    if (there[0].textContent.endsWith(here[0].clock) && here[0].clock === here[0].text) return;
    place.style.minHeight = `${place.getBoundingClientRect().height}px`;
    place.textContent = place.dataset.yours.replace("{}", here.map((time) => time.text).join("–"));
  });

  // --- Copy and share -------------------------------------------------------------------------

  const said = document.getElementById("said");
  each("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText((from.value ?? from.innerText).trim());
      said.textContent = "";
      button.classList.add("done");
      setTimeout(() => (said.textContent = said.dataset.said), 50);
      setTimeout(() => button.classList.remove("done"), 2000);
    });
  });
  each("[data-share]", (button) => {
    if (!navigator.share) return;
    button.hidden = false;
    const { share: url, title } = button.dataset;
    button.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  });

  // --- The source goes with the words ---------------------------------------------------------

  const LEAST = 40; // characters: a name or a date is copied as it is
  const site = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  const element = (node) => (node.nodeType === 1 ? node : node.parentElement);

  document.addEventListener("copy", (event) => {
    const chosen = getSelection();
    const words = chosen.toString().trim();
    if (chosen.rangeCount !== 1 || words.length <= LEAST) return;
    if (document.activeElement.matches("input, textarea, select")) return;
    const range = chosen.getRangeAt(0);
    const text = element(range.commonAncestorContainer).closest("[data-said]");
    if (!text) return;
    const address = new URL(text.dataset.at, site);
    const start = element(range.startContainer).closest("[id]");
    if (start && text.contains(start)) address.hash = start.id;
    const source = `— ${text.dataset.said}, `;

    const copy = document.createElement("div");
    copy.append(range.cloneContents());
    copy.querySelectorAll(".para").forEach((link) => link.remove());
    copy.querySelectorAll("[id]").forEach((each) => each.removeAttribute("id"));
    copy.querySelectorAll("a").forEach((link) => link.setAttribute("href", link.href));
    const link = Object.assign(document.createElement("a"), { href: address, textContent: address });
    const last = document.createElement("p");
    last.append(source, link);
    copy.append(last);
    event.clipboardData.setData("text/plain", `${words}\n\n${source}${address}`);
    event.clipboardData.setData("text/html", copy.innerHTML);
    event.preventDefault();
  });
})();
