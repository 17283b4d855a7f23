"""What one child process does: it sets documents with Typst and writes them, order by order."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from multiprocessing import connection
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from outreach.errors import OutreachError

FONTS = Path(__file__).parent / "fonts"
# PDF/A-2a for archives, PDF/UA-1 for readers who cannot see: tagged, fonts embedded.
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
# Typst remembers what it set in its last ten compilations: 85 MB for each run of 200 letters. Eleven
# empty ones after every second run hold a child at 265 MB, for 4 % of the time; after every run
# they hold it at 190 MB for twice that, and without them it grows to 610 MB.
_COMPILES_TO_FORGET = 11
_RUNS_REMEMBERED = 2


class Order(NamedTuple):
    """A document to set.

    Attributes:
        template: the Typst file's name.
        data: JSON that the template reads as data, never as markup.
        path: the file to write; None only counts pages.
        expected: the pages it should take; if it takes more, or with None, it is set with page
            numbers.
        large: a print run, whether it is soon to be forgotten.
    """

    template: str
    data: str
    path: Path | None
    expected: int | None
    large: bool


# The pages set, what is wrong with the document, or why its file could not be written.
Answer = int | str | OSError
_SetOne = Callable[[str, str, bool], tuple[bytes, int]]


def serve(
    pipe: "connection.Connection[object, object]", root: Path, stamp: int, memory: int
) -> None:
    """Run in a child: answer each order until the parent closes the pipe.

    Args:
        pipe: orders come in, answers go out.
        root: the only folder that Typst can read.
        stamp: the date inside the PDFs, in seconds since 1970.
        memory: bytes that this process may take (not on Windows).
    """
    # Layout in parallel inside each child would only fight with its neighbours.
    os.environ["RAYON_NUM_THREADS"] = "1"
    with contextlib.suppress(ImportError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with (
        (root / f"data-{os.getpid()}.json").open("wb") as data,
        contextlib.suppress(EOFError, ConnectionError),  # the parent closed, or is gone
    ):
        _answer_orders(pipe, _typst(root, stamp, data))


def _answer_orders(pipe: "connection.Connection[object, object]", set_one: _SetOne) -> None:
    remembered = 0
    while True:
        order = cast("Order", pipe.recv())
        pipe.send(_carried_out(order, set_one))
        remembered += order.large
        if remembered == _RUNS_REMEMBERED:
            remembered = 0
            for _ in range(_COMPILES_TO_FORGET):
                set_one("empty.typ", "null", False)


def _carried_out(order: Order, set_one: _SetOne) -> Answer:
    try:
        pdf, pages = set_one(order.template, order.data, not order.expected)
        if order.expected and pages > order.expected:
            pdf, pages = set_one(order.template, order.data, True)
        if order.path is not None:
            order.path.write_bytes(pdf)
    except OutreachError as error:
        return error.message
    except OSError as error:
        return error
    return pages


# Parts of typst/letter.typ's data, as a person calls them; the others are called so.
_PARTS = {
    "to": "recipient's name",
    "bookmark": "recipient's name",
    "sender": "sender's letterhead",
    "body": "text",
    "footer": "foot of the page",
    "enclosures": "titles of the enclosures",
    "map": "map's words",
}


def _typst(root: Path, stamp: int, file: BinaryIO) -> _SetOne:
    """Give a function that sets one template with data, numbered or not: (PDF, its pages).

    ``file`` is where the data lie while Typst reads them.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    # Data come as a file: in sys.inputs they would be part of Typst's library, which then is new
    # for every document and with it every template: 5.1 ms for a letter, not 3.5.
    name = Path(file.name).name
    compiler = typst.Compiler(root=root, font_paths=fonts, sys_inputs={"data": f"/{name}"})

    def set_one(template: str, data: str, numbered: bool) -> tuple[bytes, int]:
        # Written over, never emptied first: ext4 brings a file that was emptied to the disk as soon
        # as it is closed, 1.2 ms for each letter.
        file.seek(0)
        file.write(f'{{"numbered": {json.dumps(numbered)}, "data": {data}}}'.encode())
        file.truncate()
        file.flush()
        try:
            pdf, warnings = compiler.compile_with_warnings(
                root / template,
                format="pdf",
                pdf_standards=[*STANDARDS],
                timestamp=stamp,
            )
        except typst.TypstError as error:
            raise OutreachError(_in_plain_words(error.message, data)) from error
        # An unknown font is only a warning to Typst; a letter in another font is a fault.
        if warnings:
            raise OutreachError(_in_plain_words(warnings[0].message, data))
        return cast("bytes", pdf), _page_count(cast("bytes", pdf))

    return set_one


def _page_count(pdf: bytes) -> int:
    """Count the pages of a PDF that Typst wrote."""
    count = re.search(rb"/Type/Pages/Count (\d+)", pdf)
    if count is None:
        raise RuntimeError("Typst writes its page tree otherwise than it did")
    return int(count[1])


def _in_plain_words(message: str, data: str) -> str:
    if "could not be displayed" in message:
        text = message.partition('`"')[2].partition('"`')[0]
        return (
            f"no font that travels with outreach has the character {text!r}"
            f"{_where(text, json.loads(data))}; write it otherwise."
        )
    return f"Typst refused it: {message}"


def _where(text: str, data: dict[str, Any]) -> str:
    """Say which part of the letters or of the paper holds a text: " (in the subject)", or ""."""
    parts = {**data.get("paper", {})}
    for letter in data.get("letters", ()):
        parts |= {name: value for name, value in letter.items() if text in _said(value)}
    return next(
        (f" (in the {_PARTS.get(name, name)})" for name in parts if text in _said(parts[name])), ""
    )


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
