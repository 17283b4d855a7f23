"""What stamps a mailing needs: letters by weight step, by a dated tariff file."""

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.bundle import data_path
from outreach.errors import InputError

# A4 is 1/16 m², so 80 g/m² make 4.99 g a sheet.
SHEET_GRAMS = 4.99
# A DL envelope of 80 g/m² with a window; a C5 weighs 7.
ENVELOPE_GRAMS = 4.5


class Step(BaseModel):
    """A weight step; no price: nobody could verify it, so nobody is told a sum."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    up_to_grams: Annotated[float, Field(gt=0)]
    price_cents: Annotated[int, Field(gt=0)] | None = None


class Tariff(BaseModel):
    """A tariff with the days it holds and where it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    valid_from: dt.date
    valid_until: dt.date
    checked_on: dt.date
    source: Annotated[str, Field(min_length=1)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class PostageLine:
    """The letters of one weight step. cents: of all of them, None without a known price."""

    up_to_grams: float
    letters: int
    cents: int | None


def bundled_tariff() -> Path:
    """Tell where the tariff lies that is used when none is given."""
    return data_path("postage", "lettre-verte.toml")


def read_tariff(path: Path | None = None) -> Tariff:
    """Read a tariff file, or the bundled one.

    Raises:
        InputError: it cannot be read, or a field is missing or wrong; all are listed.
    """
    path = path or bundled_tariff()
    try:
        with path.open("rb") as file:
            tariff = Tariff.model_validate(tomllib.load(file))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its name.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{path} is no TOML: {error}; compare it with the bundled file."
        ) from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise InputError(f"{path} is no tariff:", faults) from error
    if list(tariff.steps) != sorted(tariff.steps, key=lambda step: step.up_to_grams):
        raise InputError(f"{path}: the steps are not from light to heavy; sort them.")
    return tariff


def postage(
    pages: Sequence[int],
    tariff: Tariff,
    *,
    duplex: bool = False,
    enclosed_grams: float = 0,
    envelope_grams: float = ENVELOPE_GRAMS,
) -> list[PostageLine]:
    """Count letters by weight step.

    Args:
        pages: of each letter.
        tariff: from read_tariff().
        duplex: two pages a sheet.
        enclosed_grams: what travels with each letter.
        envelope_grams: of the envelope.

    Returns:
        One line for each step that a letter falls in, from light to heavy.

    Raises:
        InputError: letters are heavier than the last step; it says how many, and the heaviest.
    """
    counts: Counter[Step] = Counter()
    too_heavy: list[float] = []
    for count in pages:
        sheets = -(-count // 2) if duplex else count
        grams = sheets * SHEET_GRAMS + envelope_grams + enclosed_grams
        step = next((step for step in tariff.steps if grams <= step.up_to_grams), None)
        if step is None:
            too_heavy.append(grams)
        else:
            counts[step] += 1
    if too_heavy:
        raise InputError(
            f"{len(too_heavy)} of {len(pages)} letters weigh more than the last step of the tariff "
            f"({tariff.steps[-1].up_to_grams:g} g), up to {max(too_heavy):.0f} g; add a step to a "
            "tariff file and give it with --tariff, or enclose less."
        )
    return [
        PostageLine(
            step.up_to_grams,
            counts[step],
            None if step.price_cents is None else step.price_cents * counts[step],
        )
        for step in tariff.steps
        if counts[step]
    ]


def tariff_warning(tariff: Tariff, today: dt.date) -> str | None:
    """Say when a tariff does not hold today."""
    if tariff.valid_from <= today <= tariff.valid_until:
        return None
    return (
        f"The tariff « {tariff.name} » holds from {tariff.valid_from} to {tariff.valid_until}, "
        f"not on {today}: give the present one with --tariff."
    )
