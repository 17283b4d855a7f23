"""Typst in child processes: JSON in, PDF files out, one compiler kept warm in each child.

A compiler that is kept is three times as fast as one made for each letter. It lives in a spawned
process (in a forked one Typst hangs) because a document that exhausts memory aborts the process
it is set in: the child falls, and the parent says which letter it was.
"""

import contextlib
import datetime as dt
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import cast

from outreach.errors import OutreachError
from outreach.export.compositor import Answer, Order, serve

TEMPLATES = Path(__file__).parent / "typst"
# Starting a child takes 0.3 s: one child is as quick for a few letters.
_JOBS_A_CHILD = 40

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One document to set.

    Attributes:
        name: the file's name, a plain one, and what a message calls it.
        template: the Typst file, such as "letter.typ".
        data: gives the JSON that the template reads, as data and never as markup. Called when its
            turn comes: 50 000 letters need not lie twice in memory.
        weight: how many letters it counts for in the progress.
        pages: how many it should take; if it takes more, a letter went on to a page that nobody
            expected, and all is set again with page numbers. None numbers at once.
    """

    name: str
    template: str
    data: Callable[[], str]
    weight: int = 1
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds, and bytes of memory of its process (not on Windows)."""

    seconds: float = 120
    memory: int = 4 * 2**30


@dataclass(frozen=True, slots=True)
class _Child:
    process: BaseProcess
    pipe: "connection.Connection[object, object]"


class _Press:
    """Children that set documents: started, given jobs one at a time, replaced when they fall."""

    def __init__(self, root: Path, folder: Path | None, stamp: int, limits: Limits) -> None:
        self._root, self._folder, self._stamp, self._limits = root, folder, stamp, limits
        self._idle: list[_Child] = []
        self._at_work: list[tuple[_Child, Job, float]] = []

    def results(self, jobs: Sequence[Job], count: int) -> Iterator[tuple[Job, Answer]]:
        """Give each job with its pages or with what is wrong, as they come ready."""
        waiting = list(reversed(jobs))
        self._idle = [self._start() for _ in range(min(count, len(jobs)))]
        while waiting or self._at_work:
            while waiting and self._idle:
                self._give(self._idle.pop(), waiting.pop())
            yield from self._finished(waiting)

    def close(self) -> None:
        """End all children, at work or not."""
        children = [*self._idle, *(child for child, _, _ in self._at_work)]
        # All at once: each takes 10 ms to give back its memory.
        for child in children:
            child.process.kill()
        for child in children:
            _end(child)

    def _start(self) -> _Child:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        arguments = (theirs, self._root, self._stamp, self._limits.memory)
        process = spawn.Process(target=serve, args=arguments, daemon=True)
        with _ctrl_c_ignored(), _caller_unseen():
            process.start()
        theirs.close()
        return _Child(process, ours)

    def _give(self, child: _Child, job: Job) -> None:
        # One job at a time: with two under way, parent and child could both wait to be read.
        self._at_work.append((child, job, time.monotonic() + self._limits.seconds))
        with contextlib.suppress(OSError):  # a fallen child is noticed when it is read
            path = None if self._folder is None else self._folder / job.name
            child.pipe.send(Order(job.template, job.data(), path, job.pages, job.weight > 1))

    def _finished(self, waiting: list[Job]) -> Iterator[tuple[Job, Answer]]:
        patience = min(limit for _, _, limit in self._at_work) - time.monotonic()
        pipes = [child.pipe for child, _, _ in self._at_work]
        ready = connection.wait(pipes, timeout=max(0.0, patience))
        for entry in list(self._at_work):
            child, job, limit = entry
            if child.pipe not in ready and time.monotonic() < limit:
                continue
            self._at_work.remove(entry)
            result = _answer(child) if child.pipe in ready else None
            if result is None:
                _end(child)
                child = self._start()
            if waiting:
                self._give(child, waiting.pop())
            else:
                self._idle.append(child)
            yield job, result or "it needed more memory or time than a letter may; shorten it."


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


def set_document(job: Job, root: Path, *, date: dt.date) -> bytes:
    """Set one document. Arguments and errors are those of set_documents()."""
    for _ in set_documents([job], root, folder=root, date=date):
        pass
    return (root / job.name).read_bytes()


def set_documents(
    jobs: Sequence[Job],
    root: Path,
    *,
    folder: Path | None,
    date: dt.date,
    processes: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Job, int]]:
    """Set every document and give its number of pages, in the order in which they come ready.

    Args:
        jobs: what to set; names are unique.
        root: from typst_root().
        folder: where the children write the PDFs under their jobs' names (sent to the parent and
            written by it, single files took a seventh longer); None only counts pages.
        date: the date inside each PDF, so that the same letters give the same bytes.
        processes: how many children; by default as many as there are cores, at most 8.
        limits: of each document.
        progress: called with (letters done, letters in all).

    Raises:
        OutreachError: documents that could not be set, all of them listed, once all are tried.
        OSError: a file could not be written, at once.
    """
    count = processes or min(8, _cores(), max(1, _weight(jobs) // _JOBS_A_CHILD))
    stamp = int(dt.datetime.combine(date, dt.time(12), dt.UTC).timestamp())
    press = _Press(root, folder, stamp, limits or Limits())
    faults: list[str] = []
    done, total = 0, _weight(jobs)
    try:
        for job, result in press.results(jobs, count):
            if isinstance(result, OSError):
                raise result
            if isinstance(result, int):
                yield job, result
            else:
                faults.append(f"{job.name}: {result}")
            done += job.weight
            if progress is not None:
                progress(done, total)
    finally:
        press.close()
    if faults:
        raise OutreachError(f"{len(faults)} documents could not be set:", sorted(faults))


def _answer(child: _Child) -> Answer | None:
    """Read what a child says; None from one that fell."""
    with contextlib.suppress(EOFError, OSError):
        return cast("Answer", child.pipe.recv())
    return None


def _end(child: _Child) -> None:
    child.pipe.close()
    child.process.kill()
    child.process.join()


@contextmanager
def _caller_unseen() -> Iterator[None]:
    # A spawned child runs the caller's script again, to find in it what it is told to run. Ours
    # needs nothing there: a script that imports pandas would cost it 0.6 s, and one without
    # `if __name__ == "__main__"` would start children of its own.
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = caller


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


def _weight(jobs: Sequence[Job]) -> int:
    return sum(job.weight for job in jobs)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
