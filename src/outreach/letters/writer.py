"""One campaign's templates, compiled once, and the letter that they make for one recipient.

compose calls write() for each recipient; `letters fields` asks for the context alone.
"""

import datetime as dt
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplatesNotFound

from outreach.campaign import Campaign
from outreach.errors import TemplateError
from outreach.figures.figure import Figure, LocalFigures
from outreach.letters.acts import Act, read_acts
from outreach.letters.address import address_block
from outreach.letters.fields import FigureNames, build_context, known_fields, shared_context
from outreach.letters.html import html_of
from outreach.letters.kinds import Record
from outreach.letters.letter import Letter, Node
from outreach.letters.markup import parse, parse_line, text_nodes
from outreach.letters.numbers import date_words
from outreach.letters.pack import Letterform, Pack, load_pack
from outreach.letters.salutation import TitleRule, read_titles, salutation
from outreach.letters.sandbox import Sandbox
from outreach.letters.syntax import Fault, compile_template
from outreach.letters.text import text_of
from outreach.letters.typography import mail_text, typeset
from outreach.letters.values import TemplateFault, source_line
from outreach.letters.variants import Draw, choose_variants
from outreach.roster.seat import Parliamentarian

_LINES: Final = ("subject", "closing")


class LetterFault(Exception):
    """A letter that cannot be rendered: carries the fault to compose, which gathers them."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(slots=True)
class Writer:
    """Everything that is the same for all letters, compiled and read once."""

    campaign: Campaign
    pack: Pack
    sandbox: Sandbox
    names: FigureNames
    shared: dict[str, Any]
    titles: tuple[TitleRule, ...]
    acts: Mapping[str, Act]
    dateline: str
    sender: tuple[str, ...]
    signature: tuple[str, ...]
    numbers: Mapping[str, int]
    asked: Mapping[str, Mapping[str, str]]

    @classmethod
    def open(
        cls,
        campaign: Campaign,
        names: FigureNames,
        today: dt.date,
        numbers: Mapping[str, int] | None = None,
        asked: Mapping[str, Mapping[str, str]] | None = None,
    ) -> "Writer":
        """Read the pack and compile every template.

        Args:
            campaign: its templates of the present wave.
            names: the figures that may be asked for.
            today: the date that letters bear when the campaign sets none.
            numbers: official id → number of the seat in its département (seat_numbers), for the
                draw of variants; 0 where it has none.
            asked: official id → block → variant of the letter before, for a reminder.

        Raises:
            TemplateError: all the faults of all the templates.
        """
        pack = load_pack(campaign)
        sandbox = Sandbox()
        faults = compile_pack(pack, sandbox, known_fields(campaign, names, pack.blocks))
        if faults:
            raise TemplateError(
                f"The templates have {len(faults)} faults:"
                if faults[1:]
                else "A template is faulty:",
                [str(fault) for fault in faults],
            )
        sender, signed = campaign.sender, campaign.signature
        return cls(
            campaign,
            pack,
            sandbox,
            names,
            shared_context(campaign, today),
            read_titles(campaign.titles),
            read_acts(campaign.acts, min(today, campaign.date or today)),
            typeset(f"{signed.place}, le {date_words(campaign.date or today)}"),
            tuple(
                typeset(line)
                for line in (
                    sender.organisation,
                    *sender.address,
                    sender.phone,
                    sender.email,
                    sender.web,
                )
                if line
            ),
            tuple(typeset(line) for line in (signed.name, signed.function)),
            numbers or {},
            asked or {},
        )

    def check_choices(self, choices: Mapping[str, str]) -> None:
        """Refuse a forced block or variant that the pack does not have.

        Raises:
            TemplateError: with the names that exist.
        """
        problems = []
        for block, name in choices.items():
            known = [variant.name for variant in self.pack.blocks.get(block, [])]
            if block not in self.pack.blocks:
                problems.append(f'no block "{block}"; there are: {", ".join(self.pack.blocks)}')
            elif name not in known:
                problems.append(f'no variant "{name}" of {block}; there are: {", ".join(known)}')
        if problems:
            raise TemplateError("The choice of variants cannot be used:", problems)

    def context(self, recipient: Parliamentarian, local: LocalFigures) -> dict[str, Any]:
        """Make the record that templates read, but for the variants chosen."""
        return build_context(
            recipient,
            local,
            salutation(recipient, self.titles),
            names=self.names,
            shared=self.shared,
            act=self.acts.get(recipient.official_id),
        )

    def write(
        self, recipient: Parliamentarian, local: LocalFigures, choices: Mapping[str, str]
    ) -> Letter:
        """Render one letter in every part."""
        campaign = self.campaign
        form = self.pack.letters[recipient.chamber]
        greeting = salutation(recipient, self.titles)
        context = self.context(recipient, local)
        number = self.numbers.get(recipient.official_id, 0)
        asked = self.asked.get(recipient.official_id, {})
        draw = Draw(campaign.uid, campaign.wave, number, choices, asked)
        chosen = choose_variants(self.pack, recipient, local, context, draw)
        context["blocks"] = {
            block: chosen[block].file if block in chosen else None for block in self.pack.blocks
        }
        quoted: dict[Figure, None] = {}
        subject, body, closing = self._words(form, context, quoted)
        closing, opening = typeset(closing or greeting.closing), typeset(greeting.opening)
        lines, reason = address_block(recipient, greeting, campaign.post.address)
        return Letter(
            campaign_uid=campaign.uid,
            wave=campaign.wave,
            recipient=recipient,
            subject=mail_text(subject),
            title=greeting.title,
            opening=opening,
            body=tuple(body),
            closing=closing,
            signature=self.signature,
            sender=self.sender,
            dateline=self.dateline,
            address=lines,
            address_reason=reason,
            text=self._text(opening, body, closing),
            html=html_of(
                subject=subject,
                sender=self.sender,
                opening=opening,
                body=body,
                closing=closing,
                signature=self.signature,
            ),
            certainty=local.certainty,
            choices={block: variant.name for block, variant in chosen.items()},
            quoted=tuple(quoted),
            template_digest=self.pack.digest,
        )

    def _words(
        self, form: Letterform, context: dict[str, Any], quoted: dict[Figure, None]
    ) -> tuple[str, list[Node], str]:
        """Render subject, body with its sources, and closing ("" for the usual one)."""
        body = list(parse(self._render(form.file, context, quoted)))
        subject = parse_line(self._render(f"{form.file}: subject", context, quoted))
        closing = ""
        if form.front.closing:
            closing = parse_line(self._render(f"{form.file}: closing", context, quoted))
        return subject, _with_sources(body, quoted) if quoted else body, closing

    def _text(self, opening: str, body: Sequence[Node], closing: str) -> str:
        main = [block for block in body if block["kind"] != "sources"]
        sources = [block for block in body if block["kind"] == "sources"]
        signed, sender = "\n".join(self.signature), "\n".join(self.sender)
        parts = [opening, text_of(main), closing, signed, sender, text_of(sources)]
        return mail_text("\n\n".join(filter(None, parts))) + "\n"

    def _render(self, name: str, context: dict[str, Any], quoted: dict[Figure, None]) -> str:
        """Render a compiled template and note the figures that it quotes."""
        try:
            source, run = self.sandbox.render(name, context)
        except (
            TemplateFault,
            JinjaError,
            ArithmeticError,
            TypeError,
            ValueError,
            RecursionError,
        ) as error:
            raise LetterFault(self._place(name, error)) from error
        quoted.update(run.quoted)
        return source

    def _place(self, name: str, error: Exception) -> Fault:
        """Find the template line that an error comes from."""
        file, line = name, 1
        for frame, python_line in traceback.walk_tb(error.__traceback__):
            template = frame.f_globals.get("__jinja_template__")
            if template is not None:
                file, line = template.name, template.get_corresponding_lineno(python_line)
        message = str(error).rstrip(".")
        if isinstance(error, TemplatesNotFound):
            message = (
                "no variant of this block fits this recipient; add one without [when], or put the "
                "include between {% if blocks.NAME %} and {% endif %}"
            )
        if isinstance(error, TypeError):
            message = (
                f"two values of different kinds are compared or a filter lacks a value ({message})"
            )
        return Fault(file, line, message)


def compile_pack(pack: Pack, sandbox: Sandbox, fields: Record) -> list[Fault]:
    """Check and compile every template of a pack: letters, their subjects and closings, variants."""
    blocks = frozenset(pack.blocks)
    faults: list[Fault] = []
    for form in pack.letters.values():
        if form.file in sandbox.compiled:
            continue
        faults += compile_template(sandbox, form.file, form.text, fields=fields, blocks=blocks)
        for key in _LINES:
            source = getattr(form.front, key)
            # The template's own name tells the key; its lines start where the key stands.
            lines = "\n" * (form.front_lines.get(key, 1) - 1)
            faults += compile_template(
                sandbox, f"{form.file}: {key}", lines + source, fields=fields, blocks=frozenset()
            )
    for variants in pack.blocks.values():
        for variant in variants:
            faults += compile_template(
                sandbox, variant.file, variant.text, fields=fields, blocks=frozenset()
            )
            faults += [
                Fault(variant.file, 1, f'when.needs: there is no field "{path}"')
                for path in variant.front.when.needs
                if not _exists(fields, path)
            ]
    return sorted(set(faults))


def _exists(fields: Record, path: str) -> bool:
    here: Any = fields
    for name in path.split("."):
        if not isinstance(here, Record) or name not in here.fields:
            return False
        here = here.fields[name]
    return True


def _with_sources(body: list[Node], quoted: Iterable[Figure]) -> list[Node]:
    """Add the sources of what is quoted, in a block of their own or after the template's."""
    words = f"Sources : {source_line(quoted)}.".replace("..", ".")
    line: Node = {"kind": "paragraph", "inline": text_nodes(words)}
    own = [block for block in body if block["kind"] == "sources"]
    others = [block for block in body if block["kind"] != "sources"]
    blocks = [part for block in own for part in block["blocks"]]
    return [*others, {"kind": "sources", "blocks": [*blocks, line]}]
