/* What scripts add to a form that works without them: conditions at once, uploads at once, counts, grouped amounts. */
(() => {
  "use strict";

  let swapping = false;

  /* What stands in the fields now, by name (and option), to tell later what was entered since. */
  const entered = (body) => {
    const found = new Map();
    for (const input of body.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")) {
      const ticked = input.type === "radio" || input.type === "checkbox";
      found.set(ticked ? `${input.name}=${input.value}` : input.name, [input, ticked ? "checked" : "value"]);
    }
    return found;
  };
  const values = (body) => new Map([...entered(body)].map(([key, [input, kind]]) => [key, input[kind]]));

  const preview = async (fields, form) => {
    const body = fields.querySelector("[data-form-body]");
    const asked = values(body);
    const data = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
    for (const input of form.querySelectorAll("input[type=hidden]")) {
      // deleting a file input's name took the uploaded documents' hidden inputs with it
      if (input.name && form.querySelector(`input[type=file][name="${CSS.escape(input.name)}"]`)) data.append(input.name, input.value);
    }
    data.append("_refresh", "1");
    const serial = (fields.previewSerial = (fields.previewSerial || 0) + 1);
    body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(fields.dataset.previewUrl, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
      const html = await answer.text();
      if (answer.ok && serial === fields.previewSerial) swap(body, html, asked);
    } finally {
      if (serial === fields.previewSerial) body.removeAttribute("aria-busy");
    }
  };

  /* `asked` is what the answer knows; whatever was entered while it was on its way stays as it is. */
  const swap = (body, html, asked) => {
    const since = [...values(body)].filter(([key, value]) => asked.get(key) !== value);
    const focused = marked(body);
    const closed = [...body.querySelectorAll("details:not([open]) > summary")].map((item) => item.textContent);
    swapping = true; // a browser reports a change of the field that it is just taking away
    body.innerHTML = html;
    swapping = false;
    const now = entered(body);
    for (const [key, value] of since) if (now.has(key)) now.get(key)[0][now.get(key)[1]] = value;
    for (const item of body.querySelectorAll("details > summary")) if (closed.includes(item.textContent)) item.parentElement.open = false;
    if (focused) mark(focused);
    prepare(body);
  };

  /* Where the person is: the field, and what is selected in it, so that the next letter still takes its place. */
  const marked = (body) => {
    const here = document.activeElement;
    return here && here.id && body.contains(here) ? { id: here.id, from: here.selectionStart, to: here.selectionEnd } : null;
  };
  const mark = ({ id, from, to }) => {
    const field = document.getElementById(id);
    field?.focus({ preventScroll: true });
    if (field && from !== null && from !== undefined && field.setSelectionRange) field.setSelectionRange(from, to);
  };

  const prepare = (within) => {
    for (const chooser of within.querySelectorAll("[data-upload]")) chooser.tabIndex = -1; // its button stands for it
    count(within);
  };

  const count = (within) => {
    for (const place of within.querySelectorAll("[data-count-of]")) {
      const input = document.getElementById(place.dataset.countOf);
      if (input) place.textContent = [...input.value.trim()].length;
    }
  };

  const group = (input) => {
    const match = /^(-?)(\d{1,15})(\.\d{1,2})?$/.exec(input.value.trim().replace(/,/g, ""));
    if (match && /^-?[\d]+(\.\d+)?$|^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(input.value.trim())) {
      input.value = match[1] + match[2].replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (match[3] || ".00").padEnd(3, "0");
    }
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    const fields = input.closest("[data-form-fields]");
    if (swapping || !fields || !input.form) return;
    if (input.dataset.kind === "money") group(input);
    if (input.matches("[data-upload]") && input.files.length) {
      input.form.requestSubmit(input.parentElement.querySelector("button[name=_upload]"));
    } else if (input.matches("[data-refresh]") && fields.dataset.previewUrl) {
      preview(fields, input.form);
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-form-fields] button[name=_upload]");
    const chooser = button?.parentElement.querySelector("input[type=file]");
    if (!chooser || chooser.files.length) return;
    event.preventDefault(); // nothing is chosen yet: the button chooses, and choosing uploads
    chooser.click();
  });
  document.addEventListener("input", (event) => {
    const fields = event.target.closest("[data-form-fields]");
    if (fields) count(fields);
  });

  for (const fields of document.querySelectorAll("[data-form-fields]")) {
    fields.classList.add("form-scripted");
    prepare(fields);
  }
  document.querySelector("[data-form-errors]")?.focus();
})();
