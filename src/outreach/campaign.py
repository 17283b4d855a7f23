"""campaign.toml → Campaign: who writes, what is asked, with which files.

A campaign is a folder that a person can read: campaign.toml, letter templates in Markdown,
a few CSV files. Nothing here renders, matches or sends, and no default leads to sending.
"""

import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.sending import Sending

FILE_NAME = "campaign.toml"
_LARGEST_BYTES = 1_000_000


def _one_line(text: str) -> str:
    # Control, bidi and format characters in a name would reach headers and file names.
    if any(not (character.isprintable() or character in "\u00a0\u202f") for character in text):
        raise ValueError("holds a line break or an invisible control character; type it again")
    return text


def _email(text: str) -> str:
    if not text:
        return text
    from email_validator import EmailNotValidError, validate_email  # 40 ms to import

    if not text.isascii():
        raise ValueError("an address is written without accents here; use its ASCII form")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address: {error}") from error


def _url(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError('starts with neither "https://" nor "http://"; write the whole address')
    if any(character in text for character in " \"'<>`\\"):
        raise ValueError("holds a space, quote or bracket; copy the address from the browser")
    return text


def _in_folder(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path.expanduser()


def _existing(path: Path, info: ValidationInfo) -> Path:
    path = _in_folder(path, info)
    if not path.is_file():
        raise ValueError(f"there is no file {path}; correct the name or put the file there")
    return path


def _existing_folder(path: Path, info: ValidationInfo) -> Path:
    path = _in_folder(path, info)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}; correct the name")
    return path


def _date_text(value: object) -> object:
    # TOML knows dates and numbers: 2019 and 2023-10-24 are both fit to be a figure's date.
    return str(value) if isinstance(value, dt.date | int) else value


Chamber = Literal["assemblee", "senat"]
Style = Literal["classique", "sobre", "moderne"]
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
Words = Annotated[Line, StringConstraints(min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Email = Annotated[Line, AfterValidator(_email)]
Url = Annotated[Line, AfterValidator(_url)]
NewPath = Annotated[Path, AfterValidator(_in_folder)]
ExistingFolder = Annotated[Path, AfterValidator(_existing_folder)]
ExistingPath = Annotated[Path, AfterValidator(_existing)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sender(_Table):
    """Whose letter it is: letterhead, From and Reply-To."""

    organisation: Words = Field(description="name of the association, as on its letterhead")
    address: tuple[Words, ...] = Field(
        min_length=1, max_length=4, description="street, then postcode and city"
    )
    email: Email = Field(min_length=3, description="the From address, at the sender's own domain")
    reply_to: Email = Field("", description="where answers go, when not to the From address")
    web: Url = Field("", description="public site, printed on the letterhead")
    phone: Line = Field("", description="printed on the letterhead")


class Signature(_Table):
    """Who signs."""

    name: Words = Field(description="first and last name")
    function: Words = Field(description='"Présidente", "Directeur général"')
    place: Words = Field(description='the city of the dateline: "Paris"')
    image: ExistingPath | None = Field(None, description="PNG or SVG of the signature")


class Letterhead(_Table):
    """What paper carries around the letter."""

    logo: ExistingPath | None = Field(None, description="PNG or SVG, at most 2 MB")
    footer: Line = Field("", description="one line at the foot of the page")


class Demand(_Table):
    """One thing that the campaign asks for."""

    key: Key = Field(description="the name that templates use")
    title: Words = Field(description="a few words")
    text: Words = Field(description="one sentence")


class NationalFigure(_Table):
    """One national figure, never without its source."""

    key: Key = Field(description="the name that templates use: national.vacant_posts")
    value: int | float | None = Field(None, description="the number itself, when there is one")
    unit: Line = Field("", description='what is counted, singular: "poste", "%"')
    text: Words = Field(description='as a letter says it: "50 000 postes vacants"')
    source: Words = Field(description="who published it, as a letter quotes it")
    date: Annotated[Words, BeforeValidator(_date_text)] = Field(
        description='what it was true of: "2023", "2010-2020", 2023-10-24'
    )
    url: Url = Field("", description="where a reader can check it")


class Templates(_Table):
    """The letter of each chamber."""

    assemblee: ExistingPath | None = Field(None, description="Markdown file for deputies")
    senat: ExistingPath | None = Field(None, description="Markdown file for senators")


class Establishments(_Table):
    """The member list; without a file, the bundled public list is used."""

    file: ExistingPath | None = Field(None, description="CSV or XLSX")
    sheet: Line = Field("", description="the sheet of the workbook, when not the first")
    columns: dict[str, str] = Field(
        default_factory=dict, description="our column = theirs, where the guess was wrong"
    )
    review: ExistingPath | None = Field(
        None, description="decisions of another list, such as last year's decisions.csv"
    )
    source: Line = Field(
        "", description='as a letter quotes it: "liste de nos établissements adhérents"'
    )
    as_of: Annotated[Line, BeforeValidator(_date_text)] = Field(
        "", description="the date of the list: 2026-08-13"
    )

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.file is not None and not (self.source and self.as_of):
            raise ValueError(
                "a list needs its source and as_of: every local figure is quoted with them"
            )
        return self


class Rosters(_Table):
    """Lists of parliamentarians to use instead of the bundled ones."""

    assemblee: ExistingFolder | None = Field(None, description="folder that roster build wrote")
    senat: ExistingFolder | None = Field(None, description="folder that roster build wrote")


class Post(_Table):
    """Where letters on paper go, and what travels with them."""

    address: Literal["chamber", "constituency_office"] = Field(
        "chamber", description="to the Assembly or Senate, or to the constituency office"
    )
    enclosures: tuple[Words, ...] = Field(
        (), description="titles of the documents enclosed, listed under the signature"
    )
    window: tuple[float, float, float, float] = Field(
        (110, 55, 80, 24), description="address block: x, y, width, height in mm on A4"
    )


class Page(_Table):
    """The page where citizens write: what `outreach page build` needs beside the letters."""

    title: Line = Field("", description="heading of the page; the campaign's name when absent")
    introduction: tuple[Words, ...] = Field(
        (), max_length=5, description="one to three short paragraphs under the heading"
    )
    english_title: Line = Field("", description="heading of the English page")
    english_introduction: tuple[Words, ...] = Field((), max_length=5, description="the same")
    templates: Templates = Field(
        Templates(), description="letters that a citizen signs; the campaign's own when absent"
    )
    blocks: NewPath | None = Field(
        None, description="folder of the variants that these letters include"
    )
    prompts: tuple[Words, ...] = Field(
        (), max_length=6, description="beginnings of sentences for the personal passage"
    )
    address: Url = Field("", description="where the page will be published, for shared links")
    geocoder: Url = Field(
        "https://data.geopf.fr/geocodage/search",
        description='address service asked when the citizen agrees; "" turns it off',
    )
    figures: tuple[Key, ...] = Field(
        ("establishments", "places", "staff_headcount"),
        max_length=6,
        description="names of the local figures shown beside the people",
    )
    map_figure: Key = Field("establishments", description="the local figure drawn on the map")
    establishments: bool = Field(
        default=True,
        description="publish each member's name, address and size, for links by establishment",
    )


class Campaign(_Table):
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


def load_campaign(path: Path) -> Campaign:
    """Read and check a campaign.

    Args:
        path: the campaign's folder, or its campaign.toml.

    Raises:
        InputError: the file is missing or faulty; every fault is listed with its dotted key and
            a remedy, an unknown field with the nearest known one.
    """
    file = path / FILE_NAME if path.is_dir() else path
    content = _read_toml(file)
    try:
        return Campaign.model_validate(content, context={"folder": file.parent})
    except ValidationError as error:
        problems = [
            f"{file}, {line}" for fault in error.errors() for line in _fault_lines(dict(fault))
        ]
        count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
        raise InputError(f"{file} has {count}:", problems) from None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"{file} does not exist; `outreach new {file.parent}` makes a campaign."
        ) from None
    except OSError as error:
        raise InputError(f"{file} could not be read: {error.strerror or error}.") from error
    if len(data) > _LARGEST_BYTES:
        raise InputError(f"{file} is larger than 1 MB; this is not a campaign file.")
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 (byte {error.start}); save it again with the encoding UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{file} is not valid TOML: {error}. Texts stand between double quotes."
        ) from error
    except RecursionError as error:
        raise InputError(f"{file} is nested too deeply; this is not a campaign file.") from error


def _fault_lines(fault: dict[str, Any]) -> list[str]:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    kind, given = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        known = _fields_at(fault["loc"][:-1])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
        meant = f' did you mean "{near[0]}"?' if near else ""
        return [f"{where}: unknown field;{meant} Known here: {', '.join(known)}."]
    if kind == "missing":
        return [f"{where}: is missing; add it ({_description(fault['loc'])})."]
    said = str(fault.get("ctx", {}).get("error") or fault["msg"])
    if not where:  # from _agree, whose lines carry their own keys
        return said.splitlines()
    shown = f' "{given}"' if isinstance(given, str | int | float) else ""
    return [f"{where}:{shown} {said[0].lower()}{said[1:]}."]


def _fields_at(location: tuple[int | str, ...]) -> list[str]:
    model = _model_at(location)
    return [name for name in model.model_fields if name != "folder"]


def _description(location: tuple[int | str, ...]) -> str:
    field = _model_at(location[:-1]).model_fields[str(location[-1])]
    return field.description or f"a table [{location[-1]}]"


def _model_at(location: tuple[int | str, ...]) -> type[BaseModel]:
    model: type[BaseModel] = Campaign
    for part in location:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            model = next(
                kind
                for kind in (annotation, *getattr(annotation, "__args__", ()))
                if isinstance(kind, type) and issubclass(kind, BaseModel)
            )
    return model
