// Sheets of a pile: borders by mouse or keys, by place on the board, so that both layouts work.
"use strict";

(() => {
  const board = document.querySelector("[data-sheets]");
  if (!board) return;
  const form = board.closest("form");
  const sheets = () => Array.from(board.querySelectorAll("figure"));
  const ROLES = { KeyY: "start", KeyG: "next", BracketLeft: "drop" }; // н, п, х on the Russian board

  function paint() {
    sheets().forEach((sheet) => {
      const role = sheet.querySelector("input[type='radio']:checked")?.value;
      sheet.classList.toggle("begins", role === "start");
      sheet.classList.toggle("dropped", role === "drop");
    });
  }

  function give(sheet, role) {
    sheet.querySelector(`input[value='${role}']`).checked = true;
    form.dataset.dirty = "1";
    paint();
  }

  function collate() {
    const before = sheets().sort((a, b) => Number(a.dataset.sheet) - Number(b.dataset.sheet));
    const half = Math.floor(before.length / 2);
    const after = [];
    for (let front = 0; front < half; front += 1) after.push(before[front], before[2 * half - 1 - front]);
    board.replaceChildren(...after, ...before.slice(2 * half));
    form.dataset.dirty = "1";
    paint();
  }

  board.addEventListener("change", paint);
  form.querySelector("[data-collate]").addEventListener("click", collate);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); form.querySelector("[data-confirm]").click(); return; }
    if (event.target.matches?.("input:not([type='radio']), select, textarea")) return;
    const all = sheets();
    const sheet = event.target.closest?.("figure") ?? null;
    const at = sheet ? all.indexOf(sheet) : -1;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      if (event.altKey && sheet) {
        const other = all[at + step];
        if (other) { if (step < 0) other.before(sheet); else other.after(sheet); form.dataset.dirty = "1"; sheet.focus(); }
      } else all[Math.max(0, Math.min(at + step, all.length - 1))]?.focus();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.code === "Digit2") { event.preventDefault(); event.stopPropagation(); collate(); return; }
    if (!sheet) return;
    if (ROLES[event.code]) { event.preventDefault(); event.stopPropagation(); give(sheet, ROLES[event.code]); }
    if (event.key === "Enter") { event.preventDefault(); sheet.querySelector("a").click(); }
  }, true);
  sheets()[0]?.focus({ preventScroll: true });
})();
