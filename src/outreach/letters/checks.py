"""`outreach letters check`: every letter read by every rule, as a careful colleague would.

Each rule counts its hits, none included. A rule is switched off by name: in campaign.toml
(skip_checks) or on the command line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from outreach.campaign import Campaign
from outreach.errors import InputError
from outreach.letters import similarity
from outreach.letters.facts import Facts
from outreach.letters.letter import Letter
from outreach.letters.past_functions import to_confirm
from outreach.letters.rules import RULES, Severity
from outreach.letters.salutation import read_titles

ALIKE = 0.95


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found in one letter."""

    rule: str
    severity: Severity
    recipient: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules found, and how often each one did; rules that found nothing count 0."""

    findings: tuple[Finding, ...]
    hits: Mapping[str, int]
    letters: int
    nearest: tuple[similarity.Nearest, ...]

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)


BATCH_RULES: Mapping[str, tuple[Severity, str]] = {
    "function": ("warning", "people who may still hold the function of an older list"),
    "twins": ("warning", "letters of one département with the same words"),
    "identical": ("warning", "letters of two départements with the same words"),
    "alike": ("warning", f"two letters of one delegation more than {ALIKE:.0%} alike"),
}


def check_letters(
    letters: Sequence[Letter], campaign: Campaign, *, off: Iterable[str] = ()
) -> Report:
    """Read every letter by every rule.

    Args:
        letters: rendered, of one campaign.
        campaign: its skip_checks name rules that are not wanted.
        off: more rules to switch off.

    Raises:
        InputError: a rule named in ``off`` does not exist.
    """
    known = (*RULES, *BATCH_RULES)
    switched_off = {*off, *campaign.skip_checks}
    if unknown := sorted(switched_off - set(known)):
        raise InputError(f"No rule {', '.join(unknown)}; there are: {', '.join(known)}.")
    findings: list[Finding] = []
    for letter in letters:
        facts = Facts.of(letter, campaign)
        for name, rule in RULES.items():
            if name not in switched_off:
                findings += [
                    Finding(name, rule.severity, who(letter), said) for said in rule.find(facts)
                ]
    if "function" not in switched_off:
        findings += _functions(letters, campaign)
    nearest = similarity.nearest_letters(letters)
    if "twins" not in switched_off:
        findings += _twins(letters)
    if "identical" not in switched_off:
        findings += _identical(nearest)
    if "alike" not in switched_off:
        findings += _alike(letters)
    hits = {name: 0 for name in known if name not in switched_off}
    for finding in findings:
        hits[finding.rule] += 1
    return Report(tuple(findings), hits, len(letters), tuple(nearest))


def who(letter: Letter) -> str:
    """Name a letter: seat and person."""
    recipient = letter.recipient
    seat = recipient.constituency_code or recipient.department_code
    return f"{seat} {recipient.full_name}"


def _functions(letters: Iterable[Letter], campaign: Campaign) -> Iterator[Finding]:
    for letter, function in to_confirm(letters, read_titles(campaign.titles)):
        said = (
            f"{function}: the letter says “{letter.title}”; a row in titles.csv for "
            f"{letter.recipient.official_id} settles it"
        )
        yield Finding("function", BATCH_RULES["function"][0], who(letter), said)


def _twins(letters: Iterable[Letter]) -> Iterator[Finding]:
    """Find letters that offices side by side would recognise as one: a finding for each group."""
    groups: dict[tuple[str, str], list[Letter]] = {}
    for letter in letters:
        words = "\n".join(similarity.paragraphs(letter))
        groups.setdefault((letter.recipient.department_code, words), []).append(letter)
    for first, *others in groups.values():
        if others:
            named = ", ".join(who(letter) for letter in others)
            said = f"the same words as to {named}; one more variant of a block parts them"
            yield Finding("twins", BATCH_RULES["twins"][0], who(first), said)


def _identical(nearest: Iterable[similarity.Nearest]) -> Iterator[Finding]:
    for pair in nearest:
        mine, theirs = pair.letter.recipient, pair.other.recipient
        if pair.share == 1.0 and mine.department_code != theirs.department_code:
            said = (
                f"the same words as the letter to {theirs.full_name}; one more variant of a block "
                "makes such twins rare"
            )
            yield Finding("identical", BATCH_RULES["identical"][0], who(pair.letter), said)


def _alike(letters: Sequence[Letter]) -> Iterator[Finding]:
    for group in similarity.by_office(letters, similarity.delegation).values():
        for pair in group:
            if ALIKE < pair.share < 1.0:
                said = f"{pair.share:.0%} like the letter to {pair.other.recipient.full_name}"
                yield Finding("alike", BATCH_RULES["alike"][0], who(pair.letter), said)
