"""Russian words for click, which ships none: its modules look messages up by their names ``_``, ``ngettext``."""

from __future__ import annotations

from types import ModuleType
from typing import Final

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

MODULES: Final[tuple[ModuleType, ...]] = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)

MESSAGES: Final[dict[str, str]] = {
    "Aborted!": "Прервано.",
    "deprecated": "устарело",
    "Missing command.": "Не указана команда.",
    "Options": "Параметры",
    "Positional arguments": "Аргументы",
    "Commands": "Команды",
    "Usage:": "Использование:",
    "Show this message and exit.": "Показать эту справку и выйти",
    "Error: {message}": "Ошибка: {message}",
    "Error: invalid input": "Ошибка: значение не подходит",
    "Error: The two entered values do not match.": "Ошибка: введённые значения не совпали.",
    "Repeat for confirmation": "Повторите для проверки",
    "Do you want to continue?": "Продолжить?",
    "Confirm the action without prompting.": "Не спрашивать подтверждения.",
    "Press any key to continue...": "Нажмите любую клавишу…",
    "Try '{command} {option}' for help.": "Справка: «{command} {option}».",
    "Missing argument": "Не указано",
    "Missing option": "Не указан параметр",
    "Missing parameter": "Не указано значение",
    "Missing {param_type}": "Не указано: {param_type}",
    "Missing parameter: {param_name}": "Не указано значение: {param_name}",
    "Invalid value: {message}": "Значение не подходит: {message}",
    "Invalid value for {param_hint}: {message}": "Значение {param_hint} не подходит: {message}",
    "No such option {name!r}.": "Нет параметра «{name}».",
    "No such command {name!r}.": "Нет команды «{name}».",
    "Could not open file {filename!r}: {message}": "Файл «{filename}» не открывается: {message}",
    "unknown error": "неизвестная ошибка",
    "Invalid start character for option ({option})": "Параметр начинается с недопустимого знака ({option})",
    "Option {name!r} does not take a value.": "Параметр «{name}» не принимает значения.",
    "Argument {name!r} takes {nargs} values.": "Для «{name}» нужно значений: {nargs}.",
    "env var: {var}": "переменная окружения: {var}",
    "default: {default}": "по умолчанию: {default}",
    "required": "обязательно",
    "(dynamic)": "(вычисляется)",
    "file": "файл",
    "directory": "папка",
    "path": "путь",
    "Choose from:\n\t{choices}": "Возможны:\n\t{choices}",
    "Choice({choices})": "выбор ({choices})",
    "Value must be an iterable.": "Нужен список значений.",
    "{value} is not in the range {range}.": "{value} вне пределов {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "«{value}» — не «да»/«нет». Возможны: {states}",
    "{value!r} is not a valid {number_type}.": "«{value}» — не число.",
    "{value!r} is not a valid UUID.": "«{value}» — не UUID.",
    "{name} {filename!r} is a file.": "{name} «{filename}» — это файл.",
    "{name} {filename!r} is a directory.": "{name} «{filename}» — это папка.",
    "{name} {filename!r} is not readable.": "{name} «{filename}»: нет прав на чтение.",
    "{name} {filename!r} is not writable.": "{name} «{filename}»: нет прав на запись.",
    "{name} {filename!r} is not executable.": "{name} «{filename}»: нельзя запустить.",
    "{name} {filename!r} does not exist.": "{name} «{filename}» не существует.",
}

# Messages with a number; the Russian text is worded so that one form serves any number.
PLURALS: Final[dict[str, str]] = {
    "Got unexpected extra argument ({args})": "Лишние слова в команде: {args}",
    "Takes {nargs} values but 1 was given.": "Нужно значений: {nargs}.",
    "Did you mean {possibility}?": "Возможно, имелось в виду: {possibilities}.",
    "Option {name!r} requires an argument.": "Для параметра «{name}» не хватает значения.",
    "{value!r} is not {choice}.": "«{value}» не подходит. Возможны: {choices}.",
    "{value!r} does not match the format {format}.": "«{value}» записано не по образцу {formats}.",
    "{len_type} values are required, but {len_value} was given.": "Нужно значений: {len_type}, указано: {len_value}.",
}


def install() -> None:
    """Make click speak Russian. To be called before commands are declared."""
    for module in MODULES:
        for name, translate in (("_", _one), ("ngettext", _many)):
            if hasattr(module, name):
                setattr(module, name, translate)


def _one(message: str) -> str:
    return MESSAGES.get(message, message)


def _many(singular: str, plural: str, number: int) -> str:
    return PLURALS.get(singular, singular if number == 1 else plural)
