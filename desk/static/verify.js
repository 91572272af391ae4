// Verification: where a field was read, doubtful words, a region read again, pages set right, the next letter ready.
// Keys go by place on the board or by function, so that Russian and Latin layouts both work.
"use strict";

(() => {
  const room = document.querySelector("#verify");
  if (!room) return;
  const HOME = "/registry/verify";
  const ARROW = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const STEP = 0.005;
  const pick = (selector, root = room) => root.querySelector(selector);
  const every = (selector, root = room) => Array.from(root.querySelectorAll(selector));
  let form = null;
  let leaves = []; // in the order that is shown
  let doubts = new Map(); // leaf → [{start, end, box, mark}]
  let leafAt = 0;
  let field = null; // what was in focus last
  let frame = null; // {leaf, rect, mark}
  let busy = false;
  let ready = null; // the next letter: its piece of the page, pictures loading

  // ---- messages and requests ------------------------------------------------------------------------------------------
  function say(message, kind = "notice") {
    const line = document.createElement("div");
    line.className = kind;
    line.setAttribute("role", kind === "alert" ? "alert" : "status");
    line.textContent = message;
    document.querySelector("#flash").replaceChildren(line);
  }

  async function post(url, body) {
    if (busy) return null;
    busy = true;
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.ok) return answer;
      document.querySelector("#flash").innerHTML = await answer.text(); // a piece of our own server, escaped there
      return null;
    } catch {
      say("Нет связи с сервером. Набранное осталось на странице; повторите через минуту.", "alert");
      return null;
    } finally {
      busy = false;
    }
  }

  function fields(extra = {}) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const page = name.startsWith("words:") && pick(`[name='${name}']`);
      if (!page || page.value !== page.dataset.was) body.append(name, value);
    }
    Object.entries(extra).forEach(([name, value]) => body.set(name, value));
    return body;
  }

  const token = () => pick("[name='csrf']").value;
  const version = () => pick("[name='version']").value;

  // ---- one letter after another ---------------------------------------------------------------------------------------
  const piece = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html; // a piece of our own server, escaped there
    return document.importNode(made.content.querySelector("[data-verify]"), true);
  };

  async function fetched(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    return answer.status === 200 ? piece(await answer.text()) : null;
  }

  async function prepare() {
    ready = null;
    const here = pick("[data-verify]").dataset.number;
    try {
      const next = await fetched(`${HOME}-next?besides=${encodeURIComponent(here)}`);
      if (pick("[data-verify]").dataset.number === here) ready = next;
    } catch { /* no next letter ready: it will be loaded when it is wanted */ }
  }

  async function go({ next, said }) {
    if (next === HOME) { clean(); window.location.assign(HOME); return; }
    const known = ready && `${HOME}/${ready.dataset.number}` === next ? ready : await fetched(`${next}?piece=true`);
    if (!known) { clean(); window.location.assign(next); return; }
    room.replaceChildren(known);
    window.history.replaceState(null, "", next);
    open();
    say(said);
  }

  const clean = () => { form.dataset.dirty = ""; };

  async function accept() {
    if (!pick("[data-arranged]").hidden) { arrange(); return; }
    if (every("textarea").some((page) => page.value !== page.dataset.was)) { save(); return; }
    if (!pick("[data-accept]")) { later(); return; }
    const answer = await post(form.action, fields());
    if (answer) go(await answer.json());
  }

  async function later() {
    const number = pick("[data-verify]").dataset.number;
    const answer = await post(`${HOME}-later/${number}`, new URLSearchParams({ csrf: token() }));
    if (answer) go(await answer.json());
  }

  async function save() {
    const { number } = pick("[data-verify]").dataset;
    const code = pick("[name='code']");
    const chosen = code.value === code.defaultValue ? null : code.value;
    const answer = await post(`${HOME}-save/${number}`, fields());
    if (!answer) return;
    const { next, said } = await answer.json();
    const fresh = await fetched(`${next}?piece=true`);
    room.replaceChildren(fresh);
    open(ready);
    if (chosen !== null) pick("[name='code']").value = chosen;
    say(said);
  }

  // ---- marks on the scan ----------------------------------------------------------------------------------------------
  function mark(leaf, kind, [left, top, width, height]) {
    const over = leaf.querySelector(".over");
    if (!over) return null;
    const made = document.createElement("div");
    made.className = kind;
    Object.entries({ left, top, width, height }).forEach(([name, share]) => { made.style[name] = `${share * 100}%`; });
    over.append(made);
    return made;
  }

  function look(leaf, target) {
    leafAt = leaves.indexOf(leaf);
    leaves.forEach((one) => one.classList.toggle("now", one === leaf && leaves.length > 1));
    every("[data-words]").forEach((one) => { one.hidden = Number(one.dataset.words) !== Number(leaf.dataset.place); });
    const scan = pick("[data-scan]");
    const box = (target ?? leaf).getBoundingClientRect();
    const view = scan.getBoundingClientRect();
    if (!target) scan.scrollTop += box.top - view.top - 4;
    else if (box.top < view.top + 20 || box.bottom > view.bottom - 20) scan.scrollTop += box.top - view.top - view.height / 3;
  }

  function enlarge(leaf, [left, top, width, height]) {
    const glass = pick(".loupe");
    const image = leaf.querySelector("img");
    const pen = glass.getContext("2d");
    pen.clearRect(0, 0, glass.width, glass.height);
    if (!image?.complete || !image.naturalWidth) return;
    const high = Math.max(height * image.naturalHeight * 2.2, 34);
    const wide = Math.max((high * glass.width) / glass.height, width * image.naturalWidth * 1.1);
    const tall = (wide * glass.height) / glass.width;
    const x = Math.max(0, left * image.naturalWidth - (wide - width * image.naturalWidth) / 2);
    const y = (top + height / 2) * image.naturalHeight - tall / 2;
    pen.drawImage(image, x, y, wide, tall, 0, 0, glass.width, glass.height);
  }

  function show(input) {
    every(".over .read").forEach((one) => one.remove());
    const places = JSON.parse(input.dataset.places ?? "[]");
    const made = places.map(([leaf, ...box]) => [scanned(leaf), box, mark(scanned(leaf), "read", box)]);
    if (!made.length) { enlargeNothing(); return; }
    look(made[0][0], made[0][2]);
    enlarge(made[0][0], made[0][1]);
  }

  const scanned = (place) => leaves.find((leaf) => Number(leaf.dataset.place) === place);
  const enlargeNothing = () => pick(".loupe").getContext("2d").clearRect(0, 0, 9999, 9999);

  // ---- doubtful words: on the scan, in the text, one by one -------------------------------------------------------------
  const words = (leaf) => pick(`[data-words='${leaf.dataset.place}'] textarea`);

  function paint(leaf) {
    const area = words(leaf);
    const back = area.previousElementSibling;
    back.replaceChildren();
    let place = 0;
    for (const one of doubts.get(leaf).filter((word) => word.start >= 0).sort((a, b) => a.start - b.start)) {
      if (one.start < place) continue;
      const spot = document.createElement("mark");
      spot.textContent = area.value.slice(one.start, one.end);
      one.spot = spot;
      back.append(area.value.slice(place, one.start), spot);
      place = one.end;
    }
    back.append(`${area.value.slice(place)}\n`);
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  // Words after a change move with the text; one that was changed is doubtful no more.
  function edited(leaf) {
    const area = words(leaf);
    const before = area.dataset.seen;
    const after = area.value;
    let head = 0;
    while (head < Math.min(before.length, after.length) && before[head] === after[head]) head += 1;
    let tail = 0;
    while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    const moved = after.length - before.length;
    for (const one of doubts.get(leaf)) {
      if (one.start < 0) continue;
      if (one.start >= before.length - tail) { one.start += moved; one.end += moved; }
      else if (one.end > head) { one.start = -1; one.end = -1; one.mark?.remove(); one.gone = true; }
    }
    area.dataset.seen = after;
    paint(leaf);
  }

  function bring(spot) {
    const middle = pick(".middle");
    const view = middle.getBoundingClientRect();
    middle.scrollTop += spot.getBoundingClientRect().top - view.top - Math.min(200, view.height / 2);
  }

  let doubtAt = -1;
  function doubt(step) {
    const list = leaves.flatMap((leaf) => doubts.get(leaf).filter((one) => !one.gone).map((one) => ({ leaf, one })));
    if (!list.length) { say("Сомнительных слов нет."); return; }
    doubtAt = doubtAt < 0 && step < 0 ? list.length - 1 : (doubtAt + step + list.length) % list.length;
    const { leaf, one } = list[doubtAt];
    every(".doubtful.now").forEach((other) => other.classList.remove("now"));
    one.mark?.classList.add("now");
    look(leaf, one.mark);
    const area = words(leaf);
    paint(leaf); // a text that was hidden gets its height now
    area.focus({ preventScroll: true });
    if (one.start >= 0) area.setSelectionRange(one.start, one.end);
    bring(one.spot?.isConnected ? one.spot : area);
    enlarge(leaf, one.box);
    field = area;
  }

  // ---- a region read again ----------------------------------------------------------------------------------------------
  function begin(leaf, rect) {
    frame?.mark.remove();
    frame = { leaf, rect, mark: mark(leaf, "frame", [0, 0, 0, 0]) };
    draw();
  }

  function draw() {
    const { left, top, right, bottom } = frame.rect;
    const shares = { left, top, width: right - left, height: bottom - top };
    Object.entries(shares).forEach(([name, share]) => { frame.mark.style[name] = `${share * 100}%`; });
    enlarge(frame.leaf, [left, top, right - left, bottom - top]);
  }

  function stop() { frame?.mark.remove(); frame = null; }

  function around() {
    const leaf = leaves[leafAt];
    if (!leaf?.querySelector(".over")) return;
    const near = leaf.querySelector(".doubtful.now, .read");
    const over = leaf.querySelector(".over").getBoundingClientRect();
    const at = near?.getBoundingClientRect();
    const seen = pick("[data-scan]").getBoundingClientRect();
    const top = Math.max(0, (seen.top - over.top + seen.height / 3) / over.height);
    begin(leaf, at
      ? { left: (at.left - over.left) / over.width, top: (at.top - over.top) / over.height,
          right: (at.right - over.left) / over.width, bottom: (at.bottom - over.top) / over.height }
      : { left: 0.1, top, right: 0.5, bottom: top + 0.03 });
    say("Стрелки двигают рамку, Shift и стрелки меняют размер, Enter читает, Esc отменяет.");
  }

  function nudge(key, size) {
    const [x, y] = ARROW[key];
    const { rect } = frame;
    const dx = Math.max(-rect.left * !size, Math.min(x * STEP, 1 - rect.right));
    const dy = Math.max(-rect.top * !size, Math.min(y * STEP, 1 - rect.bottom));
    if (!size) { rect.left += dx; rect.top += dy; }
    rect.right = Math.max(rect.left + STEP, rect.right + dx);
    rect.bottom = Math.max(rect.top + STEP, rect.bottom + dy);
    draw();
  }

  async function read() {
    const { leaf, rect } = frame;
    const body = new URLSearchParams({ ...rect, csrf: token() });
    say("Читаю область…");
    const answer = await post(`/documents/${leaf.dataset.document}/pages/${leaf.dataset.page}/region`, body);
    stop();
    if (!answer) return;
    const { text, confidence } = await answer.json();
    if (!text) { say("В области слов не найдено. Введите их вручную.", "alert"); return; }
    put(text);
    say(`Прочитано с уверенностью ${confidence} %: сверьте со сканом.`);
  }

  function put(text) {
    const target = field ?? pick("input:not([type='hidden'])", form);
    if (target.matches("textarea")) {
      target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
    } else {
      const [, day, month, year] = text.match(/(\d{1,2})[.,\s]+(\d{1,2})[.,\s]+(\d{4})/) ?? [];
      const line = text.replace(/\s*\n\s*/g, " ");
      target.value = target.type === "date" ? (year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "") : line;
    }
    target.dispatchEvent(new Event("input", { bubbles: true }));
    form.dataset.dirty = "1";
    target.focus({ preventScroll: true });
  }

  let drag = null;
  room.addEventListener("mousedown", (event) => {
    const over = event.target.closest?.(".over");
    if (!over || event.button) return;
    event.preventDefault(); // the field stays in focus: the words go there
    const area = over.getBoundingClientRect();
    const x = (event.clientX - area.left) / area.width;
    const y = (event.clientY - area.top) / area.height;
    drag = { area, x, y };
    begin(over.closest(".leaf"), { left: x, top: y, right: x, bottom: y });
  });
  document.addEventListener("mousemove", (event) => {
    if (!drag || !frame) return;
    const x = Math.min(1, Math.max(0, (event.clientX - drag.area.left) / drag.area.width));
    const y = Math.min(1, Math.max(0, (event.clientY - drag.area.top) / drag.area.height));
    frame.rect = { left: Math.min(x, drag.x), top: Math.min(y, drag.y), right: Math.max(x, drag.x), bottom: Math.max(y, drag.y) };
    draw();
  });
  document.addEventListener("mouseup", () => {
    if (!drag || !frame) { drag = null; return; }
    drag = null;
    const { left, top, right, bottom } = frame.rect;
    if (right - left > 0.01 && bottom - top > 0.005) read(); else stop();
  });

  // ---- pages: turned, moved, cut off, joined ------------------------------------------------------------------------------
  const mayArrange = () => every("dl.keys kbd").some((key) => key.textContent === "F6");

  function changed() {
    pick("[data-arranged]").hidden = leaves.every((leaf, place) => leaf.dataset.turn === "0" && Number(leaf.dataset.place) === place);
  }

  function turn(angle) {
    const leaf = leaves[leafAt];
    if (!leaf || !mayArrange()) return;
    leaf.dataset.turn = String((Number(leaf.dataset.turn) + angle + 360) % 360);
    changed();
  }

  function move(step) {
    const leaf = leaves[leafAt];
    const other = leaves[leafAt + step];
    if (!other || !mayArrange()) return;
    if (step > 0) other.after(leaf); else other.before(leaf);
    leaves = every(".leaf");
    look(leaf);
    changed();
  }

  function undo() {
    const now = leaves[leafAt];
    leaves.sort((a, b) => Number(a.dataset.place) - Number(b.dataset.place)).forEach((leaf) => {
      leaf.dataset.turn = "0";
      leaf.parentElement.append(leaf);
    });
    look(now);
    changed();
  }

  // Pages of several files in one order: the letter becomes one file.
  async function bind() {
    const body = new URLSearchParams({ csrf: token(), version: version() });
    for (const leaf of leaves) {
      const page = `${leaf.dataset.document}:${leaf.dataset.page}`;
      body.append("page", page);
      body.append(`turn_${page}`, leaf.dataset.turn);
    }
    if (!await post(`${HOME}-bind/${pick("[data-verify]").dataset.number}`, body)) return;
    clean();
    window.location.assign(HOME);
  }

  async function arrange() {
    const files = leaves.map((leaf) => leaf.dataset.document);
    const came = every(".leaf").sort((a, b) => Number(a.dataset.place) - Number(b.dataset.place)).map((leaf) => leaf.dataset.document);
    if (files.some((key, place) => key !== came[place])) { bind(); return; }
    const touched = leaves.filter((leaf, place) => leaf.dataset.turn !== "0" || Number(leaf.dataset.place) !== place);
    for (const key of new Set(touched.map((leaf) => leaf.dataset.document))) {
      const body = new URLSearchParams({ csrf: token(), version: version() });
      for (const leaf of leaves.filter((one) => one.dataset.document === key)) {
        body.append("page", leaf.dataset.page);
        body.append(`turn_${leaf.dataset.page}`, leaf.dataset.turn);
      }
      const answer = await post(`/documents/${key}/arrange`, body);
      if (!answer) return;
      pick("[name='version']").value = ""; // the files of one letter were all seen together
    }
    clean();
    window.location.assign(HOME);
  }

  function ask(question, main = null) {
    const box = document.querySelector("#sure");
    const input = box.querySelector("input");
    box.querySelector("[data-question]").textContent = question;
    input.hidden = main === null;
    input.required = main !== null;
    input.value = main ?? "";
    box.showModal();
    (main === null ? box.querySelector("button") : input).focus();
    return new Promise((resolve) => {
      box.addEventListener("close", () => resolve(box.returnValue === "yes" ? { main: input.value } : null), { once: true });
      box.returnValue = "";
    });
  }

  async function split() {
    const leaf = leaves[leafAt];
    if (!leaf || !mayArrange()) return;
    if (leaf.dataset.page === "1") { say("Отделить можно со второй страницы файла: перейдите на неё клавишей PgDn.", "alert"); return; }
    const { number } = pick("[data-verify]").dataset;
    if (!await ask(`Со страницы ${leafAt + 1} начинается другое письмо? Номер ${number} останется у первой части, остальное получит новый.`)) return;
    if (await post(`/documents/${leaf.dataset.document}/split`, new URLSearchParams({ csrf: token(), page: leaf.dataset.page }))) {
      clean();
      window.location.assign(HOME);
    }
  }

  async function join() {
    if (!mayArrange()) return;
    const { number, before } = pick("[data-verify]").dataset;
    const said = await ask(`Это листы другого письма? Номер ${number} будет аннулирован: «присоединено к № …». Номер того письма:`, before);
    if (!said?.main.trim()) return;
    if (await post(`/appeals/${number}/join`, new URLSearchParams({ csrf: token(), main: said.main.trim() }))) {
      clean();
      window.location.assign(HOME);
    }
  }

  // ---- the paper: receipt one working day back with one key -------------------------------------------------------------
  function why() {
    const stamped = pick("[name='stamped']");
    if (!stamped) return;
    const early = stamped.value !== "" && stamped.value < stamped.dataset.scanned && stamped.value !== stamped.defaultValue;
    every("[data-why]").forEach((one) => { one.hidden = !early; });
  }

  function earlier() {
    const stamped = pick("[name='stamped']");
    if (!stamped || stamped.disabled) return;
    const days = stamped.dataset.back.split(" ").filter(Boolean);
    const next = days.find((day) => day < (stamped.value || stamped.dataset.scanned));
    if (!next) { say("Раньше дату поступления ставит начальник канцелярии: впишите её в поле с причиной.", "alert"); return; }
    stamped.value = next;
    form.dataset.dirty = "1";
    why();
    const reason = pick("[name='stamp_reason']");
    if (!reason.value) reason.value = document.querySelector("#backreasons option")?.value ?? "";
    bring(stamped);
    const [year, month, day] = next.split("-");
    say(`Поступило ${day}.${month}.${year}: F9 запишет дату с причиной «${reason.value}».`);
  }

  function offered() {
    const fields = every("[data-offer]", form).filter((one) => !one.disabled && !one.value);
    if (!fields.length) { say("С конверта ничего не прочитано: впишите штемпель и ШПИ сами."); return; }
    fields.forEach((one) => { one.value = one.dataset.offer; });
    form.dataset.dirty = "1";
    bring(fields[0]);
    fields[0].focus({ preventScroll: true });
    say("Внесено с конверта: сверьте со сканом. F9 запишет, срок пересчитается.");
  }

  async function envelope() {
    const leaf = leaves[leafAt];
    if (!leaf || every("dl.keys kbd").every((key) => key.textContent !== "Shift F10")) return;
    if (every("textarea").some((page) => page.value !== page.dataset.was)) { say("Сначала сохраните исправленный текст: Ctrl S.", "alert"); return; }
    const kind = leaf.dataset.kind === "envelope" ? "letter" : "envelope";
    const body = new URLSearchParams({ csrf: token(), version: version(), kind });
    say("Смотрю страницу…");
    const answer = await post(`/documents/${leaf.dataset.document}/pages/${leaf.dataset.page}/kind`, body);
    if (!answer) return;
    const { next, said } = await answer.json();
    clean();
    room.replaceChildren(await fetched(`${next}?piece=true`));
    open(ready);
    say(said);
  }

  // ---- keys ---------------------------------------------------------------------------------------------------------------
  function nextField(input) {
    const all = every("input:not([type='hidden']), [data-accept]", form).filter((one) => !one.hidden && !one.disabled);
    all[(all.indexOf(input) + 1) % all.length]?.focus();
  }

  function toText() {
    if (field?.matches("textarea") && document.activeElement === field) { every("input:not([type='hidden'])", form)[0]?.focus(); return; }
    if (!leaves.length) return;
    const area = words(leaves[leafAt]);
    area.focus({ preventScroll: true });
    paint(leaves[leafAt]);
    bring(area);
  }

  const KEYS = {
    F2: around, F3: split, F4: toText, F6: () => turn(90), F7: () => move(1), F8: () => doubt(1), F9: accept,
    F10: () => { pick("[data-scan]").classList.toggle("whole"); page(0); },
    PageDown: () => page(1), PageUp: () => page(-1),
  };
  const SHIFTED = { F2: offered, F3: join, F4: earlier, F10: envelope, F6: () => turn(-90), F7: () => move(-1), F8: () => doubt(-1), F9: later };

  function page(step) {
    const leaf = leaves[Math.max(0, Math.min(leaves.length - 1, leafAt + step))];
    if (leaf) look(leaf);
  }

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const take = () => { event.preventDefault(); event.stopPropagation(); };
    if (frame && !drag) {
      if (ARROW[event.key]) { take(); nudge(event.key, event.shiftKey); return; }
      if (event.key === "Enter") { take(); read(); return; }
      if (event.key === "Escape") { take(); stop(); return; }
    }
    if (event.key === "Escape" && !pick("[data-arranged]").hidden) { take(); undo(); return; }
    if (event.ctrlKey && event.key === "Enter") { take(); if (!event.repeat) accept(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && event.target.matches?.("form.checked input")) { take(); nextField(event.target); return; }
    const act = (event.shiftKey ? SHIFTED : KEYS)[event.key];
    if (!act) return;
    take();
    // A key that is held down must not let letters pass unseen.
    if (!event.repeat || event.key.startsWith("Page")) act();
  }, true);

  room.addEventListener("focusin", (event) => {
    if (!event.target.matches("form.checked input:not([type='hidden']), textarea")) return;
    field = event.target;
    if (field.matches("input")) { show(field); field.select?.(); }
  });
  room.addEventListener("input", (event) => {
    if (event.target.matches("[name='stamped']")) why();
    if (event.target.matches("textarea")) edited(scanned(Number(event.target.closest("[data-words]").dataset.words)));
  });
  room.addEventListener("submit", (event) => { event.preventDefault(); accept(); });
  room.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) {
      const leaf = event.target.closest?.(".leaf");
      if (leaf) look(leaf, leaf.querySelector(".read"));
      return;
    }
    if (button.matches("[data-later]")) later();
    if (button.matches("[data-save]")) save();
    if (button.matches("[data-arrange]")) arrange();
    if (button.matches("[data-undo]")) undo();
    if (button.dataset.postmark) { pick("[name='postmark']").value = button.dataset.postmark; form.dataset.dirty = "1"; }
    if (button.dataset.topic) { pick("[name='code']").value = button.dataset.topic; form.dataset.dirty = "1"; }
  });

  function open(kept = null) {
    form = pick("form.checked");
    leaves = every(".leaf");
    doubts = new Map();
    [leafAt, field, frame, doubtAt] = [0, null, null, -1];
    leaves.forEach((leaf, place) => {
      leaf.dataset.place = String(place);
      const list = JSON.parse(leaf.dataset.doubts).map(([start, end, ...rest]) => ({ start, end, box: rest.slice(0, 4) }));
      list.forEach((one) => { one.mark = mark(leaf, "doubtful", one.box); });
      doubts.set(leaf, list);
      const area = words(leaf);
      area.dataset.was = area.value;
      area.dataset.seen = area.value;
      if (!place) paint(leaf);
    });
    const first = pick("input:not([type='hidden']):not([disabled])", form);
    const image = pick(".leaf img");
    if (image && !image.complete) image.addEventListener("load", () => { if (field?.matches("input")) show(field); }, { once: true });
    first?.focus({ preventScroll: true });
    if (leaves.length) every("[data-words]").forEach((one, place) => { one.hidden = place > 0; });
    if (kept) ready = kept; else prepare();
    room.dataset.opened = pick("[data-verify]").dataset.number;
  }

  open();
})();
