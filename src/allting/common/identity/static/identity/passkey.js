// Passkeys: ask the browser, and send what it answers with the page's own form. Nothing else leaves the page.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const button = form.querySelector("button[type=submit]");
  const told = document.querySelector("[data-passkey-told]");

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const say = (message) => {
    told.textContent = message;
    told.hidden = false;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  };

  if (!window.PublicKeyCredential) {
    say(form.dataset.unknown);
    button.disabled = true;
    return;
  }

  const ask = async (options) => {
    options.challenge = bytes(options.challenge);
    for (const list of [options.excludeCredentials, options.allowCredentials])
      for (const one of list || []) one.id = bytes(one.id);
    if (form.dataset.passkey === "new") {
      options.user.id = bytes(options.user.id);
      return navigator.credentials.create({ publicKey: options });
    }
    return navigator.credentials.get({ publicKey: options });
  };

  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
  };

  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return; // the answer is there: it is sent
    event.preventDefault();
    if (!form.reportValidity()) return;
    told.hidden = true;
    button.disabled = true;
    try {
      const credential = await ask(JSON.parse(form.dataset.options));
      form.elements.credential.value = written(credential);
    } catch (error) {
      return say(error.name === "InvalidStateError" ? form.dataset.already : form.dataset.failed);
    }
    button.disabled = false;
    form.requestSubmit(button);
  });
  form.querySelector("[data-passkey-needs-script]").hidden = true;
  button.hidden = false;
})();
