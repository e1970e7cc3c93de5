/* What a shape stands for is said under the drawing, for the pointer and for the keyboard. */
"use strict";
(() => {
  for (const told of document.querySelectorAll("[data-told]")) {
    const drawing = told.previousElementSibling;
    const say = (event) => {
      const shape = event.target.closest && event.target.closest("[data-tip]");
      if (shape) told.textContent = shape.dataset.tip;
    };
    told.hidden = false;
    drawing.addEventListener("pointerover", say);
    drawing.addEventListener("focusin", say);
  }
})();
