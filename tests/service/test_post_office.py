"""The dispatch office on both databases: lists, what the post took, numbers, notices, the counter, two at once."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_house as support
from openpyxl import Workbook
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from support_intake import pile, text_pdf
from support_post import signed

from intake.codes import list_text, notice_text, qr_image, separator_text
from intake.scanfolder import ScanFolder
from outbox.papersheets import separator_pdf
from outbox.postitem import check_digit
from registry import clock, dispatches, postal
from registry.actor import Actor
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, Arrival, Dispatch, Part
from rules.wire import ReplyKind
from steps import batches as steps_batches
from steps import post, postscan, reconcile, reopen, views, work
from steps.house import House
from steps.views import batches

pytestmark = pytest.mark.service

FRIDAY = dt.datetime(2026, 11, 27, 10, 0, tzinfo=clock.LOCAL)
MONDAY = dt.datetime(2026, 11, 30, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def house(make_house: Callable[..., House]) -> Iterator[House]:
    with clock.at(FRIDAY):
        yield make_house(trained=False)


def clerk(house: House, place: int = 0) -> Actor:
    return support.actors_with(house, "registrar")[place]


def row(house: House, key: int) -> Dispatch:
    with house.db.session(write=False) as session:
        found = dispatches.get(session, key)
        assert found.reply.appeal.reg_number
        return found


def number_of(place: int) -> str:
    digits = f"45000011{place:05}"
    return digits + check_digit(digits)


def scan(*texts: str) -> bytes:
    """A pile of sheets as an office scanner makes it: one code a sheet, none for an empty text."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=(595, 842))
    for text in texts:
        picture = Image.new("L", (1240, 1754), 255)
        if text:
            picture.paste(qr_image(text, scale=6), (900, 1400))
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def test_each_kind_gets_its_list_and_what_the_post_left_goes_on_the_next(house: House) -> None:
    keys = [signed(house, place) for place in (1, 2, 3)]
    interim = signed(house, 4, ReplyKind.INTERIM)
    who = clerk(house)
    post.choose_kind(who, house, keys[2], "notified")
    made = post.make_lists(who, house)
    assert [row(house, key).list_id for key in (interim, keys[0], keys[1], keys[2])] == [
        made[0],
        made[1],
        made[1],
        made[2],
    ]
    with pytest.raises(StateError, match="пока письмо не включено"):
        post.choose_kind(who, house, keys[0], "simple")
    with pytest.raises(InputError, match="почта приняла 2, отмечено принятыми 1 из 2"):
        post.confirm_list(who, house, made[1], clock.today(), {keys[1]}, 2)
    assert row(house, keys[0]).state == "new", "nothing is sent by a count that does not tally"
    assert post.confirm_list(who, house, made[1], clock.today(), {keys[1]}, 1) == 1
    assert (row(house, keys[0]).state, row(house, keys[1]).state) == ("sent", "new")
    assert row(house, keys[1]).list_id is None
    (again,) = post.make_lists(who, house, "registered")
    page = views.post_list(who, house, again)
    assert [one.dispatch_id for one in page.rows] == [keys[1]]
    shown = {one.id: one for one in views.post(who, house).lists}
    assert (shown[made[1]].count, shown[made[1]].accepted) == (2, 1)


def test_sent_is_the_day_of_hand_over_and_not_of_its_confirmation(house: House) -> None:
    key = signed(house, 1)
    who = clerk(house)
    (made,) = post.make_lists(who, house)
    with clock.at(MONDAY):
        for wrong in (FRIDAY.date() - dt.timedelta(days=1), MONDAY.date() + dt.timedelta(days=1)):
            with pytest.raises(InputError, match="не может быть раньше составления списка или в будущем"):
                post.confirm_list(who, house, made, wrong)
        assert post.confirm_list(who, house, made, FRIDAY.date()) == 1
        sent = row(house, key)
        assert sent.sent_at is not None
        assert clock.local_date(sent.sent_at) == FRIDAY.date()
        replied = sent.reply.appeal.replied_at
        assert replied is not None
        assert clock.local_date(replied) == FRIDAY.date(), "the term is met by the day on the stamp"
        assert post.confirm_list(who, house, made, MONDAY.date()) == 0, "the first confirmation stands"
        with pytest.raises(StateError, match="расформировать его нельзя"):
            post.disband_list(who, house, made)


def test_a_list_that_never_went_is_taken_apart(house: House) -> None:
    key = signed(house, 1)
    who = clerk(house)
    (made,) = post.make_lists(who, house)
    assert post.disband_list(who, house, made) == 1
    with pytest.raises(StateError, match="расформирован"):
        post.confirm_list(who, house, made, clock.today())
    (second,) = post.make_lists(who, house)
    assert second != made
    assert row(house, key).list_id == second


def test_a_letter_without_address_stops_no_other(house: House) -> None:
    bare, key = signed(house, 1, address=" "), signed(house, 2)
    who = clerk(house)
    (made,) = post.make_lists(who, house)
    assert [one.dispatch_id for one in views.post_list(who, house, made).rows] == [key]
    assert [(one.dispatch_id, one.no_address) for one in views.post(who, house).waiting] == [(bare, True)]
    with pytest.raises(InputError, match=f"{row(house, bare).reply.out_number}. Заполните"):
        post.make_lists(who, house)


def test_two_clerks_at_once_make_one_list_and_confirm_it_once(house: House) -> None:
    keys = [signed(house, place) for place in (1, 2)]
    who = clerk(house)

    def both(deed: Callable[[], object]) -> list[object]:
        results: list[object] = []

        def one() -> None:
            with clock.at(FRIDAY):
                try:
                    results.append(deed())
                except InputError as error:
                    results.append(error)

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    made = both(lambda: post.make_lists(who, house))
    lists = [one for one in made if isinstance(one, list)]
    assert len(lists) == 1
    assert sum(isinstance(one, InputError) for one in made) == 3
    confirmed = both(lambda: post.confirm_list(who, house, lists[0][0], clock.today(), (), 2))
    assert sorted(confirmed) == [0, 0, 0, 2]  # type: ignore[type-var] # whole numbers
    for key in keys:
        assert [one for one in row(house, key).proof if "list" in one] == row(house, key).proof
        assert len(row(house, key).proof) == 1


def test_postal_numbers_are_proved_and_belong_to_one_letter(house: House) -> None:
    keys = [signed(house, place) for place in (1, 2)]
    who = clerk(house)
    with pytest.raises(InputError, match="контрольной цифрой"):
        post.set_tracking(who, house, keys[0], "12345678901234"[:-1] + "9")
    post.set_tracking(who, house, keys[0], number_of(1))
    with pytest.raises(InputError, match=f"{number_of(1)} уже у письма исх. № {row(house, keys[0]).reply.out_number}"):
        post.set_tracking(who, house, keys[1], number_of(1))
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["СПИСОК № 1"])
    page.append(["№ п/п", "Кому", "ШПИ", "Отметки (исх. №)"])
    page.append(["1", "А", number_of(2), row(house, keys[1]).reply.out_number])
    page.append(["2", "Б", "1", "ИСХ-2026-000099"])
    page.append(["3", "В", number_of(3), "ИСХ-2026-000099"])
    data = io.BytesIO()
    book.save(data)
    kept = post.import_tracking(who, house, data.getvalue())
    assert kept.kept == 1
    assert ["строка 4" in kept.wrong[0], "строка 5" in kept.wrong[1]] == [True, True]
    assert row(house, keys[1]).tracking == number_of(2)
    assert [one.dispatch_id for one in views.post(who, house, number_of(2)).found] == [keys[1]]
    with pytest.raises(InputError, match="нет граф"):
        post.import_tracking(who, house, "а;б\n1;2\n".encode())


def test_stamped_list_and_notice_find_their_place_by_code(house: House) -> None:
    keys = [signed(house, place) for place in (1, 2)]
    who = clerk(house)
    for key in keys:
        post.choose_kind(who, house, key, "notified")
    (made,) = post.make_lists(who, house)
    post.confirm_list(who, house, made, clock.today())
    pile = scan(list_text(made), list_text(made), notice_text(keys[0]), "", notice_text(keys[1]), notice_text(999))
    kept = postscan.take(who, house, pile, "пачка.pdf")
    assert kept.lists == [made]
    assert kept.notices == [row(house, key).reply.out_number for key in keys]
    assert [one.startswith("лист 6") for one in kept.strange] == [True]
    assert views.post_list_file(who, house, made, "scan").data.startswith(b"%PDF")
    assert {one.dispatch_id for one in views.post(who, house).undated} == set(keys), "a person reads the day"
    assert row(house, keys[0]).delivered_on is None
    with pytest.raises(InputError, match="раньше сдачи"):
        post.delivered(who, house, keys[0], clock.today() - dt.timedelta(days=1))
    post.delivered(who, house, keys[0], clock.today())
    post.delivered(who, house, keys[0], clock.today())
    assert sum("delivered" in one for one in row(house, keys[0]).proof) == 1
    assert {one.dispatch_id for one in views.post(who, house).undated} == {keys[1]}
    assert views.receipt_file(who, house, keys[1]).data.startswith(b"%PDF")
    with pytest.raises(InputError, match="нет кода"):
        postscan.take(who, house, scan(""), "пусто.pdf")


def test_a_letter_handed_over_at_the_counter_is_sent_and_proved(house: House) -> None:
    keys = [signed(house, place) for place in (1, 2)]
    who = clerk(house)
    with pytest.raises(InputError, match="кому вручено"):
        post.hand_over(who, house, keys[0], clock.today(), "сосед")
    number = post.hand_over(who, house, keys[0], clock.today(), "client", b"%PDF-1.4 signed copy")
    assert views.card(support.SYSTEM, house, number).row.state == "replied"
    with pytest.raises(StateError, match="ещё не отправлено"):
        post.hand_over(who, house, keys[0], clock.today(), "client")
    (made,) = post.make_lists(who, house)
    assert [one.dispatch_id for one in views.post_list(who, house, made).rows] == [keys[1]], "it goes on no list"
    with pytest.raises(StateError, match=f"списке № {made}"):
        post.hand_over(who, house, keys[1], clock.today(), "client")


def test_what_the_post_brought_back_may_be_fetched_at_the_counter(house: House) -> None:
    key = signed(house, 1)
    who = clerk(house)
    post.set_tracking(who, house, key, number_of(1))
    (made,) = post.make_lists(who, house)
    post.confirm_list(who, house, made, clock.today())
    number = reopen.returned(who, house, key, clock.today(), "истёк срок хранения")
    assert views.card(support.SYSTEM, house, number).row.state == "undelivered", "the appeal is open again"
    again = reopen.resend(who, house, key, "hand", "")
    assert [one.dispatch_id for one in views.post(who, house).counter] == [again]
    assert post.hand_over(who, house, again, clock.today(), "representative") == number
    assert views.card(support.SYSTEM, house, number).row.state == "replied"


def test_only_who_may_confirm_does(house: House) -> None:
    key = signed(house, 1)
    outsider = support.actor(house, "iskhakova")
    for deed in (
        lambda: post.make_lists(outsider, house),
        lambda: post.set_tracking(outsider, house, key, number_of(1)),
        lambda: post.hand_over(outsider, house, key, clock.today(), "client"),
        lambda: postscan.take(outsider, house, scan(list_text(1)), "а.pdf"),
    ):
        with pytest.raises(ForbiddenError):
            deed()
    with house.db.session(write=False) as session:
        assert postal.made_lists(session) == []


def test_papers_are_printed_for_a_list_and_for_one_letter(house: House) -> None:
    key = signed(house, 1)
    who = clerk(house)
    post.choose_kind(who, house, key, "inventory")
    for which in ("envelopes", "labels", "f107", "f119"):
        assert views.sending_papers(who, house, key, which).data.startswith(b"%PDF")
    (made,) = post.make_lists(who, house)
    for name in ("pdf", "envelopes", "labels", "f107", "f119"):
        assert views.post_list_file(who, house, made, name).data.startswith(b"%PDF")
    assert views.post_list_file(who, house, made, "xlsx").data.startswith(b"PK")


def _from_the_folder(house: House, folder: Path, data: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"скан-{len(data)}.pdf").write_bytes(data)
    house.sources = [ScanFolder(folder, stable_seconds=0)]
    for step in ("receive", "triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _parts(house: House) -> list[tuple[str, str]]:
    with house.db.session(write=False) as session:
        found = session.query(Part).join(Arrival).where(Arrival.source.like("scan:%")).order_by(Part.id)
        return [(part.verdict, part.state) for part in found]


def test_a_stamped_list_in_the_scan_folder_becomes_no_appeal(house: House, tmp_path: Path) -> None:
    keys = [signed(house, place) for place in (1, 2)]
    who = clerk(house)
    post.choose_kind(who, house, keys[0], "notified")
    (made, *_) = post.make_lists(who, house)
    papers = scan(list_text(made), list_text(made), notice_text(keys[0]))
    letter = text_pdf("Директору ООО ЕИРЦ\nот Петрова Андрея Павловича\nЖалоба\nНе работает отопление.")
    _from_the_folder(house, tmp_path / "скан", pile(papers, separator_pdf(separator_text()), letter))
    assert _parts(house) == [("post_paper", "linked"), ("post_paper", "linked"), ("new_appeal", "registered")]
    assert row(house, keys[0]).receipt_digest
    assert views.post_list_file(who, house, made, "scan").data.startswith(b"%PDF")
    (balance,) = [one for one in reconcile.day(support.SYSTEM, house) if one.source.startswith("scan:")]
    assert (balance.sheets_scanned, balance.sheets_filed, balance.sheets_dropped) == (5, 4, 1)
    assert balance.fits
    with house.db.session(write=False) as session:
        assert session.query(Appeal).where(Appeal.channel == "post").count() == 1

    _from_the_folder(house, tmp_path / "скан", scan(list_text(made + 100)))
    assert _parts(house)[-1] == ("post_paper", "held")  # a code that names nothing of ours waits for a person


def test_a_letter_behind_a_list_is_neither_swallowed_nor_lost(house: House, tmp_path: Path) -> None:
    key = signed(house, 1)
    who = clerk(house)
    (made, *_) = post.make_lists(who, house)
    letter = text_pdf("Директору ООО ЕИРЦ\nот Петрова Андрея Павловича\nЖалоба\nНе работает отопление.")
    _from_the_folder(house, tmp_path / "скан", pile(scan(list_text(made)), letter))
    assert _parts(house) == []
    (draft,) = batches.drafts(who, house)
    assert "без кода" in draft.doubts[0]
    steps_batches.confirm(who, house, draft.arrival_id, steps_batches.Layout(((1,), (2,)), (1, 2)))
    assert work.run(support.SYSTEM, house, "register").failed == 0
    assert _parts(house) == [("post_paper", "linked"), ("new_appeal", "registered")]
    assert views.post_list_file(who, house, made, "scan").data.startswith(b"%PDF")
    assert row(house, key).list_id == made
