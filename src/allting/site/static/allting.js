// Small aids on top of pages that work without them.
"use strict";
(() => {
  const body = document.body;

  // Errors are read aloud and seen first.
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // The answer to a login goes on to the service by itself.
  const answer = document.querySelector("form[data-send-now]");
  if (answer) answer.submit();

  // One press sends once; a page that comes back with the back button can send again.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (event.defaultPrevented || form.method !== "post") return;
    if (asking) {
      event.preventDefault();
      await asking;
      return form.requestSubmit(event.submitter);
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
  });

  // Questions that hang on an answer come as soon as it is given; without this they come with Next.
  // What stands on the page is left alone, for she may be typing in it. Each asking saves the answers and moves
  // the draft on, so that they go one at a time, and a form that is sent waits for them.
  let asking = null;
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-questions]");
    if (!form || !event.target.closest("[data-refresh]")) return;
    const mine = asking = (asking || Promise.resolve())
      .then(() => follow(form))
      .catch(() => {}) // Next asks again
      .finally(() => { if (asking === mine) asking = null; });
  });

  const follow = async (form) => {
    if (form.dataset.sent) return;
    const data = new FormData(form);
    data.set("refresh", "1");
    for (const file of form.querySelectorAll("input[type=file]")) data.delete(file.name);
    const answer = await fetch(form.action || location.href, { method: "POST", body: data, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-questions]");
    if (!fresh) return;
    for (const name of ["revision", "shown"]) if (form.elements[name]) form.elements[name].value = fresh.elements[name].value;
    form.enctype = fresh.enctype;
    const there = new Map(Array.from(form.querySelectorAll("[data-question]"), (one) => [one.dataset.question, one]));
    let last = form.elements.shown;
    for (const one of fresh.querySelectorAll("[data-question]")) {
      const known = there.get(one.dataset.question);
      if (!known) last.after(one);
      last = known || one;
      there.delete(one.dataset.question);
    }
    for (const gone of there.values()) gone.remove();
  };

  // <form data-recount>: a changed answer is counted at once, and the part with data-result is put in its place. What was
  // folded out stays so, and what has data-said is told in the form's role=status to those who cannot see it.
  document.addEventListener("change", async (event) => {
    const form = event.target.closest("form[data-recount]");
    if (!form) return;
    const asked = form.recount = {};
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected || form.recount !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-result]");
    if (!fresh) return;
    const old = document.querySelector("[data-result]");
    const open = [...old.querySelectorAll("details")].map((one) => one.open);
    fresh.querySelectorAll("details").forEach((one, place) => { one.open ||= open[place] || false; });
    old.replaceWith(document.importNode(fresh, true));
    const told = form.querySelector("[role=status]");
    if (told) told.textContent = [...fresh.querySelectorAll("[data-said]")].map((one) => one.textContent).join(": ");
  });

  // <div data-live="https://…/stream" aria-live="polite">: fetch this part of the page again when told.
  const live = document.querySelector("[data-live]");
  if (live && window.EventSource) {
    const stream = new EventSource(live.dataset.live, { withCredentials: true });
    stream.onmessage = async () => {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (fresh && !live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
    };
  }

  // Two minutes before the session ends: ask, and keep what is typed.
  const time = document.querySelector("[data-session-time]");
  const WARN = 120000;
  let ends = Date.parse(body.dataset.sessionEnds);
  if (!ends) return;
  let timer;
  const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const dialog = element("dialog", "", { class: "session", "aria-labelledby": "session-title" });
  const title = element("h2", body.dataset.ask, { class: "ds-heading", "data-size": "sm", id: "session-title" });
  const text = element("p", body.dataset.askText, { class: "ds-paragraph", role: "status" });
  const stay = element("button", body.dataset.askYes, { class: "ds-button", type: "button" });
  const leave = element("button", body.dataset.askNo, { class: "ds-button", type: "button", "data-variant": "tertiary" });
  const actions = element("div", "", { class: "actions" });
  actions.append(stay, leave);
  dialog.append(title, text, actions);
  body.append(dialog);

  const ended = () => { text.textContent = body.dataset.ended; stay.hidden = true; leave.hidden = true; };
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!dialog.open) dialog.showModal();
      timer = setTimeout(ended, Math.max(0, ends - Date.now()));
    }, Math.max(0, ends - WARN - Date.now()));
  };
  stay.addEventListener("click", async () => {
    const answer = await fetch("/stay", {
      method: "POST", credentials: "same-origin",
      headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
    });
    if (!answer.ok || answer.redirected) return ended();
    const said = await answer.json();
    const later = Date.parse(said.ends);
    dialog.close();
    if (time) { time.textContent = said.clock; time.dateTime = said.ends; }
    // When the session cannot be made longer, do not ask again and again.
    if (later > ends + 1000) { ends = later; plan(); }
  });
  leave.addEventListener("click", () => document.querySelector("form[action='/logout']").requestSubmit());
  plan();
})();
