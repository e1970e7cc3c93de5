/* One way to ask the server from a page: says so when the session has ended, and never throws what was typed away. */
"use strict";
window.desk = (() => {
  const root = document.documentElement;
  root.classList.add("with-script");
  for (const one of document.querySelectorAll("[data-no-script]")) one.hidden = true;

  function expired() {
    const banner = document.querySelector("[data-expired]");
    if (banner) banner.hidden = false;
  }

  /* fetch for this site; resolves to null when the session has ended. */
  async function ask(url, options = {}) {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    const toLogin = answer.redirected && new URL(answer.url).pathname.startsWith("/login");
    if (answer.status === 401 || toLogin) {
      expired();
      return null;
    }
    const banner = document.querySelector("[data-expired]");
    if (banner) banner.hidden = true;
    return answer;
  }
  return { ask };
})();
