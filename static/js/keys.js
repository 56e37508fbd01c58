// The keyboard on every form of the desk: save, the first error, names for what has none; and a
// form that is sent is sent once.
(() => {
  const SENT_FOR = 20_000; // ms; after that it may be that no answer comes

  // --- Once -----------------------------------------------------------------------------------

  const buttons = (form) => [...form.elements].filter((each) => each.type === "submit");
  function release(form) {
    delete form.dataset.sent;
    for (const each of buttons(form)) each.disabled = false;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Not at once: a disabled button would not be sent along.
    setTimeout(() => buttons(form).forEach((each) => (each.disabled = true)));
    setTimeout(release, SENT_FOR, form);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // --- Save -----------------------------------------------------------------------------------

  // Ctrl or Cmd with S saves and stays; with Enter it saves and goes on to the review.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.shiftKey) return;
    if (!event.ctrlKey && !event.metaKey) return;
    const wanted = { s: "[name=_continue], [name=_save]", enter: "[name=_review]" }[event.key.toLowerCase()];
    const form = wanted && document.querySelector("#content-main > form");
    const button = form?.querySelector(wanted);
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  // --- The first error ------------------------------------------------------------------------

  window.addEventListener("load", () => {
    const error = document.querySelector("#content form .errorlist:not(.nonfield)");
    const first = error ?? document.querySelector("#content form .errornote");
    if (!first) return;
    const row = first.closest(".form-row, .inline-related") ?? first.parentElement;
    for (let each = row; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    const control = error && row.querySelector(
      ".ProseMirror, .select2-selection, input:not([type=hidden]), select, textarea",
    );
    if (!control) first.tabIndex = -1;
    (control ?? first).focus();
  });

  // --- Names for what has none ----------------------------------------------------------------

  // The prose editor and the choosers of the admin take the place of a labelled control, and leave
  // its label behind.
  function labelOf(control) {
    const label = control.labels?.[0];
    if (label) label.id ||= `${control.id}_label`;
    return label;
  }

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const label = labelOf(textarea);
    if (!label) return;
    const shown = editor.view.dom;
    shown.setAttribute("aria-labelledby", label.id);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) shown.setAttribute(name, textarea.getAttribute(name));
    }
    label.addEventListener("click", () => editor.commands.focus());
  });

  function nameChooser(select) {
    const label = labelOf(select);
    const chooser = select.nextElementSibling;
    if (!label || !chooser?.matches(".select2")) return;
    const chosen = chooser.querySelector(".select2-selection__rendered");
    const one = chooser.querySelector(".select2-selection--single");
    one?.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    if (one) chosen.setAttribute("aria-labelledby", label.id);
    chooser.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
    // For the mouse alone: by keyboard a choice is taken back with Backspace.
    chooser.querySelector(".select2-selection__clear")?.setAttribute("aria-hidden", "true");
  }
  function nameChoosers() {
    document.querySelectorAll("select.admin-autocomplete").forEach(nameChooser);
  }
  window.addEventListener("load", () => {
    nameChoosers();
    // They draw themselves anew with every choice.
    window.django?.jQuery(document).on("change", ".admin-autocomplete", () => setTimeout(nameChoosers));
  });
  document.addEventListener("formset:added", () => setTimeout(nameChoosers));
})();
