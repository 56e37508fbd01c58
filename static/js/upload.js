// Sends pictures one by one, each with its progress and its own answer: a bad one stops no other.
// One after the other, because the server looks at one picture at a time. Without this script the
// form sends them all at once, to the same address.
(() => {
  const form = document.getElementById("uploads");
  if (!form) return;
  const chosen = document.getElementById("id_image");
  const drop = document.getElementById("upload-drop");
  const results = document.getElementById("upload-results");
  const template = document.getElementById("upload-line");
  const sum = form.querySelector(".upload-sum");
  const queue = [];
  let going = false;
  let all = 0;
  let done = 0;
  let refused = 0;

  form.querySelector("[data-script]").hidden = false;
  form.querySelector(".submit-row").hidden = true;
  chosen.required = false;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  function count() {
    const said = [filled(sum.dataset.going, { done, all })];
    if (refused) said.push(filled(sum.dataset.refused, { number: refused }));
    sum.textContent = said.join("; ");
  }

  function add(files) {
    for (const file of files) {
      const line = template.content.firstElementChild.cloneNode(true);
      line.querySelector(".upload-name").textContent = file.name;
      line.querySelector("progress").setAttribute("aria-label", file.name);
      line.querySelector("button").addEventListener("click", () => {
        failed(line, "");
        queue.push([file, line]);
        next();
      });
      results.append(line);
      queue.push([file, line]);
      all += 1;
    }
    count();
    next();
  }

  function failed(line, why) {
    const text = line.querySelector(".upload-why");
    text.textContent = why;
    text.hidden = !why;
    line.querySelector("button").parentElement.hidden = !why;
    line.classList.toggle("upload-refused", Boolean(why));
    line.querySelector("progress").hidden = Boolean(why);
  }

  function next() {
    if (!going && queue.length) send(...queue.shift());
  }

  function send(file, line) {
    going = true;
    const progress = line.querySelector("progress");
    const stage = line.querySelector(".stage");
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("part", "1");
    body.append("image", file);
    const request = new XMLHttpRequest(); // fetch() does not tell how much has been sent
    request.open("POST", location.href);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (event.loaded / event.total) * 100;
    });
    request.upload.addEventListener("load", () => {
      progress.removeAttribute("value");
      stage.textContent = progress.dataset.stored;
    });
    request.addEventListener("loadend", () => {
      going = false;
      answered(request, line);
      next();
    });
    request.send(body);
  }

  function answered(request, line) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const found = page.querySelector("li.upload");
    // An expired session answers with its sign-in page.
    const elsewhere = request.responseURL && new URL(request.responseURL).pathname !== location.pathname;
    if (request.status !== 200 || elsewhere || !found) {
      const signIn = elsewhere || request.status === 403;
      const said = signIn ? "signin" : request.status === 413 ? "large" : "lost";
      failed(line, sum.dataset[said]);
      return;
    }
    line.replaceWith(document.adoptNode(found));
    done += 1;
    if (found.classList.contains("upload-refused")) refused += 1;
    count();
  }

  chosen.addEventListener("change", () => {
    add(chosen.files);
    chosen.value = ""; // the same file may be chosen again
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen.files.length) add(chosen.files);
  });
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      drop.classList.add("upload-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (name === "drop" || !event.relatedTarget) drop.classList.remove("upload-over");
    });
  }
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (going || queue.length) event.preventDefault();
  });
})();
