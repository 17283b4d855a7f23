"""The tables of campaign.toml, each checked for itself."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from outreach.campaign.values import (
    Email,
    ExistingFolder,
    ExistingPath,
    Key,
    Line,
    NewPath,
    Title,
    Url,
    Words,
    date_text,
)


class Table(BaseModel):
    """A table of campaign.toml: an unknown field is a fault, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sender(Table):
    """Whose letter it is: letterhead, From and Reply-To."""

    organisation: Words = Field(description="name of the association, as on its letterhead")
    address: tuple[Words, ...] = Field(
        min_length=1, max_length=4, description="street, then postcode and city"
    )
    email: Email = Field(min_length=3, description="the From address, at the sender's own domain")
    reply_to: Email = Field("", description="where answers go, when not to the From address")
    web: Url = Field("", description="public site, printed on the letterhead")
    phone: Line = Field("", description="printed on the letterhead")


class Signature(Table):
    """Who signs."""

    name: Words = Field(description="first and last name")
    function: Words = Field(description='"Présidente", "Directeur général"')
    place: Words = Field(description='the city of the dateline: "Paris"')
    image: ExistingPath | None = Field(None, description="PNG or SVG of the signature")


class Letterhead(Table):
    """What paper carries around the letter."""

    logo: ExistingPath | None = Field(None, description="PNG or SVG, at most 2 MB")
    footer: Line = Field("", description="one line at the foot of the page")


class Demand(Table):
    """One thing that the campaign asks for."""

    key: Key = Field(description="the name that templates use")
    title: Words = Field(description="a few words")
    text: Words = Field(description="one sentence")


class NationalFigure(Table):
    """One national figure, never without its source."""

    key: Key = Field(description="the name that templates use: national.vacant_posts")
    value: int | float | None = Field(None, description="the number itself, when there is one")
    unit: Line = Field("", description='what is counted, singular: "poste", "%"')
    text: Words = Field(description='as a letter says it: "50 000 postes vacants"')
    subject: Line = Field(
        "", description='what the list of sources calls it: "salaires"; else the unit or the text'
    )
    source: Words = Field(description="who published it, as a letter quotes it")
    date: Annotated[Words, BeforeValidator(date_text)] = Field(
        description='what it was true of: "2023", "2010-2020", 2023-10-24'
    )
    url: Url = Field("", description="where a reader can check it")


class Templates(Table):
    """The letter of each chamber."""

    assemblee: ExistingPath | None = Field(None, description="Markdown file for deputies")
    senat: ExistingPath | None = Field(None, description="Markdown file for senators")


class Establishments(Table):
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
    as_of: Annotated[Line, BeforeValidator(date_text)] = Field(
        "", description="the date of the list: 2026-08-13"
    )

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.file is not None and not (self.source and self.as_of):
            raise ValueError(
                "a list needs its source and as_of: every local figure is quoted with them"
            )
        return self


class Rosters(Table):
    """Lists of parliamentarians to use instead of the bundled ones."""

    assemblee: ExistingFolder | None = Field(None, description="folder that roster build wrote")
    senat: ExistingFolder | None = Field(None, description="folder that roster build wrote")


class Post(Table):
    """Where letters on paper go, and what travels with them."""

    address: Literal["chamber", "constituency_office"] = Field(
        "chamber",
        description='"chamber": to the Assembly or Senate; "constituency_office": to the office '
        "in the constituency where one is published, to the chamber otherwise",
    )
    enclosures: tuple[Title, ...] = Field(
        (), max_length=8, description="titles of the documents enclosed, listed under the signature"
    )
    window: tuple[float, float, float, float] = Field(
        (110, 55, 80, 24), description="address block: x, y, width, height in mm on A4"
    )


class Page(Table):
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
