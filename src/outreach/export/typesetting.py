"""Typst in child processes: JSON in, PDF out, one compiler kept warm in each child.

A compiler that is kept is three times as fast as one made for each letter. It lives in a spawned
process (in a forked one Typst hangs) because a document that exhausts memory aborts the process
it is set in: the child falls, and the parent says which letter it was.
"""

import contextlib
import datetime as dt
import multiprocessing
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal, cast

from outreach.errors import OutreachError

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
TEMPLATES = _HERE / "typst"
# PDF/A-2a for archives, PDF/UA-1 for readers who cannot see: tagged, fonts embedded.
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_LIMIT_SECONDS = 120.0
_LIMIT_BYTES = 4 * 2**30
# Typst remembers what it set in its last ten compilations: 85 MB for each run of 200 letters.
# After eleven empty ones a child stands at 170 MB, run after run, for 3 % of the time.
_COMPILES_TO_FORGET = 11
# Starting a child takes 0.3 s: one child is as quick for a few letters.
_JOBS_A_CHILD = 40

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One document to set.

    Attributes:
        name: the file's name, and what a message calls it.
        template: the Typst file, such as "letter.typ".
        data: JSON; the template reads it from sys.inputs.data and never as markup.
        weight: how many letters it counts for in the progress.
        pages: how many it should take; if it takes more, a letter went on to a page that nobody
            expected, and all is set again with page numbers. None numbers at once.
    """

    name: str
    template: str
    data: str
    weight: int = 1
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class _Child:
    process: BaseProcess
    pipe: "connection.Connection[object, object]"


@contextmanager
def typst_root(pictures: dict[str, bytes] | None = None) -> Iterator[Path]:
    """Give a folder with our Typst files and these pictures; Typst can read nothing else."""
    with tempfile.TemporaryDirectory(prefix="outreach-") as name:
        root = Path(name)
        for source in TEMPLATES.glob("*.typ"):
            shutil.copyfile(source, root / source.name)
        for file, content in (pictures or {}).items():
            (root / file).write_bytes(content)
        yield root


def set_documents(
    jobs: Sequence[Job],
    root: Path,
    *,
    date: dt.date,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Job, bytes]]:
    """Set every document, in the order in which they come ready.

    Args:
        jobs: what to set; names are unique.
        root: from typst_root().
        date: the date inside each PDF, so that the same letters give the same bytes.
        processes: how many children; by default as many as there are cores, at most 8.
        progress: called with (letters done, letters in all).

    Raises:
        OutreachError: documents that could not be set, all of them listed, once all are tried.
    """
    count = processes or min(8, _cores(), max(1, _weight(jobs) // _JOBS_A_CHILD))
    stamp = int(dt.datetime.combine(date, dt.time(12), dt.UTC).timestamp())
    children: list[_Child] = []
    faults: list[str] = []
    done, total = 0, _weight(jobs)
    try:
        for job, result in _results(jobs, root, stamp, min(count, len(jobs)), children):
            if isinstance(result, bytes):
                yield job, result
            else:
                faults.append(f"{job.name}: {result}")
            done += job.weight
            if progress is not None:
                progress(done, total)
    finally:
        for child in children:
            child.pipe.close()
            child.process.kill()
            child.process.join()
    if faults:
        raise OutreachError(f"{len(faults)} documents could not be set:", sorted(faults))


def _results(
    jobs: Sequence[Job], root: Path, stamp: int, count: int, children: list[_Child]
) -> Iterator[tuple[Job, bytes | str]]:
    waiting = list(reversed(jobs))
    at_work: list[tuple[_Child, Job, float]] = []

    def give(child: _Child) -> None:
        # One job at a time: with two under way, parent and child could both wait to be read.
        if waiting:
            job = waiting.pop()
            at_work.append((child, job, time.monotonic() + _LIMIT_SECONDS))
            with contextlib.suppress(OSError):  # a fallen child is noticed when it is read
                child.pipe.send(job)

    for _ in range(count):
        children.append(_start(root, stamp))
        give(children[-1])
    while at_work:
        soonest = min(limit for _, _, limit in at_work)
        patience = max(0.0, soonest - time.monotonic())
        ready = connection.wait([child.pipe for child, _, _ in at_work], timeout=patience)
        for entry in list(at_work):
            child, job, limit = entry
            late = limit <= time.monotonic()
            if child.pipe not in ready and not late:
                continue
            at_work.remove(entry)
            result = _result(child, late=child.pipe not in ready)
            if result is None:
                children.remove(child)
                child = _start(root, stamp)
                children.append(child)
            give(child)
            yield job, result or "needed more memory or time than a letter may; shorten it."


def _result(child: _Child, *, late: bool) -> bytes | str | None:
    """Read one answer: a PDF, a message, or None from a child that had to be ended."""
    if not late:
        with contextlib.suppress(EOFError, OSError):
            answer = child.pipe.recv()
            assert isinstance(answer, bytes | str)  # noqa: S101 - what _serve() sends
            return answer
    child.pipe.close()
    child.process.kill()
    child.process.join()
    return None


def _start(root: Path, stamp: int) -> _Child:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(theirs, root, stamp), daemon=True)
    with _ctrl_c_ignored():
        process.start()
    theirs.close()
    return _Child(process, ours)


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    # A child inherits it: Ctrl-C reaches the whole group, and only the parent shall answer.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(pipe: "connection.Connection[object, object]", root: Path, stamp: int) -> None:
    """Run in a child: set documents until the parent closes the pipe."""
    # Layout in parallel inside each child would only fight with its neighbours.
    os.environ["RAYON_NUM_THREADS"] = "1"
    with contextlib.suppress(ImportError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_LIMIT_BYTES, _LIMIT_BYTES))
    import typst

    compiler = typst.Compiler(root=root, font_paths=[FONTS], ignore_system_fonts=True)

    def set_one(template: str, numbered: str, data: str) -> bytes:
        pdf, warnings = compiler.compile_with_warnings(
            root / template,
            format="pdf",
            sys_inputs={"data": data, "numbered": numbered},
            pdf_standards=[*STANDARDS],
            timestamp=stamp,
        )
        if warnings:
            # An unknown font is only a warning to Typst; a letter in another font is a fault.
            raise typst.TypstError(warnings[0].message, "")
        return cast("bytes", pdf)

    while True:
        try:
            job = cast("Job", pipe.recv())
        except EOFError:
            return
        try:
            pdf = set_one(job.template, "no" if job.pages else "yes", job.data)
            if job.pages and page_count(pdf) > job.pages:
                pdf = set_one(job.template, "yes", job.data)
        except typst.TypstError as error:
            pipe.send(_in_plain_words(error.message))
        else:
            pipe.send(pdf)
        if job.weight > 1:
            for _ in range(_COMPILES_TO_FORGET):
                set_one("empty.typ", "no", "")


def page_count(pdf: bytes) -> int:
    """Count the pages of a PDF that Typst wrote."""
    count = re.search(rb"/Type/Pages/Count (\d+)", pdf)
    if count is None:
        raise RuntimeError("Typst writes its page tree otherwise than it did")
    return int(count[1])


def _in_plain_words(message: str) -> str:
    if "could not be displayed" in message:
        text = message.partition('`"')[2].partition('"`')[0]
        return f"no font that travels with outreach has the character {text!r}; write it otherwise."
    return f"Typst refused it: {message}"


def _weight(jobs: Sequence[Job]) -> int:
    return sum(job.weight for job in jobs)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
