/* What is typed is kept as a draft two seconds after the last change, and once more when the page is left. */
"use strict";
(() => {
  const form = document.querySelector("[data-draft-url]");
  if (!form) return;
  const line = document.querySelector("[data-saved]");
  const WAIT = 2000;
  let timer = 0;
  let changed = false;

  /* Files and the password are not part of a draft: they go up when the person sends them. */
  function body() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name === "password") data.delete(name);
    return new URLSearchParams(data);
  }
  function say(words, bad) {
    if (!line) return;
    line.textContent = words;
    line.classList.toggle("saved-bad", bad);
  }
  async function save(keepalive = false) {
    clearTimeout(timer);
    if (!changed || form.dataset.sent) return;
    changed = false;
    try {
      const answer = await window.desk.ask(form.dataset.draftUrl, { method: "POST", body: body(), keepalive, headers: { Accept: "application/json" } });
      if (!answer || !answer.ok) throw new Error("not saved");
      const { saved_at: at } = await answer.json();
      say(line ? line.dataset.words.replace("#", at) : "", false);
    } catch {
      changed = true;
      say(line ? line.dataset.failed : "", true);
    }
  }
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
  window.desk.saveDraft = () => save();
})();
