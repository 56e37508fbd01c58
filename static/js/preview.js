// The code of a preview link stands in the fragment of the address, which no browser sends. It is
// put into the form and taken out of the address bar and the history; a person presses the button.
const code = location.hash.slice(1);
if (code) {
  const field = document.getElementById("code");
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.querySelector(".code-typed").hidden = true;
  document.querySelector(".code-found").hidden = false;
  document.querySelector(".code button").focus();
}
