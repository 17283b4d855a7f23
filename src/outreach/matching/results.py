"""What matching a list gives, gathered part by part, and the files of its folder."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from outreach.establishments.refusal import Refusal
from outreach.files import whole_file
from outreach.geography.places import Geography
from outreach.matching.doubts import Summary
from outreach.matching.duplicates import Duplicate, DuplicateSearch, duplicates_text
from outreach.matching.found_points import FoundPoint, found_points, points_text
from outreach.matching.output import MatchesFile
from outreach.matching.review import (
    Decision,
    ReviewRow,
    decisions_text,
    in_order,
    review_rows,
    review_text,
    review_xlsx,
)
from outreach.spreadsheets import csv_text

REFUSED = ("file", "sheet", "row", "column", "value", "reason", "remedy")


class Results(ExitStack):
    """Matched rows, doubts, possible duplicates and points of a list; rows wait on disk.

    Attributes:
        summary: rows by certainty and by kind of doubt.
        review: the doubtful rows so far, in no order.
    """

    def __init__(self) -> None:
        self.summary = Summary()
        self.review: list[ReviewRow] = []
        self._points: list[FoundPoint] = []
        super().__init__()
        self._matches = self.enter_context(MatchesFile())
        self._duplicates = self.enter_context(DuplicateSearch())

    def add(self, listed: pd.DataFrame, matched: pd.DataFrame) -> None:
        """Add a part.

        Args:
            listed: columns.TABLE as the list gives it.
            matched: the same rows, with the points found since, matched.
        """
        self.summary.add(matched)
        self.review += review_rows(matched)
        self._points += found_points(listed, matched)
        self._matches.add(matched)
        self._duplicates.add(matched)

    def write(
        self,
        folder: Path,
        geography: Geography,
        refused: Sequence[Refusal],
        decisions: Mapping[str, Decision],
    ) -> list[Duplicate]:
        """Write matches, review, refused, duplicates, decisions and points; give the possible duplicates.

        All files take their names together at the end: an interruption leaves the folder as it was.
        """
        rows = in_order(self.review)
        duplicates = self._duplicates.find()
        contents: dict[str, str | bytes] = {
            "review.csv": review_text(rows),
            "review.xlsx": review_xlsx(rows, geography),
            "refused.csv": refused_text(refused),
            "duplicates.csv": duplicates_text(duplicates),
            "decisions.csv": decisions_text(decisions),
            "points.csv": points_text(self._points),
        }
        with ExitStack() as files:
            self._matches.write_to(files.enter_context(whole_file(folder / "matches.csv")))
            for name, content in contents.items():
                file = files.enter_context(whole_file(folder / name))
                file.write(content.encode() if isinstance(content, str) else content)
        return duplicates


def refused_text(refused: Sequence[Refusal]) -> str:
    """Refused rows as a CSV for people."""
    return "\ufeff" + csv_text(
        REFUSED, ({name: getattr(row, name) for name in REFUSED} for row in refused)
    )
