"""The reply: the editor with its live check, approval and signing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, uploads
from desk.render import Here, done, file, is_htmx, page
from desk.security import Posted, Uploaded
from rules.wire import CheckReport, Gate, LetterContent, Severity
from steps import check, draft, enclosures, norms, recipients, send, sign, views
from steps.edited import take_back
from steps.views import FileView, ReplyCard

router = APIRouter(prefix="/appeals/{number:path}/reply/{reply_id}", include_in_schema=False)

EDITABLE = "draft"
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


@dataclass(frozen=True, slots=True)
class Place:
    """Which reply to which appeal an address speaks of."""

    number: str
    reply_id: int

    @property
    def path(self) -> str:
        """Address of the reply's page."""
        return f"/appeals/{self.number}/reply/{self.reply_id}"


def _place(number: str, reply_id: int) -> Place:
    return Place(number, reply_id)


At = Annotated[Place, Depends(_place)]


@router.get("/file/{which}")
def reply_file(
    desk: Here, who: Who, at: At, which: Literal["docx", "pdf", "signed"], *, download: bool = False
) -> Response:
    """Return a final file of the reply."""
    view = views.reply_file(who.actor, desk.house, at.reply_id, which)
    return file(view, inline=view.media_type == "application/pdf" and not download)


@router.get("/preview.{which}")
def preview(desk: Here, who: Who, at: At, which: Literal["docx", "pdf"]) -> Response:
    """Show the newest version as a letter."""
    return _preview(desk, who, at.reply_id, None, which)


@router.post("/preview")
def preview_typed(desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Show what is being typed as a letter; nothing is kept."""
    _, reply = views.reply(who.actor, desk.house, at.reply_id)
    return _preview(desk, who, at.reply_id, forms.content(form, reply.content), "pdf")


@router.post("/check")
def live_check(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Return the findings for what is being typed; nothing is kept."""
    card, reply = views.reply(who.actor, desk.house, at.reply_id)
    report = check.draft(who.actor, desk.house, at.reply_id, forms.content(form, reply.content))
    return page(
        request, "pieces/findings.html", {**_findings(report, reply), "card": card, "reply": reply, "typed": True}
    )


@router.post("/save")
def save(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Keep a version of the draft."""
    report = _save(desk, who, at.reply_id, form)
    if not is_htmx(request):
        return done(request, at.path, "Черновик сохранён.")
    card, reply = views.reply(who.actor, desk.house, at.reply_id)
    context = {**_findings(report, reply), "card": card, "reply": reply, "typed": False}
    response = page(request, "pieces/saved.html", context)
    response.headers["HX-Trigger"] = "letter-saved"
    return response


@router.post("/settle")
def settle(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Keep what is on the screen with the variants decided and the fields filled."""
    _, reply = views.reply(who.actor, desk.house, at.reply_id)
    typed = forms.content(form, reply.content)
    kept = [value for value in form.getlist("variant") if isinstance(value, str)]
    draft.settle(who.actor, desk.house, at.reply_id, typed, kept, forms.fields(form))
    return done(request, at.path, "Текст собран.")


@router.post("/edited")
def edited(request: Request, desk: Here, who: Who, at: At, form: Uploaded) -> Response:
    """Take back a .docx that was edited elsewhere."""
    upload = next(uploads(form, "docx"), None)
    if upload is None:
        raise FormError("Выберите файл письма .docx.")
    take_back(who.actor, desk.house, at.reply_id, upload.file.read())
    return done(request, at.path, f"{at.number}: текст взят из файла, сохранена новая версия.")


@router.post("/enclosures")
def enclose(request: Request, desk: Here, who: Who, at: At, form: Uploaded) -> Response:
    """Keep what is on the screen with more files enclosed."""
    files = [(one.filename or "", one.file.read()) for one in uploads(form, "files")]
    enclosures.add(who.actor, desk.house, at.reply_id, _typed(desk, who, at, form), files)
    return done(request, at.path, "Файлы приложены, черновик сохранён.")


@router.post("/enclosures/{what}")
def change_enclosures(
    request: Request, desk: Here, who: Who, at: At, form: Posted, what: Literal["move", "remove"]
) -> Response:
    """Keep what is on the screen with one enclosure moved up or taken out."""
    change = {"move": enclosures.move, "remove": enclosures.remove}[what]
    change(who.actor, desk.house, at.reply_id, _typed(desk, who, at, form), forms.number(form, "number") or 0)
    return done(request, at.path, "Список приложений изменён, черновик сохранён.")


@router.get("/enclosure/{place}")
def enclosure(desk: Here, who: Who, at: At, place: int) -> Response:
    """Show the file of an enclosure."""
    made = enclosures.file(who.actor, desk.house, at.reply_id, place)
    return file(FileView(made.name, "application/pdf", made.data), inline=True)


@router.get("/covering/{place}")
def covering(desk: Here, who: Who, at: At, place: int) -> Response:
    """Show the covering letter for another recipient."""
    made = recipients.covering_file(who.actor, desk.house, at.reply_id, place)
    return file(FileView(made.name, "application/pdf", made.data), inline=True)


@router.get("/set.pdf")
def print_set(desk: Here, who: Who, at: At) -> Response:
    """Show letter and enclosures as one set to print."""
    made = enclosures.whole(who.actor, desk.house, at.reply_id)
    return file(FileView(made.name, "application/pdf", made.data), inline=True)


@router.post("/submit")
def submit(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Keep what is on the screen and hand it over for approval."""
    signatory = forms.number(form, "signatory")
    if signatory is None:
        raise FormError("Выберите, кто подпишет письмо.")
    _save(desk, who, at.reply_id, form)
    sign.submit(who.actor, desk.house, at.reply_id, signatory)
    return done(request, at.path, f"{at.number}: письмо передано на согласование.")


@router.post("/cancel")
def cancel(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Give the draft up."""
    draft.cancel(who.actor, desk.house, at.reply_id, text(form, "reason"))
    return done(request, f"/appeals/{at.number}", f"{at.number}: черновик отменён.")


@router.post("/approve")
def approve(request: Request, desk: Here, who: Who, at: At, _form: Posted) -> Response:
    """Approve the text."""
    sign.approve(who.actor, desk.house, at.reply_id)
    return done(request, at.path, f"{at.number}: письмо согласовано и передано на подпись.")


@router.post("/return")
def send_back(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Return for rework."""
    sign.send_back(who.actor, desk.house, at.reply_id, text(form, "reason"))
    return done(request, at.path, f"{at.number}: письмо возвращено на доработку.")


@router.post("/override")
def override(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Set a blocking finding aside."""
    rule = text(form, "rule")
    sign.override(who.actor, desk.house, at.reply_id, rule, text(form, "reason"))
    return done(request, at.path, f"{at.number}: замечание {rule.partition(':')[0]} снято.")


@router.post("/take-back")
def take_back_signed(request: Request, desk: Here, who: Who, at: At, form: Posted) -> Response:
    """Take a signed letter back while it waits to leave."""
    number = send.take_back(who.actor, desk.house, at.reply_id, text(form, "reason"))
    return done(request, f"/appeals/{number}", f"{number}: письмо возвращено до отправки, номер аннулирован.")


@router.post("/accept")
def accept(request: Request, desk: Here, who: Who, at: At, _form: Posted) -> Response:
    """The signatory accepts: the letter gets its number and final files."""
    out_number = sign.accept(who.actor, desk.house, at.reply_id)
    return done(request, at.path, f"{at.number}: письму присвоен номер {out_number}.")


@router.post("/complete")
def complete(request: Request, desk: Here, who: Who, at: At, form: Uploaded) -> Response:
    """Take the proof of signing; the letter goes to sending."""
    way = text(form, "way")
    proof = next(uploads(form, "proof"), None)
    data = proof.file.read() if proof else None
    name = proof.filename if proof else None
    sign.complete(who.actor, desk.house, at.reply_id, way, data, name, looked=bool(text(form, "looked")))
    return done(request, at.path, f"{at.number}: письмо подписано и передано на отправку.")


@router.get("")
def show(request: Request, desk: Here, who: Who, at: At) -> Response:
    """Show the editor of a draft, else the letter with approval and signing."""
    card, reply = views.reply(who.actor, desk.house, at.reply_id)
    report = reply.report
    editing = reply.state == EDITABLE and "draft" in card.allowed
    if editing or (report is None and reply.content.signatory is not None):
        report = check.draft(who.actor, desk.house, at.reply_id)
    context = {
        "card": card,
        "row": card.row,
        "reply": reply,
        "letter": reply.content,
        "reference": views.reference(desk.house),
        "typed": False,
        "places": draft.open_places(reply.content),
        "doubts": norms.doubts(who.actor, desk.house, at.reply_id),
        "asks": draft.asks(who.actor, desk.house, at.reply_id) if editing else [],
        # A notice of the system is no letter: nobody signs it, nothing is checked.
        **(_findings(report, reply) if report else {"report": None}),
    }
    return page(request, "editor.html" if editing else "reply.html", context)


def _typed(desk: Here, who: Who, at: Place, form: Posted) -> LetterContent:
    _, reply = views.reply(who.actor, desk.house, at.reply_id)
    return forms.content(form, reply.content)


def _save(desk: Here, who: Who, reply_id: int, form: Posted) -> CheckReport:
    _, reply = views.reply(who.actor, desk.house, reply_id)
    return draft.save(who.actor, desk.house, reply_id, forms.content(form, reply.content))


def _preview(
    desk: Here, who: Who, reply_id: int, content: LetterContent | None, which: Literal["docx", "pdf"]
) -> Response:
    data = draft.preview(who.actor, desk.house, reply_id, content, which)
    media = {"pdf": "application/pdf", "docx": "application/octet-stream"}[which]
    return file(FileView(f"Черновик ответа {reply_id}.{which}", media, data), inline=which == "pdf")


def _findings(report: CheckReport, reply: ReplyCard) -> dict[str, Any]:
    """Order findings for the screen: those that stop the letter first, then by weight."""
    set_aside = {row.rule: row for row in reply.overrides}
    ordered = sorted(report.findings, key=lambda one: (one.gate is not Gate.BLOCKS, _WEIGHT[one.severity]))
    blocking = {one.rule for one in report.blocking if not {one.rule, one.key} & set(set_aside)}
    return {"report": report, "findings": ordered, "set_aside": set_aside, "blocking": blocking}
