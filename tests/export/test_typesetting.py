"""outreach.export.typesetting: documents set in child processes that may fall."""

import datetime as dt
from pathlib import Path

import pytest

from outreach.errors import OutreachError
from outreach.export.typesetting import Job, Limits, set_document, set_documents, typst_root

DAY = dt.date(2026, 11, 23)
GOOD = '#set document(title: "x")\n#set text(font: "Noto Sans", lang: "fr")\nBon #json(sys.inputs.data).data'


def templates(root: Path, **sources: str) -> None:
    """Put Typst files into the root."""
    for name, source in sources.items():
        (root / f"{name}.typ").write_text(source, encoding="utf-8")


@pytest.mark.parametrize(
    ("bad", "limits"),
    [
        ("#for a in range(1000000) { for b in range(1000000) { } }", Limits(seconds=2)),
        ('#let s = "a" * 2000000000\n#s.len()', Limits(memory=10**9)),
    ],
)
def test_a_document_that_exhausts_its_process_is_named_and_the_others_are_set(
    bad: str, limits: Limits
) -> None:
    """Endless work and endless memory end the child, not the export; the letter is named."""
    with typst_root() as root:
        templates(root, good=GOOD, bad=bad)
        jobs = [Job(f"{n}.pdf", "bad.typ" if n == 1 else "good.typ", lambda: "1") for n in range(4)]
        documents = set_documents(jobs, root, folder=root, date=DAY, processes=1, limits=limits)
        done = [
            (job.name, pages, (root / job.name).read_bytes()[:5])
            for job, pages in (next(documents), next(documents), next(documents))
        ]

        with pytest.raises(OutreachError) as caught:
            next(documents)

    assert caught.value.problems == (
        "1.pdf: it needed more memory or time than a letter may; shorten it.",
    )
    assert sorted(done) == [(f"{n}.pdf", 1, b"%PDF-") for n in (0, 2, 3)]


def test_an_unknown_font_is_an_error() -> None:
    """What Typst only warns of, a letter in another font, stops the export."""
    with typst_root() as root:
        templates(root, bad=GOOD.replace("Noto Sans", "Comic Neue"))

        with pytest.raises(OutreachError, match="unknown font family: comic neue"):
            set_document(Job("a.pdf", "bad.typ", lambda: "1"), root, date=DAY)


@pytest.mark.parametrize("path", ["/etc/hostname", "../outside.txt", "/link.txt"])
def test_nothing_outside_the_root_can_be_read(path: str, tmp_path: Path) -> None:
    """Not even our own templates could read another file of the machine."""
    with typst_root() as root:
        (root.parent / "outside.txt").write_text("secret", encoding="utf-8")
        templates(root, bad=f'{GOOD}\n#read("{path}")')

        with pytest.raises(OutreachError, match="Typst refused it"):
            set_document(Job("a.pdf", "bad.typ", lambda: "1"), root, date=DAY)
        (root.parent / "outside.txt").unlink()


def test_no_package_is_fetched() -> None:
    """A package of Typst's universe is an error, not a download."""
    with typst_root() as root:
        templates(root, bad='#import "@preview/no-such-package-at-all:0.1.0": x\n' + GOOD)

        with pytest.raises(OutreachError, match="Typst refused it"):
            set_document(Job("a.pdf", "bad.typ", lambda: "1"), root, date=DAY)


def test_our_templates_name_no_package_and_evaluate_nothing() -> None:
    """The templates that travel along hold no @preview, no eval and no read."""
    with typst_root() as root:
        sources = {path.name: path.read_text(encoding="utf-8") for path in root.glob("*.typ")}

    assert len(sources) >= 8
    for name, source in sources.items():
        code = "\n".join(line for line in source.splitlines() if not line.startswith("//"))
        assert not any(word in code for word in ("@preview", "eval(", "read(")), name
