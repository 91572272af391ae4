"""What letters are made of: the templates, and the norms that the scripts cite, with the form of their comparison."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, uploads
from desk.render import Here, done, file, page
from desk.security import Posted, Uploaded
from steps import norms, templates
from steps.views import FileView

router = APIRouter(prefix="/letters", include_in_schema=False)


@router.get("")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show templates and norms; norms that must not be relied on stand first."""
    found = norms.overview(who.actor, desk.house)
    context = {
        "templates": templates.listed(who.actor, desk.house),
        "norms": found,
        "doubtful": sum(bool(one.trouble) for one in found),
        "verdicts": norms.VERDICTS,
    }
    return page(request, "letters.html", context)


@router.post("/norm")
def review(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Keep that a norm was compared with its official text."""
    until = forms.day(form, "valid_until", "Последний день действия")
    norms.review(who.actor, desk.house, text(form, "key"), text(form, "verdict"), text(form, "source"), until)
    return done(request, "/letters", "Сверка записана.")


@router.get("/template/{name}")
def template(desk: Here, who: Who, name: str) -> Response:
    """Give a template out for editing."""
    data = templates.file(who.actor, desk.house, name)
    return file(FileView(name, "application/octet-stream", data), inline=False)


@router.post("/template")
def install(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Put a template in."""
    upload = next(uploads(form, "template"), None)
    if upload is None:
        raise FormError("Выберите файл шаблона .docx.")
    kept = templates.install(who.actor, desk.house, text(form, "name"), upload.file.read())
    before = f" Прежний сохранён: {kept}." if kept else ""
    return done(request, "/letters", f"Шаблон принят, новые письма составляются по нему.{before}")
