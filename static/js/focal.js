// Sets a photo's focal point on the picture itself: by a click, or by the arrow keys. The two
// number fields stay what is sent; whoever has no script, or no pointer, types into them.
(() => {
  const figure = document.getElementById("focal");
  const across = document.getElementById("id_focal_x");
  const down = document.getElementById("id_focal_y");
  if (!figure) return;
  const field = figure.querySelector(".focal-field");
  const picture = figure.querySelector("img");
  const mark = figure.querySelector(".focal-mark");
  const status = figure.querySelector("[data-said]");
  const chosen = document.getElementById("id_image");

  // A picture that has only been chosen is shown before it is sent.
  let shown;
  chosen?.addEventListener("change", () => {
    if (shown) URL.revokeObjectURL(shown);
    const [file] = chosen.files;
    if (!file) return;
    shown = URL.createObjectURL(file);
    picture.src = shown;
    figure.hidden = false;
  });
  // What this browser cannot show (TIFF) is no picture to point at.
  picture.addEventListener("error", () => (figure.hidden = true));
  picture.addEventListener("load", () => (figure.hidden = false));
  if (!across || !down) return;

  figure.querySelector("[data-script]").hidden = false;
  mark.hidden = false;
  field.tabIndex = 0;
  field.setAttribute("role", "group");
  field.setAttribute("aria-label", figure.querySelector("figcaption").textContent.trim());

  const within = (value) => Math.min(1, Math.max(0, value));
  const number = (input) => {
    const value = Number.parseFloat(input.value);
    return Number.isNaN(value) ? 0.5 : within(value);
  };
  function show() {
    mark.style.left = `${number(across) * 100}%`;
    mark.style.top = `${number(down) * 100}%`;
  }
  function set(x, y) {
    across.value = within(x).toFixed(2);
    down.value = within(y).toFixed(2);
    for (const each of [across, down]) each.dispatchEvent(new Event("input", { bubbles: true }));
    status.textContent = status.dataset.said
      .replace("{x}", `${Math.round(across.value * 100)} %`)
      .replace("{y}", `${Math.round(down.value * 100)} %`);
  }
  for (const each of [across, down]) each.addEventListener("input", show);
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  field.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the page must not scroll away under the picture
    const by = event.shiftKey ? 0.1 : 0.01;
    set(number(across) + step[0] * by, number(down) + step[1] * by);
  });
  show();
})();
