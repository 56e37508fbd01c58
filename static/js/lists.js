// Lists without reloading: a changed filter fetches the page that the form would lead to, and puts
// what is new of it in place. Without this file, and wherever anything fails, the form and the
// links lead there as they always do.
(() => {
  const form = document.querySelector("form.filters");
  const results = document.getElementById("results");
  const told = document.getElementById("told");
  if (!form || !results || !told) return;
  const REPLACED = ["#results", "#bars", "#kept", ".tongues"];
  let asking; // what is under way; a later wish takes its place

  function address() {
    const chosen = [...new FormData(form)].filter(([, value]) => value.trim());
    const query = new URLSearchParams(chosen).toString();
    return location.pathname + (query && `?${query}`);
  }

  // The control itself stays where it is, with the focus and what assistive technology knows of it.
  function renew(field, fresh, reset) {
    const control = field.querySelector("select, input");
    const next = fresh.querySelector("select, input");
    const value = next.value;
    if (control.tagName === "SELECT") control.replaceChildren(...next.children);
    if (control.tagName === "SELECT" || reset || control !== document.activeElement) control.value = value;
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (next.hasAttribute(name)) control.setAttribute(name, next.getAttribute(name));
      else control.removeAttribute(name);
    }
    field.querySelector(".errorlist")?.remove();
    const errors = fresh.querySelector(".errorlist");
    if (errors) field.append(errors);
  }

  function show(page, reset) {
    const held = document.activeElement;
    const inside = REPLACED.some((each) => document.querySelector(each)?.contains(held));
    for (const each of REPLACED) {
      const old = document.querySelector(each);
      const fresh = page.querySelector(each);
      if (old && fresh) old.replaceChildren(...fresh.childNodes);
    }
    for (const field of form.querySelectorAll(".field")) {
      const fresh = page.getElementById(field.id);
      if (fresh) renew(field, fresh, reset);
    }
    document.title = page.title;
    // What was pressed may be gone with the list that it stood in.
    if (inside) ((held.id && document.getElementById(held.id)) || document.getElementById("total")).focus();
    const error = form.querySelector(".errorlist");
    told.textContent = error ? error.textContent : document.getElementById("total").textContent;
  }

  async function go(url, back) {
    asking?.abort();
    const mine = (asking = new AbortController());
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("results") || !page.getElementById("total")) throw new Error("no list");
      if (mine.signal.aborted) return;
      if (!back) history.pushState(null, "", url);
      show(page, back);
    } catch {
      if (mine.signal.aborted) return;
      if (back) location.reload();
      else location.assign(url);
    } finally {
      if (asking === mine) {
        results.removeAttribute("aria-busy");
        asking = null;
      }
    }
  }

  function send() {
    const url = address();
    if (url !== location.pathname + location.search) go(url);
  }

  form.addEventListener("change", (event) => {
    // A date that is being typed passes through years such as 0002.
    if (event.target.type !== "date" || !event.target.value || event.target.checkValidity()) send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  results.addEventListener("click", (event) => {
    const link = event.target.closest(".chips a, .switch a");
    if (!link || link.pathname !== location.pathname) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href, false);
  });
  let here = location.pathname;
  window.addEventListener("popstate", () => {
    if (location.pathname === here && !location.hash) go(location.href, true);
  });
})();
