"""Letters as PDF: one file a recipient, or print runs of many letters with bookmarks.

Each kind is compiled as what it is: every tool that merges or splits PDF afterwards loses the
tags and the title.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path

from outreach.errors import OutreachError
from outreach.export.paper import Paper
from outreach.export.sheets import Sheet, Sheets, named_pictures, taken
from outreach.export.typesetting import (
    Job,
    Progress,
    set_document,
    set_documents,
    typst_root,
)
from outreach.files import file_name, whole_folder
from outreach.letters.letter import Letter

# At 0.6 MB of memory a letter, 925 in one document take 0.6 GB; 200 are as quick and take 0.15.
LETTERS_A_RUN = 200


def write_pdfs(
    letters: Iterable[Letter],
    folder: Path,
    paper: Paper,
    *,
    date: dt.date,
    processes: int | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write one PDF a recipient into ``folder``, which appears whole or not at all.

    Args:
        letters: rendered letters, at most one a recipient; taken in turn, so that
            compose_in_turn() can give more than memory holds.
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
    with whole_folder(folder) as beside, taken(letters, paper) as sheets:
        jobs = _single_jobs(sheets, sheets.all, date)
        _set(jobs, beside, paper, date, processes, progress)
    return [folder / job.name for job in jobs]


def write_print_runs(
    letters: Iterable[Letter],
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
    with whole_folder(folder) as beside, taken(letters, paper) as sheets:
        jobs: list[Job] = []
        runs: dict[str, list[Sheet]] = {}
        for chamber, of_chamber in groupby(sheets.all, lambda sheet: sheet.chamber):
            for run in _equal_runs(list(of_chamber), size):
                number = f"{len(jobs) + 1:02d}"
                first, last = run[0].area, run[-1].area
                name = file_name("tirage", number, chamber, first, "a", last, suffix=".pdf")
                title = f"Tirage {number} : {len(run)} lettres, {first} à {last}"
                jobs.append(_job(sheets, run, name, title, date))
                runs[name] = run
        try:
            _set(jobs, beside, paper, date, processes, progress)
        except OutreachError as error:
            faulty = {problem.partition(":")[0] for problem in error.problems}
            of_faulty = [sheet for name, run in runs.items() if name in faulty for sheet in run]
            # A run of 200 is at fault for one letter: set one by one, they say which.
            _set(_single_jobs(sheets, of_faulty, date), None, paper, date, processes, None)
            raise
    return [folder / job.name for job in jobs]


def letter_pdf(letter: Letter, paper: Paper, *, date: dt.date) -> bytes:
    """Set one letter, for a preview.

    Raises:
        OutreachError: it cannot be set.
    """
    with taken([letter], paper) as sheets, typst_root(_pictures(paper)) as root:
        (job,) = _single_jobs(sheets, sheets.all, date)
        return set_document(job, root, date=date)


def page_counts(
    letters: Iterable[Letter], paper: Paper, *, date: dt.date, progress: Progress | None = None
) -> list[int]:
    """Count the pages of each letter, in the order of the envelopes, by setting them all.

    Raises:
        OutreachError: a letter cannot be set; all are listed.
    """
    with taken(letters, paper) as sheets, typst_root(_pictures(paper)) as root:
        jobs = _single_jobs(sheets, sheets.all, date)
        counts = {
            job.name: pages
            for job, pages in set_documents(jobs, root, folder=None, date=date, progress=progress)
        }
    return [counts[job.name] for job in jobs]


def _single_jobs(sheets: Sheets, some: Iterable[Sheet], date: dt.date) -> list[Job]:
    return [_job(sheets, [sheet], sheet.file_name, sheet.title, date) for sheet in some]


def _job(sheets: Sheets, some: Sequence[Sheet], name: str, title: str, date: dt.date) -> Job:
    # Blank pages between the letters make a duplex run's uncountable.
    pages = None if sheets.paper.duplex else sum(sheet.pages for sheet in some)
    data = partial(sheets.data, some, title, date)
    return Job(name, "letter.typ", data, len(some), pages)


def _set(
    jobs: list[Job],
    folder: Path | None,
    paper: Paper,
    date: dt.date,
    processes: int | None,
    progress: Progress | None,
) -> None:
    with typst_root(_pictures(paper)) as root:
        for _ in set_documents(
            jobs, root, folder=folder, date=date, processes=processes, progress=progress
        ):
            pass


def _equal_runs(sheets: list[Sheet], size: int) -> list[list[Sheet]]:
    count = -(-len(sheets) // size)
    if count > 1:
        # An even number, so that two children end together. It is not taken from the machine: the
        # same letters give the same files everywhere.
        count += count % 2
    bounds = [round(len(sheets) * n / count) for n in range(count + 1)]
    return [sheets[start:end] for start, end in pairwise(bounds)]


def _pictures(paper: Paper) -> dict[str, bytes]:
    return {
        name + picture.suffix: picture.content
        for name, picture in named_pictures(paper)
        if picture is not None
    }
