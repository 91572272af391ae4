"""`otvet learn`: learn topics from letters that people confirmed, go back to the model before, show how it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from otvet.cli.base import Command, Shell, complain, emit, say

if TYPE_CHECKING:
    from steps.learning import Report

VERDICTS: Final = {
    "none": "Подтверждённых писем ещё нет: исправьте или подтвердите темы на рабочем месте. Модель прежняя.",
    "too_few": "Для сравнения мало подтверждённых писем разных клиентов. Модель прежняя; письма копятся.",
    "same": "С прошлого обучения новых подтверждённых писем нет. Модель прежняя.",
    "held": "Модель вернул человек, и сама она не меняется. Чтобы снова учить её, выполните otvet learn.",
    "kept": "Новая модель не лучше действующей. Модель прежняя.",
    "switched": "Новая модель лучше и введена в действие. Вернуть прежнюю: otvet learn --back.",
    "renewed": "Действующая модель устарела и заменена новой, которая не хуже. Вернуть прежнюю: otvet learn --back.",
    "expired": "Действующая модель устарела, а лучшей нет: действует модель правил.",
    "back": "Возвращена прежняя модель. Ночное обучение её не сменит, пока Вы не выполните otvet learn.",
}


@click.command(cls=Command)
@click.option("--back", is_flag=True, help="Вернуть модель, которая действовала прежде.")
@click.option("--report", is_flag=True, help="Показать, какая модель действует и почему, и что исправляют люди.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON одним объектом.")
@click.pass_obj
def learn(shell: Shell, *, back: bool, report: bool, as_json: bool) -> None:
    """Выучить тематики по письмам, темы которых подтвердили люди."""
    if back and report:
        raise click.UsageError("Выберите одно: --back или --report.")
    from registry.actor import system
    from steps import learning

    actor = system("learn")
    with shell.house() as house:
        if report:
            _report(learning.report(actor, house), as_json=as_json)
            return
        done = learning.back(actor, house) if back else learning.learn(actor, house, by_hand=True)
    if as_json:
        emit(dataclasses.asdict(done))
        return
    say(VERDICTS[done.verdict])
    say(f"Подтверждённых писем: {done.letters}. Действует: {done.in_force or 'модель правил'}.")
    if "after" in done.figures:
        say(_compared(done.figures))


def _report(found: Report, *, as_json: bool) -> None:
    for version in found.passed_over:
        complain(f"Внимание: модель {version} не читается или не подходит к правилам, действует та, что была до неё.")
    if as_json:
        emit(dataclasses.asdict(found))
        return
    say(f"Действует: {found.version}")
    for one in found.entries:
        say(f"{one.at:%d.%m.%Y %H:%M} UTC, {one.in_force or 'модель правил'}: {VERDICTS[one.verdict]}")
        if "after" in one.figures:
            say(f"  {_compared(one.figures)}")
    if not found.entries:
        say("Обучения ещё не было. Выполните otvet learn.")
    if found.drift:
        say(f"{'месяц':<9}{'тема':<9}{'писем':>7}{'подтв.':>8}{'изменено':>10}{'увер.':>7}{'снижение':>10}")
    for row in found.drift:
        fall = "—" if row.fall is None else f"{row.fall:+.0%}"
        changed = f"{row.changed / row.read:.0%}"
        say(f"{row.month:<9}{row.topic:<9}{row.read:>7}{row.confirmed:>8}{changed:>10}{row.confidence:>7.0%}{fall:>10}")


def _compared(figures: Mapping[str, Any]) -> str:
    return (
        f"Отложенных писем {figures['held']}: верно было {figures['before']}, стало {figures['after']}; "
        f"вероятность случайности {figures['chance']:.3f} (предел {figures['limit']:.2f}); "
        f"ушли бы не туда: было {figures['astray_before']}, стало {figures['astray_after']}."
    )
