"""The blocks of a lesson, a file each. Templates stand under templates/blocks/ by the same names."""

from courses.blocks.download import DownloadBlock
from courses.blocks.key_point import KeyPointBlock
from courses.blocks.picture import PictureBlock
from courses.blocks.reflection import ReflectionBlock
from courses.blocks.sources import SourcesBlock
from courses.blocks.steps import StepsBlock
from courses.blocks.text import TextBlock
from courses.blocks.worked_case import WorkedCaseBlock


def lesson_blocks() -> list:  # (name, block) pairs, in the order of the author's menu
    return [
        ("text", TextBlock()),
        ("picture", PictureBlock()),
        ("key_point", KeyPointBlock()),
        ("worked_case", WorkedCaseBlock()),
        ("steps", StepsBlock()),
        ("download", DownloadBlock()),
        ("reflection", ReflectionBlock()),
        ("sources", SourcesBlock()),
    ]


__all__ = [
    "DownloadBlock",
    "KeyPointBlock",
    "PictureBlock",
    "ReflectionBlock",
    "SourcesBlock",
    "StepsBlock",
    "TextBlock",
    "WorkedCaseBlock",
    "lesson_blocks",
]
