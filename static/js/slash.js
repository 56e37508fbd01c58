// The key "/" goes to the search box, unless somebody is typing. It can be switched off on the
// search page (WCAG 2.1.4), for those whose speech or hands press single keys unawares.
(() => {
  const box = document.getElementById("desk-search");
  const choice = document.getElementById("slash-choice");
  const OFF = "desk.slash.off";
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])");

  if (choice) {
    choice.checked = localStorage.getItem(OFF) === null;
    choice.addEventListener("change", () => {
      if (choice.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    });
    choice.closest("[hidden]").hidden = false;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!box || localStorage.getItem(OFF) !== null || typing(event.target)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
