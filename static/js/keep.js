// Keeps what is typed in a record's form, in this browser, until the server has saved it: an
// expired session, a lost connection or a closed window costs nothing. One entry per person and
// address; none is older than twelve hours, and signing out removes them all.
(() => {
  const { user, path: doors } = document.currentScript.dataset;
  const LIFETIME = 12 * 60 * 60 * 1000;
  const MINE = `kept:${user}:`;
  let store;
  try {
    store = window.localStorage;
    store.getItem("kept:");
  } catch {
    return; // the browser keeps nothing at all
  }

  function entryAt(key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  }

  const keys = () => Object.keys(store).filter((key) => key.startsWith("kept:"));
  for (const key of keys()) {
    if (!(Date.now() - entryAt(key)?.at < LIFETIME)) store.removeItem(key);
  }
  const saved = document.cookie.split("; ").find((each) => each.startsWith("saved="));
  if (saved && user) {
    store.removeItem(MINE + decodeURIComponent(saved.slice("saved=".length)));
    document.cookie = `saved=; Max-Age=0; Path=${doors}; SameSite=Strict`;
  }
  let signedOut = false;
  document.getElementById("logout-form")?.addEventListener("submit", () => {
    signedOut = true;
    keys().forEach((key) => store.removeItem(key));
  });

  // What is said of one entry, with its text to read and copy where no form takes it any more.
  function noticeOf(entry, act) {
    const notice = document.getElementById("kept-notice").content.firstElementChild.cloneNode(true);
    const when = new Date(entry.at);
    const time = notice.querySelector("time");
    time.dateTime = when.toISOString();
    time.textContent = when.toLocaleString(document.documentElement.lang, {
      dateStyle: "medium", timeStyle: "long", hourCycle: "h23",
    });
    const texts = notice.querySelector("dl");
    for (const [name, label] of entry.typed) {
      const value = entry.fields[name];
      const shown = Array.isArray(value) ? value.map(([, text]) => text).join(", ") : String(value);
      texts.append(
        Object.assign(document.createElement("dt"), { textContent: label }),
        Object.assign(document.createElement("dd"), { textContent: shown }),
      );
    }
    notice.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      notice.remove();
      act(button.value);
    });
    return notice;
  }

  const mark = document.getElementById("keep");
  const form = mark?.closest("form");
  if (!user) return;
  if (!form) {
    if (document.body.classList.contains("dashboard")) tellAll();
    return;
  }
  const key = MINE + location.pathname;

  // On the desk: every form that was left with something typed.
  function tellAll() {
    for (const each of keys().filter((name) => name.startsWith(MINE))) {
      const entry = entryAt(each);
      const notice = noticeOf(entry, () => store.removeItem(each));
      const link = Object.assign(document.createElement("a"), {
        href: each.slice(MINE.length), textContent: entry.title,
      });
      notice.querySelector("p").append(" ", link);
      notice.querySelector("[value=restore]").remove();
      document.getElementById("content").prepend(notice);
    }
  }

  const editors = new Map();
  document.addEventListener("prose-editor:ready", ({ detail }) => {
    editors.set(detail.textarea, detail.editor);
  });

  const NEVER = new Set(["file", "password", "submit", "button", "reset", "image", "fieldset"]);
  const CARRIED = new Set(["seen_version", "identity"]);
  function controls() {
    return [...form.elements].filter(
      (each) =>
        each.name && !NEVER.has(each.type) && each.name !== "csrfmiddlewaretoken" &&
        !each.name.startsWith("_") && !each.name.includes("__prefix__") && !each.closest("dialog"),
    );
  }
  const nameOf = (each) => (each.type === "radio" ? `${each.name}=${each.value}` : each.name);
  function valueOf(each) {
    if (each.type === "checkbox" || each.type === "radio") return each.checked;
    if (each.tagName !== "SELECT") return each.value;
    return [...each.selectedOptions].map((option) => [option.value, option.text]);
  }
  const read = () => Object.fromEntries(controls().map((each) => [nameOf(each), valueOf(each)]));
  const different = (one, other) =>
    [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
      (name) => !CARRIED.has(name) && JSON.stringify(one[name]) !== JSON.stringify(other[name]),
    );

  const served = read();
  const refused = mark.dataset.refused === "yes"; // what was typed is what was served
  let offered = null; // an earlier text that nobody has decided upon yet
  let typedBefore = null; // in the form that was refused
  let waiting = null;

  // The names of those that say something, each with its label.
  function labelled(names) {
    const found = [];
    for (const each of controls()) {
      if (each.type === "hidden" || !names.includes(nameOf(each)) || !String(valueOf(each))) continue;
      const row = each.closest(".inline-related")?.querySelector("h3 b")?.textContent ?? "";
      const label = each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.name;
      found.push([nameOf(each), `${row} ${label.trim().replace(/:$/, "")}`.trim()]);
    }
    return found;
  }

  function keep() {
    clearTimeout(waiting);
    waiting = null;
    if (signedOut) return;
    const fields = read();
    const names = different(fields, served);
    if (refused) names.push(...(typedBefore ?? Object.keys(fields)));
    if (!names.length) {
      if (offered) store.setItem(key, JSON.stringify(offered));
      else store.removeItem(key);
      return;
    }
    const title = (document.querySelector("#content > h2") ?? document.querySelector("#content > h1"))
      ?.textContent;
    const entry = { at: Date.now(), title, fields, typed: labelled(names), earlier: offered };
    try {
      store.setItem(key, JSON.stringify(entry));
    } catch {
      mark.querySelector(".kept-full").hidden = false; // no room: say so, once
    }
  }
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 300);
  }

  // Where each row of the kept text stands in the form as it is now; rows are added as needed.
  function places(fields) {
    const found = [];
    for (const name of Object.keys(fields)) {
      const rows = /^(.+)-TOTAL_FORMS$/.exec(name)?.[1];
      if (!rows) continue;
      const total = form.elements[name];
      for (let number = 0; number < Number(fields[name]); number++) {
        const uid = fields[`${rows}-${number}-uid`] || fields[`${rows}-${number}-id`];
        let place = -1;
        for (let each = 0; uid && each < Number(total?.value); each++) {
          const here = form.elements[`${rows}-${each}-uid`] ?? form.elements[`${rows}-${each}-id`];
          if (here?.value === uid) place = each;
        }
        if (place < 0) {
          const add = document.querySelector(`[id="${rows}-group"] .add-row a`);
          if (!add) continue;
          add.click();
          place = Number(total.value) - 1;
        }
        found.push([`${rows}-${number}-`, `${rows}-${place}-`]);
      }
    }
    return found;
  }

  function put(each, value) {
    if (each.type === "checkbox" || each.type === "radio") each.checked = value;
    else if (each.tagName === "SELECT") {
      for (const [key, text] of value) {
        const known = [...each.options].some((option) => option.value === key);
        if (!known && each.classList.contains("admin-autocomplete")) each.add(new Option(text, key));
      }
      const chosen = value.map(([key]) => key);
      for (const option of each.options) option.selected = chosen.includes(option.value);
    } else {
      each.value = value;
      editors.get(each)?.commands.setContent(value);
    }
    each.dispatchEvent(new Event("input", { bubbles: true }));
    each.dispatchEvent(new Event("change", { bubbles: true }));
    window.django?.jQuery(each).trigger("change"); // the choosers listen to nothing else
  }

  function fill(fields) {
    const moved = places(fields);
    const wanted = new Map();
    for (const [name, value] of Object.entries(fields)) {
      const row = moved.find(([old]) => name.startsWith(old));
      wanted.set(row ? row[1] + name.slice(row[0].length) : name, value);
    }
    for (const each of controls()) {
      if (each.type === "hidden" && !CARRIED.has(each.name)) continue;
      const value = wanted.get(nameOf(each));
      if (value !== undefined && JSON.stringify(value) !== JSON.stringify(valueOf(each))) {
        put(each, value);
      }
    }
  }

  function offer(entry) {
    if (!entry) return;
    if (!different(entry.fields, read()).length) {
      offer(entry.earlier);
      return;
    }
    offered = entry;
    const notice = noticeOf(entry, (answer) => {
      offered = entry.earlier ?? null;
      if (answer === "restore") {
        const now = read();
        fill(entry.fields);
        // What was typed before deciding is not lost either: it can be had back the same way.
        if (different(now, served).length) {
          offered = { ...entry, at: Date.now(), fields: now, typed: labelled(different(now, served)) };
        }
        form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      }
      keep();
      offer(offered);
    });
    if (mark.dataset.readonly) notice.querySelector("[value=restore]").remove();
    mark.append(notice);
  }

  // After the browser has put back what it remembers itself.
  window.addEventListener("load", () => {
    const entry = entryAt(key);
    if (refused) {
      offered = entry?.earlier ?? null;
      typedBefore = entry?.typed.map(([name]) => name) ?? null;
      keep();
      offer(offered);
    } else {
      offer(entry);
    }
  });
  for (const event of ["input", "change"]) form.addEventListener(event, soon);
  for (const event of ["formset:added", "formset:removed"]) document.addEventListener(event, soon);
  window.django?.jQuery(form).on("change", soon);
  form.addEventListener("submit", keep);
  window.addEventListener("pagehide", () => waiting && keep());
})();
