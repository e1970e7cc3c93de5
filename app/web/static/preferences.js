/* Light or dark without a reload; the language keeps the place on the page and what was typed. */
"use strict";
(() => {
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);

  function label(form) {
    const button = form.querySelector("button");
    button.value = isDark() ? "light" : "dark";
    button.textContent = isDark() ? button.dataset.light : button.dataset.dark;
  }
  const forms = document.querySelectorAll("[data-theme-switch]");
  forms.forEach(label);
  systemDark.addEventListener("change", () => forms.forEach(label));
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = new FormData(form, event.submitter);
      root.dataset.theme = body.get("theme");
      forms.forEach(label);
      fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    });
  }

  for (const form of document.querySelectorAll("[data-language]")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.ready || !window.desk.saveDraft) return;
      event.preventDefault();
      await window.desk.saveDraft();
      form.dataset.ready = "1";
      const place = form.querySelector("[name=next]");
      if (location.hash && !place.value.includes("#")) place.value += location.hash;
      form.requestSubmit(event.submitter);
    });
  }

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.person[open], details.top-person[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
})();
