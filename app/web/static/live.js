/* Counters renew themselves every 20 seconds while the page is looked at; rows never move under the hand. */
"use strict";
(() => {
  const place = document.querySelector("[data-poll-url]");
  if (!place) return;
  const EVERY = 20000;

  function show(name, count) {
    for (const one of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) {
      one.textContent = count;
      if (one.matches(".bell-count, .top-count")) one.hidden = !count;
    }
  }
  async function renew() {
    if (document.hidden) return;
    try {
      const answer = await window.desk.ask(place.dataset.pollUrl, { headers: { Accept: "application/json" } });
      if (!answer || !answer.ok) return;
      const news = await answer.json();
      for (const group of ["chips", "nav"]) {
        for (const [key, count] of Object.entries(news[group] || {})) show(`${group}.${key}`, count);
      }
      const fresh = document.querySelector("[data-fresh]");
      if (fresh && news.stamp && news.stamp !== place.dataset.stamp) {
        fresh.href = location.href;
        fresh.hidden = false;
      }
    } catch {
      /* The next turn tries again; a lost connection is no news. */
    }
  }
  setInterval(renew, EVERY);
  document.addEventListener("visibilitychange", renew);
})();
