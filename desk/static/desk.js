// Keyboard, paragraphs of the reply, and messages. No data of a letter is ever run or parsed here.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A key may be pressed with the document itself as target, and that has no closest().
  const within = (target, selector) => (target instanceof Element ? target.closest(selector) : null);

  // ---- messages -------------------------------------------------------------------------------------------------
  function say(message) {
    const box = one("#flash");
    if (!box) return;
    const line = document.createElement("div");
    line.className = "alert";
    line.setAttribute("role", "alert");
    line.textContent = message;
    box.replaceChildren(line);
  }

  document.addEventListener("htmx:sendError", () => say("Нет связи с сервером. Набранное осталось на странице; повторите через минуту."));
  document.addEventListener("htmx:timeout", () => say("Сервер не ответил вовремя. Набранное осталось на странице; повторите."));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "flash") event.target.scrollIntoView({ block: "nearest" });
  });

  // ---- list -----------------------------------------------------------------------------------------------------
  const rows = () => all("tr[data-href]");

  function chosen() {
    return rows().findIndex((row) => row.classList.contains("chosen"));
  }

  function choose(index) {
    const list = rows();
    if (!list.length) return;
    const next = Math.max(0, Math.min(index, list.length - 1));
    list.forEach((row, place) => row.classList.toggle("chosen", place === next));
    list[next].scrollIntoView({ block: "nearest" });
    one("a", list[next])?.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const row = within(event.target, "tr[data-href]");
    if (row && !within(event.target, "a, button, input, select, textarea, summary")) window.location.assign(row.dataset.href);
  });

  // ---- keyboard: by place on the board, so that Russian and Latin layouts both work --------------------------------
  let waitsForGo = 0;

  function typing(target) {
    return within(target, "input, textarea, select, [contenteditable]") !== null;
  }

  function focusOn(selector) {
    const field = one(selector);
    if (!field) return false;
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.select?.();
    return true;
  }

  const KEYS = {
    KeyJ: () => choose(chosen() + 1),
    KeyK: () => choose(chosen() - 1),
    KeyG: () => { waitsForGo = Date.now(); },
    KeyC: () => one("[data-key='c']")?.click(),
    KeyN: () => one("[data-key='n']")?.click(),
    KeyT: () => focusOn("[data-key='t']"),
    Slash: () => focusOn("[data-key='/']"),
  };

  document.addEventListener("keydown", (event) => {
    const help = one("#keys");
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") {
      const save = one("[data-key='save']");
      if (save) { event.preventDefault(); save.click(); }
      return;
    }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      event.preventDefault();
      if (help.open) help.close(); else help.showModal();
      return;
    }
    if (event.code === "KeyQ" && Date.now() - waitsForGo < 1500) { window.location.assign("/"); return; }
    if (event.key === "Enter" && chosen() >= 0 && !within(event.target, "a, button, summary")) {
      window.location.assign(rows()[chosen()].dataset.href);
      return;
    }
    const action = KEYS[event.code];
    if (action && !event.shiftKey) { event.preventDefault(); action(); }
  });

  // ---- paragraphs of the reply ------------------------------------------------------------------------------------
  function grow(field) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  function changed(form) {
    form.dataset.dirty = "1";
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Words of the letter that were selected last: a click into a field or on a button must not lose them.
  let picked = "";
  function pick() {
    const letter = one("#letter-text");
    const selection = window.getSelection();
    if (letter && !selection.isCollapsed && letter.contains(selection.anchorNode)) picked = selection.toString().trim();
  }
  document.addEventListener("selectionchange", pick);

  function quote(field) {
    pick(); // the browser tells of a selection later than of the key that follows it
    if (!picked) return false;
    field.value = field.value.trim() ? `${field.value.trim()}\n${picked}` : picked;
    picked = "";
    window.getSelection().removeAllRanges();
    grow(field);
    return true;
  }

  function paragraph(button) {
    const form = button.closest("form");
    const item = button.closest(".paragraph");
    const act = button.dataset.paragraph;
    if (act === "add") {
      const fresh = one("#paragraph").content.firstElementChild.cloneNode(true);
      one("#paragraphs").append(fresh);
      if ("quoteNew" in button.dataset) quote(one("textarea", fresh)); // before the focus, which takes the selection
      one("textarea", fresh).focus();
    } else if (act === "remove") {
      if (all(".paragraph", form).length > 1) item.remove(); else one("textarea", item).value = "";
    } else if (act === "up" && item.previousElementSibling) {
      item.previousElementSibling.before(item);
    } else if (act === "down" && item.nextElementSibling) {
      item.nextElementSibling.after(item);
    }
    changed(form);
  }

  document.addEventListener("click", (event) => {
    const button = within(event.target, "[data-paragraph]");
    if (button) { event.preventDefault(); paragraph(button); }
    const quoting = within(event.target, "[data-quote]");
    if (quoting) {
      if (quote(one("textarea", quoting.closest(".paragraph")))) changed(quoting.closest("form"));
      else say("Сначала выделите слова письма слева.");
    }
    const closer = within(event.target, "[data-close]");
    if (closer) closer.closest("dialog").close();
    const print = within(event.target, "[data-print]");
    if (print) window.print();
    const frame = within(event.target, "[data-frame]");
    if (frame) { const box = one(frame.dataset.frame); box.hidden = false; box.src = box.dataset.src; }
    const fill = within(event.target, "[data-fill-login]");
    if (fill) {
      one("[name='login']").value = fill.dataset.fillLogin;
      one("[name='password']").value = fill.dataset.fillPassword;
      one("[name='password']").form.requestSubmit();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea.grow")) grow(event.target);
    const form = within(event.target, "form[data-guard]");
    if (form && event.isTrusted) form.dataset.dirty = "1";
  });

  // What was typed is not lost by a slip: leaving asks, saving and sending do not.
  window.addEventListener("beforeunload", (event) => {
    if (one("form[data-guard][data-dirty='1']")) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "_blank") event.target.dataset.dirty = "";
  });
  document.addEventListener("letter-saved", () => all("form[data-guard]").forEach((form) => { form.dataset.dirty = ""; }));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const done = event.detail.xhr.getResponseHeader("HX-Refresh") || event.detail.xhr.getResponseHeader("HX-Redirect");
    if (done) all("form[data-guard]").forEach((form) => { form.dataset.dirty = ""; });
  });

  // A server that refuses a large upload half-way can only cut the line: better to say it before sending.
  document.addEventListener("change", (event) => {
    const limit = Number(event.target.dataset?.limitMb);
    if (!limit || !event.target.files) return;
    const total = Array.from(event.target.files).reduce((sum, file) => sum + file.size, 0);
    if (total > limit * 1e6) {
      event.target.value = "";
      say(`Файлы больше ${limit} МБ. Загрузите их по частям.`);
    }
  });

  // ---- upload by drag and drop --------------------------------------------------------------------------------------
  function drops() {
    const zone = one("[data-drop]");
    if (!zone) return;
    const field = one("input[type='file']", zone);
    ["dragover", "dragleave", "drop"].forEach((name) => zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("textarea.grow").forEach(grow);
    drops();
  });
})();
