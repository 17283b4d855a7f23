"""Letters as PDF: one file a recipient, or print runs of many letters with bookmarks.

Each kind is compiled as what it is: every tool that merges or splits PDF afterwards loses the
tags and the title.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from outreach.errors import OutreachError
from outreach.export.envelope_order import area_code, in_envelope_order, letter_file_name
from outreach.export.paper import Paper
from outreach.export.parts import main_blocks, source_blocks, subject_inlines
from outreach.export.picture import Picture
from outreach.export.typesetting import (
    Job,
    Progress,
    set_document,
    set_documents,
    typst_root,
)
from outreach.files import file_name, whole_folder
from outreach.letters.fit import step
from outreach.letters.letter import Letter

# At 0.6 MB of memory a letter, 925 in one document take 0.6 GB; 200 are as quick and take 0.15.
LETTERS_A_RUN = 200
_ADDRESS_LINES = 6


def write_pdfs(
    letters: Sequence[Letter],
    folder: Path,
    paper: Paper,
    *,
    date: dt.date,
    processes: int | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write one PDF a recipient into ``folder``, which appears whole or not at all.

    Args:
        letters: rendered letters, at most one a recipient.
        folder: made, or replaced if outreach wrote it.
        paper: style, window, logo, signature.
        date: the date inside the PDFs; the same letters and date give the same bytes.
        processes: how many children set them; by default one a core.
        progress: called with (letters done, letters in all).

    Returns:
        The files, in the order of the envelopes.

    Raises:
        OutreachError: a letter cannot be set (all are listed), or the folder cannot be written.
    """
    jobs = _single_jobs(letters, paper, date)
    return _write(jobs, letters, folder, paper, date, processes, progress)


def write_print_runs(
    letters: Sequence[Letter],
    folder: Path,
    paper: Paper,
    *,
    date: dt.date,
    size: int = LETTERS_A_RUN,
    processes: int | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write documents of about ``size`` letters each, in the order of the envelopes.

    A run holds letters of one chamber, and runs of one chamber are equally long; if they are
    several, their number is even. Each letter has a bookmark. Otherwise as write_pdfs().
    """
    jobs: list[Job] = []
    for chamber, of_chamber in groupby(in_envelope_order(letters), lambda a: a.recipient.chamber):
        for run in _equal_runs(list(of_chamber), size):
            first, last = area_code(run[0].recipient), area_code(run[-1].recipient)
            number = f"{len(jobs) + 1:02d}"
            name = file_name("tirage", number, chamber, first, "a", last, suffix=".pdf")
            title = f"Tirage {number} : {len(run)} lettres, {first} à {last}"
            data = partial(document_data, run, paper, title, date)
            jobs.append(Job(name, "letter.typ", data, len(run), _pages(run, paper)))
    return _write(jobs, letters, folder, paper, date, processes, progress)


def letter_pdf(letter: Letter, paper: Paper, *, date: dt.date) -> bytes:
    """Set one letter, for a preview.

    Raises:
        OutreachError: it cannot be set.
    """
    _check([letter])
    (job,) = _single_jobs([letter], paper, date)
    with typst_root(_pictures(paper)) as root:
        return set_document(job, root, date=date)


def page_counts(
    letters: Sequence[Letter], paper: Paper, *, date: dt.date, progress: Progress | None = None
) -> list[int]:
    """Count the pages of each letter, in the order of the envelopes, by setting them all.

    Raises:
        OutreachError: a letter cannot be set; all are listed.
    """
    jobs = _single_jobs(letters, paper, date)
    with typst_root(_pictures(paper)) as root:
        counts = {
            job.name: pages
            for job, pages in set_documents(jobs, root, folder=None, date=date, progress=progress)
        }
    return [counts[job.name] for job in jobs]


def document_data(letters: Sequence[Letter], paper: Paper, title: str, date: dt.date) -> str:
    """Give the JSON that typst/letter.typ reads: the paper and the letters, all of it data."""
    settings = {
        "style": paper.style,
        "window": asdict(paper.window),
        "folds": paper.folds,
        "duplex": paper.duplex,
        "footer": paper.footer,
        "enclosures": paper.enclosures,
        **{name: _placed(name, picture) for name, picture in _named_pictures(paper)},
    }
    data = {
        "title": title,
        "author": letters[0].sender[0] if letters[0].sender else "",
        "date": [date.year, date.month, date.day],
        "paper": settings,
        "letters": [_sheet(letter, paper) for letter in letters],
    }
    return json.dumps(data, ensure_ascii=False)


def _single_jobs(letters: Sequence[Letter], paper: Paper, date: dt.date) -> list[Job]:
    return [
        Job(
            letter_file_name(letter, ".pdf"),
            "letter.typ",
            partial(
                document_data,
                [letter],
                paper,
                f"{letter.subject} – {letter.recipient.full_name}",
                date,
            ),
            pages=_pages([letter], paper),
        )
        for letter in in_envelope_order(letters)
    ]


def _sheet(letter: Letter, paper: Paper) -> dict[str, Any]:
    who = letter.recipient
    tightness = step(letter, paper.around(who.official_id))
    local = paper.maps.get(who.official_id)
    return {
        "step": tightness or 0,
        "long": tightness is None,
        "bookmark": f"{area_code(who)} {who.full_name}",
        "to": who.full_name,
        "sender": letter.sender,
        "address": letter.address,
        "dateline": letter.dateline,
        "subject": subject_inlines(letter),
        "opening": letter.opening,
        "body": main_blocks(letter),
        "sources": source_blocks(letter),
        "closing": letter.closing,
        "signature": letter.signature,
        "map": None if local is None else asdict(local),
    }


def _placed(name: str, picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    size = {"width": picture.width, "height": picture.height}
    return {"file": f"/{name}{picture.suffix}", "alt": picture.alt, **size}


def _write(
    jobs: list[Job],
    letters: Sequence[Letter],
    folder: Path,
    paper: Paper,
    date: dt.date,
    processes: int | None,
    progress: Progress | None,
) -> list[Path]:
    _check(letters)
    with whole_folder(folder) as beside, typst_root(_pictures(paper)) as root:
        for _ in set_documents(
            jobs, root, folder=beside, date=date, processes=processes, progress=progress
        ):
            pass
    return [folder / job.name for job in jobs]


def _check(letters: Sequence[Letter]) -> None:
    problems = [
        f"{letter.recipient.full_name}: the address has {len(letter.address)} lines; "
        f"an envelope's window shows {_ADDRESS_LINES}, shorten it."
        for letter in letters
        if len(letter.address) > _ADDRESS_LINES
    ]
    times = Counter(letter.recipient.official_id for letter in letters)
    problems += [
        f"{official_id}: {count} letters to one recipient; give one."
        for official_id, count in times.items()
        if count > 1
    ]
    if problems:
        raise OutreachError("The letters cannot be printed:", problems)


def _equal_runs(letters: list[Letter], size: int) -> list[list[Letter]]:
    count = -(-len(letters) // size)
    if count > 1:
        # An even number, so that two children end together. It is not taken from the machine: the
        # same letters give the same files everywhere.
        count += count % 2
    bounds = [round(len(letters) * n / count) for n in range(count + 1)]
    return [letters[start:end] for start, end in pairwise(bounds)]


def _pages(letters: Sequence[Letter], paper: Paper) -> int | None:
    """Give the pages expected of a document; None where blank pages make them uncountable."""
    if paper.duplex:
        return None
    steps = (step(letter, paper.around(letter.recipient.official_id)) for letter in letters)
    return sum(2 if found is None else 1 for found in steps)


def _named_pictures(paper: Paper) -> list[tuple[str, Picture | None]]:
    return [("logo", paper.logo), ("signature", paper.signature)]


def _pictures(paper: Paper) -> dict[str, bytes]:
    return {
        name + picture.suffix: picture.content
        for name, picture in _named_pictures(paper)
        if picture is not None
    }
