"""The blocks of a lesson, a file each. Templates stand under templates/blocks/ by the same names."""

from courses.blocks.audio import AudioBlock
from courses.blocks.comparison import ComparisonBlock
from courses.blocks.download import DownloadBlock
from courses.blocks.gallery import GalleryBlock
from courses.blocks.glossary import GlossaryBlock
from courses.blocks.key_point import KeyPointBlock
from courses.blocks.law_article import LawArticleBlock
from courses.blocks.picture import PictureBlock
from courses.blocks.quick_check import QuickCheckBlock
from courses.blocks.quotation import QuotationBlock
from courses.blocks.reflection import ReflectionBlock
from courses.blocks.reveal import RevealBlock
from courses.blocks.sources import SourcesBlock
from courses.blocks.steps import StepsBlock
from courses.blocks.text import TextBlock
from courses.blocks.video import VideoBlock
from courses.blocks.worked_case import WorkedCaseBlock


def lesson_blocks() -> list:  # (name, block) pairs, in the order of the author's menu
    return [
        # Reading
        ("text", TextBlock()),
        ("key_point", KeyPointBlock()),
        ("steps", StepsBlock()),
        ("comparison", ComparisonBlock()),
        ("quotation", QuotationBlock()),
        # Doing
        ("worked_case", WorkedCaseBlock()),
        ("reveal", RevealBlock()),
        ("quick_check", QuickCheckBlock()),
        ("reflection", ReflectionBlock()),
        # Media
        ("picture", PictureBlock()),
        ("gallery", GalleryBlock()),
        ("audio", AudioBlock()),
        ("video", VideoBlock()),
        # Reference
        ("law_article", LawArticleBlock()),
        ("download", DownloadBlock()),
        ("glossary", GlossaryBlock()),
        ("sources", SourcesBlock()),
    ]


__all__ = [
    "AudioBlock",
    "ComparisonBlock",
    "DownloadBlock",
    "GalleryBlock",
    "GlossaryBlock",
    "KeyPointBlock",
    "LawArticleBlock",
    "PictureBlock",
    "QuickCheckBlock",
    "QuotationBlock",
    "ReflectionBlock",
    "RevealBlock",
    "SourcesBlock",
    "StepsBlock",
    "TextBlock",
    "VideoBlock",
    "WorkedCaseBlock",
    "lesson_blocks",
]
