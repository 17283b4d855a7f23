"""A whole campaign: its tables, and what must agree between them."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from outreach.campaign.tables import (
    Demand,
    Establishments,
    Letterhead,
    NationalFigure,
    Page,
    Post,
    Rosters,
    Sender,
    Signature,
    Table,
    Templates,
)
from outreach.campaign.values import Chamber, ExistingPath, NewPath, Style, Words
from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.sending import Sending

FILE_NAME = "campaign.toml"


class Campaign(Table):
    """One campaign, checked whole: what load_campaign() gives.

    Paths are absolute or relative to the working directory, already joined to the campaign's
    folder. Files that must be there are there.
    """

    uid: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{7,63}$")] = Field(
        description="random, made by `outreach new`; never change it once letters have left"
    )
    name: Words = Field(description="the campaign's name, as letters print it")
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,60}$")] = Field(
        "", description="for file names; made from the name when absent"
    )
    wave: int = Field(1, ge=1, le=20, description="1 for the first letter, 2 for the reminder")
    date: dt.date | None = Field(
        None, description="date of the letters; the day of the run if absent"
    )
    end: dt.date | None = Field(None, description="when the campaign ends; nothing is sent after")
    chambers: tuple[Chamber, ...] = Field(("assemblee", "senat"), description="who is written to")
    style: Style = Field("classique", description="look of the letter on paper")
    sender: Sender
    signature: Signature
    letterhead: Letterhead = Letterhead()
    demands: tuple[Demand, ...] = Field((), max_length=50)
    national_figures: tuple[NationalFigure, ...] = Field((), max_length=100)
    templates: Templates
    reminder: Templates = Templates()
    blocks: NewPath | None = Field(
        None, description="folder of variants: blocks/<block>/<variant>.md"
    )
    choices: dict[str, str] = Field(
        default_factory=dict,
        description='block = variant, for every letter it fits: {hook = "figures"}',
    )
    titles: ExistingPath | None = Field(None, description="CSV of titles by person or function")
    acts: ExistingPath | None = Field(None, description="CSV of sourced acts: votes, amendments")
    establishments: Establishments = Establishments()
    rosters: Rosters = Rosters()
    outbox: NewPath | None = Field(None, description="where planned letters wait")
    post: Post = Post()
    sending: Sending | None = Field(None, description="the mailbox; needed to send by e-mail")
    attachments: tuple[ExistingPath, ...] = Field((), description="files sent with each e-mail")
    skip_checks: tuple[Words, ...] = Field(
        (), description="rules of `letters check` not wanted here"
    )
    page: Page = Page()
    folder: Path = Field(Path(), exclude=True, description="set by outreach")

    @property
    def matches(self) -> Path:
        """The folder that `outreach match --campaign` writes, and whose decisions letters follow."""
        return self.folder / "matches"

    @model_validator(mode="after")
    def _agree(self, info: ValidationInfo) -> Self:
        problems = []
        if self.date and self.end and self.end < self.date:
            problems.append(f"end: {self.end} is before the date {self.date}; correct one of them")
        if not self.chambers:
            problems.append('chambers: is empty; write "assemblee", "senat" or both')
        for chamber in self.chambers:
            table = "templates" if self.wave == 1 else "reminder"
            if getattr(getattr(self, table), chamber) is None:
                problems.append(
                    f'{table}.{chamber}: is missing, and chambers names "{chamber}"; add a '
                    "template or take the chamber out"
                )
        for name in ("demands", "national_figures"):
            keys = [entry.key for entry in getattr(self, name)]
            problems += [
                f'{name}: the key "{key}" is used twice; each key is used once'
                for key in sorted({key for key in keys if keys.count(key) > 1})
            ]
        if problems:
            raise ValueError("\n".join(problems))
        folder = (info.context or {}).get("folder", Path())
        filled = {
            "folder": folder,
            "slug": self.slug or ascii_slug(self.name),
            "outbox": self.outbox or folder / "outbox.sqlite",
            "blocks": self.blocks or folder / "blocks",
        }
        for name, value in filled.items():  # frozen for everybody else
            object.__setattr__(self, name, value)
        return self

    def template(self, chamber: Chamber) -> Path:
        """Give the template of this wave for a chamber that the campaign writes to.

        Raises:
            InputError: the campaign has none for it.
        """
        path: Path | None = getattr(self.templates if self.wave == 1 else self.reminder, chamber)
        if path is None:
            raise InputError(f'{self.folder / FILE_NAME}: no template for "{chamber}"; add one.')
        return path
