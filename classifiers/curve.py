"""The abstention curve as a picture: SVG, which every browser shows and needs no library."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.evaluation import Point

_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 400, 60, 40
_LOWEST = 0.7
"""Where the axis of the right share begins: below it no threshold is worth a look."""


def draw(curve: Sequence[Point]) -> str:
    """Right share over coverage, a dot with its interval and its threshold for each point."""
    shown = [point for point in curve if point.right.trials]
    dots = [(_x(point.coverage.value), _y(point.right.value)) for point in shown]
    body = [_axes(), f'<polyline fill="none" stroke="#1b5e9b" stroke-width="2" points="{_path(dots)}"/>']
    for point, (x, y) in zip(shown, dots, strict=True):
        low, high = point.right.interval
        body.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}" stroke="#9bbfdf"/>')
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1b5e9b"/>')
        body.append(f'<text x="{x + 6:.1f}" y="{y - 6:.1f}" font-size="10">{point.threshold:.2f}</text>')
    size = f'width="{_WIDTH + 100}" height="{_HEIGHT + 100}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{"".join(body)}</svg>\n'


def _x(coverage: float) -> float:
    return _LEFT + coverage * _WIDTH


def _y(right: float) -> float:
    return _TOP + (1 - max(right, _LOWEST)) / (1 - _LOWEST) * _HEIGHT


def _path(dots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)


def _axes() -> str:
    lines = [f'<rect x="{_LEFT}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#888"/>']
    for step in range(11):
        x = _x(step / 10)
        lines.append(f'<text x="{x - 10:.0f}" y="{_TOP + _HEIGHT + 18}" font-size="11">{step * 10} %</text>')
    for step in range(7):
        share = _LOWEST + step * 0.05
        lines.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{_y(share):.1f}" y2="{_y(share):.1f}" stroke="#ddd"/>'
        )
        lines.append(f'<text x="8" y="{_y(share) + 4:.1f}" font-size="11">{share:.0%}</text>')
    title = "Доля верных очередей от доли писем, что идут без человека; числа у точек — порог"
    lines.append(f'<text x="{_LEFT}" y="24" font-size="13">{title}</text>')
    return "".join(lines)
