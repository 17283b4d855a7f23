"""A letter taken apart for paper: what is printed before the signature, and what after it."""

from outreach.letters.letter import Letter, Node
from outreach.letters.typography import raised


def main_blocks(letter: Letter) -> list[Node]:
    """Give the blocks between opening and closing."""
    return [block for block in letter.body if block["kind"] != "sources"]


def source_blocks(letter: Letter) -> list[Node]:
    """Give the sources of the figures, which paper prints small under the signature."""
    return [block for block in letter.body if block["kind"] == "sources"]


def subject_inlines(letter: Letter) -> list[Node]:
    """Give the subject with its ordinals raised: "1re circonscription"."""
    return [
        {"kind": "superscript" if high else "text", "text": text}
        for text, high in raised(letter.subject)
    ]
