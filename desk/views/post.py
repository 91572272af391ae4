"""Letters on paper: lists for the post office, hand-over, what comes back, and sendings nobody can tell about."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, texts, uploads
from desk.render import Here, done, file, page
from desk.security import Posted, Uploaded
from desk.words import plural
from steps import post, postscan, reopen, send, views
from steps.views.postpapers import ListFile, Which

router = APIRouter(include_in_schema=False)

INLINE: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})
SHOWN_WRONG: Final = 5  # lines of an import that could not be used


@router.get("/post")
def show(request: Request, desk: Here, who: Who, number: str = "") -> Response:
    """Show what waits for the post office, and the letter of an envelope that came back."""
    sought = " ".join(number.split())
    context = {"post": views.post(who.actor, desk.house, sought), "sought": sought}
    return page(request, "post.html", context)


@router.post("/post/lists")
def make(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Put the waiting letters on lists, one a kind."""
    made = post.make_lists(who.actor, desk.house, text(form, "kind") or None)
    if len(made) == 1:
        said = f"Список № {made[0]} составлен: распечатайте его и сдайте письма на почту."
        return done(request, f"/post/lists/{made[0]}", said)
    numbers = ", ".join(map(str, made))
    return done(request, "/post", f"Составлены списки № {numbers}: распечатайте их и сдайте письма на почту.")


@router.get("/post/lists/{list_id}")
def show_list(request: Request, desk: Here, who: Who, list_id: int) -> Response:
    """Show a list with its letters."""
    return page(request, "postlist.html", {"page": views.post_list(who.actor, desk.house, list_id)})


@router.get("/post/lists/{list_id}/{which}")
def list_file(desk: Here, who: Who, list_id: int, which: ListFile) -> Response:
    """Show a list or what is printed for its letters."""
    made = views.post_list_file(who.actor, desk.house, list_id, which)
    return file(made, inline=made.media_type in INLINE)


@router.post("/post/lists/{list_id}/confirm")
def confirm(request: Request, desk: Here, who: Who, list_id: int, form: Posted) -> Response:
    """Confirm the day of hand-over, and which letters the post took."""
    handed_over = forms.day(form, "handed_over", "Дата сдачи на почту")
    if handed_over is None:
        raise FormError("Укажите дату сдачи на почту.")
    if text(form, "accepted") and forms.number(form, "accepted") is None:
        raise FormError("Сколько приняла почта: впишите число со списка.")
    taken = {int(key) for key in texts(form, "taken") if key.isascii() and key.isdigit()}
    listed = {int(key) for key in texts(form, "listed") if key.isascii() and key.isdigit()}
    sent = post.confirm_list(
        who.actor, desk.house, list_id, handed_over, listed - taken, forms.number(form, "accepted")
    )
    left = f", {_waits(len(listed - taken))} следующего списка" if listed - taken else ""
    said = f"Список № {list_id}: сдача подтверждена, отправлено {plural(sent, 'письмо', 'письма', 'писем')}{left}."
    if not sent:
        return done(request, f"/post/lists/{list_id}", f"Список № {list_id} уже подтверждён раньше.")
    return done(request, f"/post/lists/{list_id}", said)


@router.post("/post/lists/{list_id}/disband")
def disband(request: Request, desk: Here, who: Who, list_id: int, _form: Posted) -> Response:
    """Take a list apart that was not handed over."""
    count = post.disband_list(who.actor, desk.house, list_id)
    return done(
        request,
        "/post",
        f"Список № {list_id} расформирован, {plural(count, 'письмо ждёт', 'письма ждут', 'писем ждут')} нового списка.",
    )


@router.post("/post/scan")
def scan(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Take the scans of stamped lists and notices: each is found by its code."""
    found = list(uploads(form, "files"))
    if not found:
        raise FormError("Выберите скан списка или уведомления.")
    said: list[str] = []
    for one in found:
        kept = postscan.take(who.actor, desk.house, one.file.read(), one.filename or "")
        said += [f"список № {key}" for key in kept.lists]
        said += [f"уведомление к исх. № {number}" for number in kept.notices]
        said += [f"не принято — {strange}" for strange in kept.strange]
    return done(request, "/post", f"Скан разобран: {'; '.join(said)}. Подтвердите сдачу или впишите день вручения.")


@router.post("/post/tracking")
def tracking(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Take a table of postal numbers."""
    upload = next(uploads(form, "file"), None)
    if upload is None:
        raise FormError("Выберите файл CSV или xlsx с графами «Исх. №» и «ШПИ».")
    made = post.import_tracking(who.actor, desk.house, upload.file.read())
    wrong = "; ".join(made.wrong[:SHOWN_WRONG]) + ("…" if len(made.wrong) > SHOWN_WRONG else "")
    said = f"Записано ШПИ: {made.kept}" + (f". Не записано: {len(made.wrong)} — {wrong}" if wrong else "")
    return done(request, "/post", f"{said}.")


@router.post("/post/unclear/{dispatch_id}")
def decide(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Decide whether an unclear sending went out."""
    decision = text(form, "decision")
    if decision not in {"sent", "again"}:
        raise FormError("Выберите: письмо ушло или его нужно отправить ещё раз.")
    send.confirm_unclear(who.actor, desk.house, dispatch_id, decision == "sent", text(form, "reason"))
    return done(request, "/post", "Решение записано.")


@router.post("/sendings/{dispatch_id}/kind")
def choose_kind(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Choose another kind of item for a letter that waits."""
    post.choose_kind(who.actor, desk.house, dispatch_id, text(form, "kind"))
    return done(request, "/post", "Вид отправления изменён.")


@router.post("/sendings/{dispatch_id}/tracking")
def set_tracking(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Keep the postal number of a letter."""
    post.set_tracking(who.actor, desk.house, dispatch_id, text(form, "tracking"))
    return done(request, _back(text(form, "back")), "ШПИ записан.")


@router.post("/sendings/{dispatch_id}/delivered")
def delivered(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Keep the day of delivery that stands on the notice."""
    day = forms.day(form, "day", "День вручения")
    if day is None:
        raise FormError("Укажите день вручения с уведомления.")
    number = post.delivered(who.actor, desk.house, dispatch_id, day)
    return done(request, _back(text(form, "back")), f"Исх. № {number}: вручено {day:%d.%m.%Y}.")


@router.post("/sendings/{dispatch_id}/handed")
def handed(request: Request, desk: Here, who: Who, dispatch_id: int, form: Uploaded) -> Response:
    """A letter was handed over at the counter against a signature."""
    day = forms.day(form, "day", "День вручения")
    if day is None:
        raise FormError("Укажите день вручения.")
    proof = next(uploads(form, "proof"), None)
    signed = proof.file.read() if proof else None
    number = post.hand_over(who.actor, desk.house, dispatch_id, day, text(form, "to"), signed)
    return done(request, _back(text(form, "back")), f"{number}: вручение под подпись записано.")


@router.get("/sendings/{dispatch_id}/receipt")
def receipt(desk: Here, who: Who, dispatch_id: int) -> Response:
    """Show the scan of a notice or of the signed copy."""
    made = views.receipt_file(who.actor, desk.house, dispatch_id)
    return file(made, inline=made.media_type in INLINE)


@router.get("/sendings/{dispatch_id}/{which}")
def papers(desk: Here, who: Who, dispatch_id: int, which: Which) -> Response:
    """Show what is printed for one letter."""
    return file(views.sending_papers(who.actor, desk.house, dispatch_id, which), inline=True)


@router.post("/sendings/{dispatch_id}/returned")
def returned(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """The post brought a letter back: the appeal is open again under its own term."""
    day = forms.day(form, "day", "День возврата")
    if day is None:
        raise FormError("Укажите день, когда письмо вернулось.")
    number = reopen.returned(who.actor, desk.house, dispatch_id, day, text(form, "reason"))
    return done(request, f"/appeals/{number}", f"{number}: возврат записан, обращение снова открыто, срок прежний.")


SAID_AGAIN: Final[dict[Literal["post", "email", "hand"], str]] = {
    "post": "письмо войдёт в следующий список",
    "email": "письмо уйдёт по электронной почте",
    "hand": "письмо ждёт вручения под подпись",
}


@router.post("/sendings/{dispatch_id}/resend")
def resend(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Send a signed letter that did not arrive once more."""
    channel = text(form, "channel")
    reopen.resend(who.actor, desk.house, dispatch_id, channel, text(form, "address"))
    said = next((words for name, words in SAID_AGAIN.items() if name == channel), "записана")
    return done(request, _back(text(form, "back")), f"Повторная отправка: {said}.")


def _waits(count: int) -> str:
    return plural(count, "письмо ждёт", "письма ждут", "писем ждут")


def _back(place: str) -> str:
    """Where the form stood: a card or a list; anything else is none of our pages."""
    return place if place.startswith(("/appeals/", "/post/lists/")) else "/post"
