"""What people write in: lines, boxes, and letters to cross."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from elearn.core.paper.text import Run, characters_of, draw_line, width_of

MILLIMETRE = 72 / 25.4


class WritingLines(Flowable):
    """Lines to write on, a full line of handwriting apart."""

    def __init__(self, count: int, *, gap: float = 9 * MILLIMETRE, share: float = 1, rtl: bool = False) -> None:
        super().__init__()
        self.count, self.gap, self.share, self.rtl = count, gap, share, rtl

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, self.count * self.gap + 2

    def minWidth(self) -> float:
        return 0

    def split(self, width: float, height: float) -> list[Flowable]:
        room = int((height - 2) // self.gap)
        if not 2 <= room <= self.count - 2:
            return []
        counts = (room, self.count - room)
        return [WritingLines(count, gap=self.gap, share=self.share, rtl=self.rtl) for count in counts]

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeGray(0.45)
        canvas.setLineWidth(0.5)
        left = self.width * (1 - self.share) if self.rtl else 0
        for number in range(self.count):
            y = 2 + number * self.gap
            canvas.line(left, y, left + self.width * self.share, y)
        canvas.restoreState()


class _InRows(Flowable):
    """Small things side by side, from the side where lines begin, in as many rows as it takes."""

    step = 0.0
    row = 0.0

    def __init__(self, labels: Sequence[str], *, rtl: bool) -> None:
        super().__init__()
        self.labels, self.rtl = list(labels), rtl

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.in_a_row = max(1, int(width // self.step))
        self.rows = -(-len(self.labels) // self.in_a_row)
        return width, self.rows * self.row

    def minWidth(self) -> float:
        return self.step

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setLineWidth(0.8)
        for number, label in enumerate(self.labels):
            row, place = divmod(number, self.in_a_row)
            left = self.width - (place + 1) * self.step if self.rtl else place * self.step
            self.draw_one(label, left, (self.rows - row - 1) * self.row)
        self.canv.restoreState()

    def draw_one(self, label: str, left: float, bottom: float) -> None:
        raise NotImplementedError

    def write(self, text: str, centre: float, baseline: float, size: float) -> None:
        signs = characters_of([Run(text, True)])
        draw_line(self.canv, signs, centre - width_of(signs, size) / 2, baseline, size, rtl=False)


class Bubbles(_InRows):
    """Letters in rings, to be crossed."""

    step, row = 11 * MILLIMETRE, 9.5 * MILLIMETRE

    def draw_one(self, label: str, left: float, bottom: float) -> None:
        radius = 3.6 * MILLIMETRE
        x, y = left + self.step / 2, bottom + self.row / 2
        self.canv.circle(x, y, radius, stroke=1, fill=0)
        self.write(label, x, y - 3.4, 9.5)


class Boxes(_InRows):
    """Each label with an empty box beside it, to write a letter or a number in."""

    step, row = 21 * MILLIMETRE, 11.5 * MILLIMETRE

    def draw_one(self, label: str, left: float, bottom: float) -> None:
        side = 8.5 * MILLIMETRE
        box = left + (2 if self.rtl else self.step - side - 4 * MILLIMETRE)
        text = box + side + 4 * MILLIMETRE if self.rtl else box - 4 * MILLIMETRE
        self.canv.rect(box, bottom + 1.5 * MILLIMETRE, side, side, stroke=1, fill=0)
        self.write(label, text, bottom + 4.5 * MILLIMETRE, 10.5)


def rule(canvas: Any, left: float, right: float, y: float, weight: float = 0.7) -> None:
    canvas.setLineWidth(weight)
    canvas.setStrokeGray(0.2)
    canvas.line(left, y, right, y)
