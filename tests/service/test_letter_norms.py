"""Norms compared with the official text, and templates put in: by whom, with what kept, and what a letter then says."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from test_edited_letter import begun

from outbox import template_build
from registry import chains, clock
from registry.errors import ForbiddenError, InputError, NotFoundError
from steps import norms, templates, views
from steps.house import TEMPLATES, House

pytestmark = pytest.mark.service
Make = Callable[..., House]
RULES_354 = "354|2011-05-06|раздел VIII Правил"


def head(house: House, queue: str) -> support.Actor:
    return next(one for one in support.actors_with(house, "queue_head") if queue in one.queues)


def one(house: House, key: str) -> norms.NormView:
    return next(row for row in norms.overview(support.SYSTEM, house) if row.key == key)


def test_a_norm_is_compared_by_who_answers_for_the_script(make_house: Make) -> None:
    house = make_house()
    assert one(house, RULES_354).trouble == "с официальным текстом не сверена"
    reply_id, clerk = begun(house)
    assert views.reply(clerk, house, reply_id)[0].row.number
    assert any("354" in line and "не сверена" in line for line in norms.doubts(clerk, house, reply_id))
    bill = head(house, "BILL")
    with pytest.raises(ForbiddenError):
        norms.review(clerk, house, RULES_354, "same", "pravo.gov.ru")
    with pytest.raises(NotFoundError):
        norms.review(bill, house, "1|2000-01-01|", "same", "pravo.gov.ru")
    yesterday = clock.today() - dt.timedelta(days=1)
    for verdict, source, until in (("same", " ", None), ("good", "сайт", None), ("void", "сайт", None),
                                   ("same", "сайт", yesterday)):  # fmt: skip
        with pytest.raises(InputError):
            norms.review(bill, house, RULES_354, verdict, source, until)
    norms.review(bill, house, RULES_354, "same", "pravo.gov.ru, редакция от 01.09.2026")
    seen = one(house, RULES_354)
    assert (seen.trouble, seen.verdict, seen.reviewed_on) == ("", "совпадает", clock.today())
    assert not any("раздел VIII" in line for line in norms.doubts(clerk, house, reply_id))
    norms.review(bill, house, RULES_354, "void", "pravo.gov.ru", yesterday)
    assert "ссылаться нельзя" in one(house, RULES_354).trouble
    with house.db.session(write=False) as session:
        assert chains.verify(session, "norm:354") == 2


def test_a_template_is_put_in_by_who_may_and_the_old_one_kept(make_house: Make, tmp_path: Path) -> None:
    house = make_house()
    folder = tmp_path / "templates"
    shutil.copytree(house.settings.templates, folder)
    house.settings = house.settings.model_copy(update={"templates": folder})
    clerk, (admin, *_) = support.actors_with(house, "clerk")[0], support.actors_with(house, "admin")
    document = template_build.build()
    document.styles["Письмо Текст"].font.italic = True
    document.save(str(tmp_path / "own.docx"))
    own = (tmp_path / "own.docx").read_bytes()
    assert templates.check(clerk, house, "answer.docx", own) == []
    with pytest.raises(ForbiddenError):
        templates.install(clerk, house, "answer.docx", own)
    with pytest.raises(InputError, match="не бывает"):
        templates.install(admin, house, "../../x.docx", own)
    with pytest.raises(InputError, match="Шаблон не принят"):
        templates.install(admin, house, "letter.docx", b"no docx")
    assert templates.install(admin, house, "answer.docx", own) is None
    assert templates.file(clerk, house, "answer.docx") == own
    kept = templates.install(admin, house, "letter.docx", own)
    assert kept is not None
    assert (folder / templates.KEPT / kept).read_bytes() == (TEMPLATES / "letter.docx").read_bytes()
    present = {row.name for row in templates.listed(clerk, house) if row.present}
    assert present == {"letter.docx", "letter-large.docx", "answer.docx"}
