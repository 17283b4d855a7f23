"""Letters frozen as the bytes that will leave.

What is approved is what is sent: from here on nobody renders again. letters builds the message
and reads it back; here the whole is checked once more as a mail server will see it.
"""

import dataclasses
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from outreach.campaign import Sender
from outreach.errors import InputError
from outreach.letters.letter import Letter
from outreach.letters.message import Attachment, message_bytes, message_id
from outreach.outbox.addresses import envelope_address
from outreach.outbox.contents import SHARED_BOUNDARY, whole
from outreach.outbox.standing import Earlier

# Real servers announce 10 to 35 MB; base64 adds a third.
LARGEST_BYTES = 20_000_000
# RFC 5322 §2.1.1, without the CRLF.
_LONGEST_LINE = 998
_LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\bUndefined\b|\bNone\b|\bnan\b")
_BOUNDARY = re.compile(rb'boundary="(=_m[0-9a-f]{32})"')
# A fault of more letters than these is one of the campaign: the sender, an attachment.
_SHARED_FAULT = 20
_OFFICIAL = frozenset({"assemblee-nationale.fr", "senat.fr"})


@dataclass(frozen=True, slots=True)
class FrozenMessage:
    """One recipient's message, final.

    Attributes:
        recipient_id: the official id.
        address: envelope address in ASCII; "" when there is none, and then head is empty.
        message_id: with its angle brackets.
        head, tail, boundary: the bytes are head and tail; tail, the attachments, is alike in many
            messages once SHARED_BOUNDARY stands in it for the message's own boundary.
        template_digest: of what it was rendered from.
        held: why it may not leave, "" when it may.
        choices: block → variant that its words were drawn from.
    """

    recipient_id: str
    name: str
    chamber: str
    political_group: str
    department_code: str
    constituency_code: str
    address: str
    subject: str
    message_id: str
    head: bytes
    tail: bytes
    boundary: str
    template_digest: str
    held: str = ""
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The bytes that leave."""
        return whole(self.head, self.tail, self.boundary)

    @property
    def digest(self) -> str:
        """The sha256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def freeze_letters(
    letters: Sequence[Letter],
    sender: Sender,
    *,
    date: dt.datetime,
    attachments: Sequence[Attachment] = (),
    earlier: Mapping[str, Earlier] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[FrozenMessage]:
    """Freeze letters: all, or an error that names every one that cannot be.

    Args:
        letters: as compose() gives them; those without an address are frozen as held.
        sender: whose letters.
        date: the Date of all of them, aware.
        attachments: files that go with each.
        earlier: for a reminder, official id → the letter of the wave before; who needs no
            reminder is left out, and the others' messages answer the first.
        progress: called with (done, total).

    Raises:
        InputError: letters that cannot leave as they are, all listed.
    """
    messages: list[FrozenMessage] = []
    enclosed = _Enclosed(tuple(attachments))
    # fault → whose letters have it
    faults: dict[str, list[str]] = {}
    for number, letter in enumerate(letters, start=1):
        recipient = letter.recipient
        before = earlier.get(recipient.official_id) if earlier is not None else None
        if earlier is None or (before is not None and before.remind):
            try:
                messages.append(_freeze(letter, sender, date, enclosed, before))
            except InputError as error:
                who = f"{recipient.official_id} ({recipient.full_name})"
                for fault in error.problems or (error.message.removeprefix(f"{who}: "),):
                    faults.setdefault(fault, []).append(who)
        if progress is not None:
            progress(number, len(letters))
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise InputError(f"nothing is planned: the letters have {count}:", _listed(faults))
    return messages


def _listed(faults: Mapping[str, Sequence[str]]) -> list[str]:
    """Write a line for each letter; one for all those whose common fault is elsewhere."""
    lines = []
    for fault, whose in faults.items():
        if len(whose) > _SHARED_FAULT:
            lines.append(f"{len(whose)} letters, the first to {whose[0]}: {fault}")
        else:
            lines += [f"{who}: {fault}" for who in whose]
    return lines


def new_token() -> str:
    """Make the secret of one letter that its return path and envelope id carry."""
    return secrets.token_hex(6)


def unofficial(messages: Sequence[FrozenMessage]) -> list[str]:
    """Name the recipients whose address is in another domain than the chambers' own."""
    return [
        f"{message.name}: {message.address} is not at the Assembly or the Senate"
        for message in messages
        if message.address and message.address.rpartition("@")[2] not in _OFFICIAL
    ]


def similarity(texts: Sequence[str]) -> float:
    """Tell how alike letters are: the share of their words that all have, 0 to 1.

    Offices set identical letters aside; personal and local ones are read.
    """
    words = [set(text.split()) for text in texts]
    if len(words) < 2:
        return 0.0
    common = set.intersection(*words)
    return len(common) * len(words) / (sum(len(each) for each in words) or 1)


class _Enclosed:
    """The attachments of all the letters, encoded once.

    Building a message with 2 MB costs 70 ms, and reading it back is half of that. The first letter
    is built with them; the others with stand-ins of the same names, and get the first one's end.
    """

    def __init__(self, attachments: tuple[Attachment, ...]) -> None:
        self.attachments = attachments
        self.tail = b""
        self._stand_ins = tuple(dataclasses.replace(one, content=b"-") for one in attachments)

    def cut(self, build: Callable[[Sequence[Attachment]], bytes]) -> tuple[bytes, bytes, str]:
        """Build a message; give head, tail and boundary as FrozenMessage has them."""
        if self.tail:
            head, _, boundary = _cut(build(self._stand_ins))
            if boundary:
                return head, self.tail, boundary
        head, tail, boundary = _cut(build(self.attachments))
        self.tail = self.tail or tail
        return head, tail, boundary


def _freeze(
    letter: Letter,
    sender: Sender,
    date: dt.datetime,
    enclosed: _Enclosed,
    before: Earlier | None,
) -> FrozenMessage:
    recipient = letter.recipient
    address = envelope_address(recipient.email) if recipient.email else ""
    identity = message_id(letter, sender.email.rpartition("@")[2], enclosed.attachments)
    head, tail, boundary = b"", b"", ""
    if address:
        if address != recipient.email:
            recipient = dataclasses.replace(recipient, email=address)
            letter = dataclasses.replace(letter, recipient=recipient)
        head, tail, boundary = enclosed.cut(
            lambda attachments: message_bytes(
                letter, sender, date=date, message_id=identity, attachments=attachments
            )
        )
        if before is not None:
            first = before.message_id.encode("ascii")
            head = b"In-Reply-To: %b\r\nReferences: %b\r\n%b" % (first, first, head)
        problems = [*check_bytes(head, behind=len(tail)), *_leftovers(letter)]
        if problems:
            raise InputError("the message cannot leave:", problems)
    return FrozenMessage(
        recipient_id=recipient.official_id,
        name=recipient.full_name,
        chamber=recipient.chamber,
        political_group=recipient.political_group,
        department_code=recipient.department_code,
        constituency_code=recipient.constituency_code,
        address=address,
        subject=letter.subject,
        message_id=identity,
        head=head,
        tail=tail,
        boundary=boundary,
        template_digest=letter.template_digest,
        choices=letter.choices,
    )


def _cut(content: bytes) -> tuple[bytes, bytes, str]:
    found = _BOUNDARY.search(content)
    if found is None:
        return content, b"", ""
    # In a multipart/mixed the first part is the letter; the second border ends it.
    own = found[1]
    border = b"\r\n--" + own + b"\r\n"
    second = content.find(border, content.find(border) + len(border))
    if second < 0 or SHARED_BOUNDARY in content:
        return content, b"", ""
    return content[:second], content[second:].replace(own, SHARED_BOUNDARY), own.decode("ascii")


def check_weight(attachments: Sequence[Attachment]) -> list[str]:
    """Find attachments that no mail server would take, before hundreds of letters are built.

    Base64 makes four bytes of three, and adds a line end to each 76.
    """
    weights = [len(one.content) * 4 / 3 * 78 / 76 for one in attachments]
    if sum(weights) <= LARGEST_BYTES:
        return []
    limit = LARGEST_BYTES / 1e6
    return [
        f"{one.name} makes {weight / 1e6:.0f} MB of an e-mail that may weigh {limit:.0f} MB with "
        "all its attachments; put it on a web page and link to it"
        for one, weight in sorted(zip(attachments, weights, strict=True), key=lambda pair: -pair[1])
    ]


def check_bytes(content: bytes, behind: int = 0) -> list[str]:
    """Find what a mail server would refuse or change: size, encoding, line ends, long lines.

    Args:
        content: the message, or its part before the attachments, which base64 makes harmless.
        behind: bytes of the attachments that follow.
    """
    problems = []
    weight = len(content) + behind
    if weight > LARGEST_BYTES:
        problems.append(
            f"weighs {weight / 1e6:.0f} MB, more than {LARGEST_BYTES / 1e6:.0f} MB; put the "
            "attachment on a web page and link to it"
        )
    if not content.isascii():
        problems.append("has bytes outside ASCII in its encoded form")
    bare = content.replace(b"\r\n", b"")
    if b"\r" in bare or b"\n" in bare:
        problems.append("has a line break that is not CRLF")
    if max(map(len, content.split(b"\r\n"))) > _LONGEST_LINE:
        problems.append(f"has a line longer than {_LONGEST_LINE} characters")
    return problems


def _leftovers(letter: Letter) -> list[str]:
    return [
        f"the {where} still holds {found.group()!r}: a field was not filled in"
        for where, text in (("subject", letter.subject), ("text", letter.text))
        if (found := _LEFTOVERS.search(text))
    ]
