"""Letters on paper: our PDF and DOCX beside other engines, on the same letters, in one run.

    python benchmarks/letters/paper.py [--letters N] [--others] [--growth [1000 10000 50000]]

The letters are the bundled campaign's own, all of them unless --letters takes fewer or repeats
them. With --growth nothing but the growth is measured, with as many letters as asked for, made one
after the other as compose_in_turn() makes them.

Goals: single tagged PDFs 280/s and print runs 900/s on two cores, print runs within 1 GB, 10 000
letters in at most 12 s, DOCX 200/s. Each figure is the best of three runs, its memory that of a fourth. On a machine that does
other work too, letters a second are no measure: the load is printed beside them, and the time of
the processors (all children counted) for each letter. The other engines
(--others) are measured when they are installed: pip install weasyprint reportlab docxtpl.
"""

import argparse
import datetime as dt
import importlib.util
import io
import os
import platform
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.export.docx import write_docx_files
from outreach.export.paper import Paper, paper_of
from outreach.export.pdf import write_pdfs, write_print_runs
from outreach.letters.letter import Letter
from outreach.letters.text import text_of
from outreach.preparation import prepare

DAY = dt.date(2026, 11, 23)
# Single files are 80 kB each: 50 000 of them would fill 4 GB of somebody's temporary folder.
MOST_FILES = 10_000
SIZES = (1_000, 10_000, 50_000)


class PeakMemory(threading.Thread):
    """The most memory that this process and its children held, together and they alone, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = self.children = 0.0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(0.05):
            children = sum(map(_resident, _children(os.getpid())))
            self.children = max(self.children, children)
            self.peak = max(self.peak, children + _resident(str(os.getpid())))

    def __enter__(self) -> "PeakMemory":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join()


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def _resident(pid: str) -> float:
    # The proportional set: what two children share (fonts, Typst itself) counts once.
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


Measured = tuple[float, float, float, float, float]


def best(count: int, work: Callable[[Path], object], runs: int = 4) -> Measured:
    """(letters/s, seconds, CPU ms a letter, MB in all, MB of children) of the quickest run."""
    results = []
    # To look at the memory costs time of its own: of several runs, one does nothing else.
    memory = PeakMemory()
    for n in range(runs):
        with tempfile.TemporaryDirectory() as name, memory if n == 0 else nullcontext():
            start, cpu = time.perf_counter(), _cpu_seconds()
            work(Path(name) / "out")
            seconds = time.perf_counter() - start
            cpu = _cpu_seconds() - cpu
        if n or runs == 1:
            results.append((count / seconds, seconds, cpu / count * 1000))
    return *max(results), memory.peak, memory.children


def _cpu_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def repeated(letters: Sequence[Letter], count: int) -> Iterator[Letter]:
    """As many letters as wanted, one after the other: the campaign's, again and again.

    Each has a body of its own, as compose_in_turn() gives them: none is held here.
    """
    for n in range(count):
        letter = letters[n % len(letters)]
        who = letter.recipient
        again = replace(who, official_id=f"{who.official_id}-{n // len(letters)}")
        yield replace(letter, recipient=again, body=deepcopy(letter.body))


def ours(letters: Sequence[Letter], paper: Paper) -> None:
    count = len(letters)
    row("PDF, one each", count, best(count, lambda at: write_pdfs(letters, at, paper, date=DAY)), "280/s")  # fmt: skip
    row("PDF, print runs of 200", count, best(count, lambda at: write_print_runs(letters, at, paper, date=DAY)), "900/s, 1 GB")  # fmt: skip
    row("DOCX", count, best(count, lambda at: write_docx_files(letters, at, paper, date=DAY)), "200/s")  # fmt: skip
    row("PDF, print runs of 200", 10_000, best(10_000, lambda at: write_print_runs(repeated(letters, 10_000), at, paper, date=DAY), runs=1), "12 s")  # fmt: skip


def growth(letters: Sequence[Letter], paper: Paper, sizes: Sequence[int]) -> None:
    for count in sizes:
        row("growth: print runs", count, best(count, lambda at, count=count: write_print_runs(repeated(letters, count), at, paper, date=DAY), runs=1))  # fmt: skip
        if count <= MOST_FILES:
            row("growth: one each", count, best(count, lambda at, count=count: write_pdfs(repeated(letters, count), at, paper, date=DAY), runs=1))  # fmt: skip


def others(letters: Sequence[Letter], paper: Paper) -> None:
    """The same letters in other engines: HTML for WeasyPrint, flowing text for the others."""
    some = letters[:40]
    if importlib.util.find_spec("weasyprint"):
        import weasyprint

        def weasy(_: Path) -> None:
            for letter in some:
                weasyprint.HTML(string=letter.html).write_pdf(pdf_variant="pdf/ua-1")

        row("WeasyPrint, one each", len(some), best(len(some), weasy, runs=1))
    if importlib.util.find_spec("reportlab"):
        row("ReportLab, one each", len(some), best(len(some), lambda _: [_reportlab(letter) for letter in some], runs=1))  # fmt: skip
    if importlib.util.find_spec("docxtpl"):
        row("docxtpl", len(some), best(len(some), lambda _: _docxtpl(some), runs=1))
    if shutil.which("soffice"):
        row("LibreOffice, DOCX to PDF", len(some), best(len(some), lambda at: _libreoffice(some, paper, at), runs=1))  # fmt: skip


def _reportlab(letter: Letter) -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    style = getSampleStyleSheet()["BodyText"]
    parts = [*letter.sender, *letter.address, letter.dateline, letter.subject, letter.opening]
    parts += [*text_of(letter.body).split("\n\n"), letter.closing, *letter.signature]
    buffer = io.BytesIO()
    flow = [piece for part in parts for piece in (Paragraph(part, style), Spacer(1, 4))]
    SimpleDocTemplate(buffer).build(flow)
    return buffer.getvalue()


def _docxtpl(letters: Sequence[Letter]) -> None:
    import docx
    import docxtpl

    template = docx.Document()
    for name in ("sender", "address", "dateline", "subject", "opening", "body", "closing"):
        template.add_paragraph("{{ " + name + " }}")
    source = io.BytesIO()
    template.save(source)
    for letter in letters:
        source.seek(0)
        document = docxtpl.DocxTemplate(source)
        values = {
            name: getattr(letter, name) for name in ("dateline", "subject", "opening", "closing")
        }
        values |= {"sender": "\n".join(letter.sender), "address": "\n".join(letter.address)}
        document.render(values | {"body": text_of(letter.body)}, autoescape=True)
        document.save(io.BytesIO())


def _libreoffice(letters: Sequence[Letter], paper: Paper, folder: Path) -> None:
    paths = write_docx_files(letters, folder, paper, date=DAY)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}-profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)],
        check=True, capture_output=True,
    )  # fmt: skip
    assert len(list(folder.glob("*.pdf"))) == len(letters)


def row(what: str, count: int, measured: Measured, goal: str = "") -> None:
    rate, seconds, cpu, memory, children = measured
    load = os.getloadavg()[0]
    print(f"| {what} | {count} | {rate:.0f} | {seconds:.1f} | {cpu:.2f} | {memory:.0f} | {children:.0f} | {load:.1f} | {goal} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int)
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--growth", nargs="*", type=int, metavar="LETTERS")
    options = parser.parse_args()
    campaign = load_campaign(letters_path("solidarite-en-danger"))
    own = prepare(campaign, today=DAY).letters
    letters = list(repeated(own, options.letters)) if options.letters else own
    paper = paper_of(campaign)
    print(
        f"{dt.datetime.now(dt.UTC).date()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print(
        "| what | letters | letters/s | s | CPU ms a letter | MB | MB of children | load | goal |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    if options.growth is not None:
        growth(letters, paper, options.growth or SIZES)
        return
    ours(letters, paper)
    if options.others:
        others(letters, paper)


if __name__ == "__main__":
    main()
