"""One run over a list for `outreach match`: read, complete, match and gather, part by part."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.english import counted

if TYPE_CHECKING:
    from outreach.establishments.enrichment import Difference
    from outreach.establishments.reading import Reading, Understood
    from outreach.geography.places import Geography
    from outreach.matching.found_points import Geocoding
    from outreach.matching.results import Results
    from outreach.matching.review import Decision
    from outreach.roster.seat import Roster


@dataclass
class Done:
    """What a run says beside its results.

    Attributes:
        found: rows found in the FINESS extract; None without one.
        differences: between the list and the extract.
        geocoded: how asking the geocoder went, a part each.
    """

    understood: "Understood"
    found: int | None = None
    differences: "list[Difference]" = field(default_factory=list)
    geocoded: "list[Geocoding]" = field(default_factory=list)

    def show(self) -> None:
        """Print what the extract and the geocoder gave."""
        from outreach.cli.establishments import show_lines

        if self.found is not None:
            click.echo(
                f"{counted(self.found, 'row')} found in the FINESS extract; "
                f"{counted(len(self.differences), 'difference')}:"
            )
            show_lines([str(difference) for difference in self.differences])
        if self.geocoded:
            asked, cached, located = (
                sum(getattr(part, name) for part in self.geocoded)
                for name in ("asked", "cached", "located")
            )
            click.echo(
                f"Geocoder: {counted(asked, 'address', 'addresses')} asked, {cached} known from before, {located} located well enough"
            )
            for problem in (problem for part in self.geocoded for problem in part.problems):
                click.echo(f"  {problem}", err=True)


@dataclass(frozen=True)
class ListRun:
    """All that a run needs; `--review` runs twice.

    Attributes:
        file: the list; None for the bundled one.
        reading: options of establishments.read.read_parts.
        points: the points.csv of earlier runs.
        extract: a FINESS file to complete rows from.
        geocoder: the address of the geocoder to ask; None asks nobody.
    """

    file: Path | None
    reading: Mapping[str, Any]
    geography: "Geography"
    rosters: "Sequence[Roster]"
    points: Path
    extract: Path | None
    geocoder: str | None

    def match(self, results: "Results", taken: "Mapping[str, Decision]") -> Done:
        """Match every part of the list into ``results``; progress is shown on a terminal."""
        from outreach.cli.progress import shown_progress
        from outreach.establishments.enrichment import Extract, enrich
        from outreach.establishments.read import read_establishments
        from outreach.establishments.reading import Understood
        from outreach.matching.found_points import add_kept_points, add_points
        from outreach.matching.geocoder import Geocoder
        from outreach.matching.matches import match_establishments

        done: Done | None = None
        with ExitStack() as open_:
            tell = open_.enter_context(shown_progress())
            tell("reading", 0, 0)
            extract = Extract(read_establishments(self.extract).table) if self.extract else None
            asked = open_.enter_context(Geocoder(self.geocoder)) if self.geocoder else None
            for part in self._parts():
                done = done or Done(Understood(part), 0 if extract else None)
                done.understood.add(part)
                table = add_kept_points(part.table, self.points)
                if extract:
                    enriched = enrich(table, extract)
                    table = enriched.table
                    done.found = (done.found or 0) + enriched.found
                    done.differences += enriched.differences
                matched = match_establishments(table, self.geography, self.rosters, taken)
                if asked:
                    table, answer = add_points(
                        table, matched, asked, lambda n, total: tell("geocoding", n, total)
                    )
                    done.geocoded.append(answer)
                    matched = match_establishments(table, self.geography, self.rosters, taken)
                results.add(part.table, matched)
                tell("matching", done.understood.received, 0)
        if done is None:
            raise AssertionError("read_parts gives at least one part")
        return done

    def _parts(self) -> "Iterator[Reading]":
        from outreach.establishments.bundled import load_bundled
        from outreach.establishments.read import read_parts

        return (
            iter([load_bundled()]) if self.file is None else read_parts(self.file, **self.reading)
        )
