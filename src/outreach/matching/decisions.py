"""Decisions of people: those kept in decisions.csv, and those just typed in a review file."""

from pathlib import Path

from outreach.errors import InputError
from outreach.geography.places import Geography
from outreach.matching.review import Decision, read_review


def read_decisions(folder: Path, earlier: Path | None, geography: Geography) -> dict[str, Decision]:
    """Read the decisions kept and those just typed in a review file; the newest win.

    Args:
        folder: where `outreach match` writes: decisions.csv, review.csv, review.xlsx.
        earlier: another file of decisions, such as last year's; read first.
        geography: to check that each constituency exists.

    Raises:
        InputError: a decision is no constituency, or the two review files contradict each other.
    """
    taken: dict[str, Decision] = {}
    for path in (earlier, folder / "decisions.csv"):
        if path is not None and (path.exists() or path is earlier):
            taken |= read_review(path, geography)
    typed: dict[str, Decision] = {}
    for path in (folder / "review.csv", folder / "review.xlsx"):
        if not path.exists():
            continue
        read = read_review(path, geography)
        contradicted = [
            f"{decision.name}: {typed[key].constituency_code} in review.csv, {decision.constituency_code} in review.xlsx"
            for key, decision in read.items()
            if key in typed and typed[key].constituency_code != decision.constituency_code
        ]
        if contradicted:
            raise InputError(
                "review.csv and review.xlsx decide differently; fill only one of them.",
                contradicted,
            )
        typed |= read
    return taken | typed
