// Passkeys: asks the browser for one, and sends what it says with the form around the button.
// What is asked stands in the page, or is fetched when the button is pressed (data-ask).
(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function ask(kind, { publicKey }) {
    const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (kind === "create") {
      options.user = { ...options.user, id: bytes(options.user.id) };
      options.excludeCredentials = named(options.excludeCredentials);
    } else {
      options.allowCredentials = named(options.allowCredentials);
    }
    return navigator.credentials[kind]({ publicKey: options });
  }

  function told(credential) {
    const { response } = credential;
    const said = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    if (response.getTransports) said.transports = response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: said,
    });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const failed = form.querySelector(".passkey-failed");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const { passkey: kind, ask: address } = form.dataset;
        const data = address
          ? await (await fetch(address, { headers: { Accept: "application/json" } })).json()
          : JSON.parse(document.getElementById("passkey-data").textContent);
        const options = kind === "create" ? data.creation_options : data.request_options;
        form.elements.credential.value = told(await ask(kind, options));
        form.submit();
      } catch {
        failed.hidden = false; // refused, out of time, or none that fits
      }
    });
  }
})();
