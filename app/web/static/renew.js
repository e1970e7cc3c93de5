/* A part of a page that is still changing is read again every two seconds, until the server no longer marks it. */
"use strict";
(() => {
  const EVERY = 2000;

  async function renew() {
    const part = document.querySelector("[data-renew]");
    if (!part) return;
    if (!document.hidden) {
      try {
        const answer = await window.desk.ask(location.href);
        if (!answer) return;
        const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page && page.getElementById(part.id);
        if (fresh) {
          for (const one of fresh.querySelectorAll("[data-no-script]")) one.hidden = true;
          part.replaceWith(fresh);
        }
      } catch {
        /* The next turn tries again. */
      }
    }
    setTimeout(renew, EVERY);
  }
  setTimeout(renew, EVERY);
})();
