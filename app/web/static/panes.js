/* Tabs of a task change in place, so that what is typed in the decision stays; without this they are plain links. */
"use strict";
(() => {
  const pane = document.querySelector("[data-pane]");
  if (!pane) {
    toCurrent(document);
    return;
  }
  const skeleton = document.querySelector("[data-skeleton]");
  const PATIENCE = 400;
  let latest = 0;

  /* The chosen tab and the case's place in the drawing come into sight. */
  function atCurrent() {
    const tabs = document.querySelector("[data-tabs]");
    const tab = tabs.querySelector("[aria-current]");
    if (tab) tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.clientWidth) / 2;
    toCurrent(pane);
  }
  function toCurrent(place) {
    const current = place.querySelector(".draw [data-current]");
    const box = current && current.closest(".draw-scroll");
    if (!box) return;
    const inside = current.getBoundingClientRect();
    const outside = box.getBoundingClientRect();
    box.scrollLeft += inside.left - outside.left - (outside.width - inside.width) / 2;
    box.scrollTop += inside.top - outside.top - (outside.height - inside.height) / 2;
  }
  async function open(url, remember) {
    const turn = ++latest;
    const late = setTimeout(() => skeleton && pane.replaceChildren(skeleton.content.cloneNode(true)), PATIENCE);
    try {
      const answer = await window.desk.ask(url);
      if (!answer || !answer.ok) throw new Error("not read");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-pane]");
      if (turn !== latest) return;
      if (!fresh) throw new Error("not a task");
      pane.replaceChildren(...fresh.childNodes);
      pane.scrollTop = 0;
      const tabs = document.querySelector("[data-tabs]");
      tabs.replaceChildren(...page.querySelector("[data-tabs]").childNodes);
      if (remember) history.pushState(null, "", url);
      atCurrent();
    } catch {
      if (turn === latest) location.assign(url);
    } finally {
      clearTimeout(late);
    }
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const inTabs = Boolean(link.closest("[data-tabs]"));
    open(link.href, true).then(() => {
      if (inTabs) document.querySelector("[data-tabs] [aria-current]")?.focus({ preventScroll: false });
    });
  });
  addEventListener("popstate", () => open(location.href, false));
  atCurrent();
})();
