"""Letters frozen as bytes: what cannot leave is refused before anything leaves, by name."""

import datetime as dt
import email
import email.policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign import Sender
from outreach.errors import InputError
from outreach.letters.letter import Letter
from outreach.letters.message import Attachment, message_bytes
from outreach.outbox.message import check_bytes, freeze_letters, similarity, unofficial
from outreach.outbox.standing import Earlier
from outreach.roster.seat import Parliamentarian

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
SENDER = Sender(organisation="Fédération, Exemple", address=("Paris",), email="nous@example.org")


def letter(
    number: int = 1,
    *,
    name: str = "Exemple",
    address: str = "depute@assemblee-nationale.fr",
    subject: str = "Lettre à Élodie",
    text: str = "Bonjour.\n",
) -> Letter:
    recipient = Parliamentarian(
        official_id=f"PA{number}",
        chamber="assemblee",
        gender="F",
        first_name="Camille",
        last_name=name,
        department_code="01",
        constituency_code="01-01",
        political_group="",
        political_group_name="",
        commission="",
        functions=(),
        contact_method="email",
        email=address,
        addresses=(),
        in_office_since=None,
    )
    return Letter(
        campaign_uid="campagne-0123456789",
        wave=1,
        recipient=recipient,
        subject=subject,
        title="Madame la Députée",
        opening="Madame la Députée,",
        body=(),
        closing="",
        signature=(),
        sender=(),
        dateline="",
        address=(),
        address_reason="",
        text=text,
        html=f"<p>{text}</p>",
        certainty="",
        choices={},
        quoted=(),
        template_digest="",
    )


def test_a_name_with_a_comma_is_one_recipient() -> None:
    """ "Durand, Élodie" stands in To as one person with one address."""
    [frozen] = freeze_letters([letter(name="Durand, Élodie")], SENDER, date=NOW)

    read = email.message_from_bytes(frozen.content, policy=email.policy.default)
    assert [one.addr_spec for one in read["To"].addresses] == ["depute@assemblee-nationale.fr"]
    assert read["To"].addresses[0].display_name == "Camille Durand, Élodie"
    assert frozen.content.isascii()
    assert check_bytes(frozen.content) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Exemple\nBcc: x@example.org"}, "U\\+000A"),
        ({"subject": "Lettre\r\nBcc: x@example.org"}, "U\\+000D"),
        ({"name": "Exem\u202eple"}, "U\\+202E"),
        ({"subject": "=?utf-8?q?Objet=0D=0ABcc:_x=40example.org?="}, "encoded word"),
        ({"address": "élodie@example.org"}, "accents before the @"),
        ({"address": "a@b@example.org"}, "address"),
        ({"address": "x@example.org\nBcc: y@example.org"}, "invisible character"),
        ({"text": "Chère {{ nom }}"}, "field was not filled in"),
        ({"text": "Vous avez None établissements"}, "field was not filled in"),
    ],
)
def test_what_cannot_leave_is_refused_with_its_recipient(
    changes: dict[str, Any], said: str
) -> None:
    """Line breaks, invisible marks, encoded words, impossible addresses, unfilled fields."""
    with pytest.raises(InputError, match=said) as refusal:
        freeze_letters([letter(1), letter(2, **changes)], SENDER, date=NOW)

    assert all(line.startswith("PA2 ") for line in refusal.value.problems)


def test_all_faulty_letters_are_listed() -> None:
    """Not only the first one."""
    bad = [letter(number, subject="a\nb") for number in (1, 2, 3)]

    with pytest.raises(InputError) as refusal:
        freeze_letters([*bad, letter(4)], SENDER, date=NOW)

    assert [line.partition(" ")[0] for line in refusal.value.problems] == ["PA1", "PA2", "PA3"]


@pytest.mark.slow
def test_an_attachment_of_30_mb_is_refused() -> None:
    """Too heavy for mail servers: refused before anything is planned, with a way out."""
    heavy = Attachment("dossier.pdf", "application/pdf", b"x" * 30_000_000)

    with pytest.raises(InputError, match="put the attachment on a web page"):
        freeze_letters([letter()], SENDER, date=NOW, attachments=[heavy])


def test_attachments_are_shared_and_come_back_whole() -> None:
    """Two letters have the same tail, and each reads back with its attachment."""
    file = Attachment("dossier é.pdf", "application/pdf", bytes(range(256)) * 40)

    first, second = freeze_letters([letter(1), letter(2)], SENDER, date=NOW, attachments=[file])

    assert first.tail == second.tail != b""
    for frozen in (first, second):
        read = email.message_from_bytes(frozen.content, policy=email.policy.default)
        [attached] = list(read.iter_attachments())
        assert attached.get_content() == file.content
        assert attached.get_content_disposition() == "attachment"


@pytest.mark.slow
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.integers(2, 5))
def test_letters_with_the_attachments_of_the_first_are_those_built_alone(
    contents: list[bytes], count: int
) -> None:
    """Encoding the attachments once gives, byte for byte, what each letter gives by itself."""
    files = [
        Attachment(f"pièce {number}.pdf", "application/pdf", content)
        for number, content in enumerate(contents)
    ]
    letters = [letter(number) for number in range(1, count + 1)]

    together = freeze_letters(letters, SENDER, date=NOW, attachments=files)

    alone = [freeze_letters([one], SENDER, date=NOW, attachments=files)[0] for one in letters]
    assert together == alone
    assert [one.content for one in together] == [
        message_bytes(one, SENDER, date=NOW, message_id=frozen.message_id, attachments=files)
        for one, frozen in zip(letters, together, strict=True)
    ]


def test_an_international_domain_goes_by_idna() -> None:
    """The envelope and the header carry the ASCII form."""
    [frozen] = freeze_letters([letter(address="contact@députée.fr")], SENDER, date=NOW)

    assert frozen.address == "contact@xn--dpute-bsad.fr"
    assert b"<contact@xn--dpute-bsad.fr>" in frozen.content


def test_without_an_address_a_letter_is_frozen_empty() -> None:
    """It will be held, and printed."""
    [frozen] = freeze_letters([letter(address="")], SENDER, date=NOW)

    assert (frozen.address, frozen.content) == ("", b"")


def test_a_reminder_answers_the_first_letter() -> None:
    """In-Reply-To and References name it; who needs none is left out."""
    earlier = {
        "PA1": Earlier("<first@example.org>", "Lettre", {}, remind=True, reason=""),
        "PA2": Earlier("<second@example.org>", "Lettre", {}, remind=False, reason="has answered"),
    }

    [frozen] = freeze_letters([letter(1), letter(2), letter(3)], SENDER, date=NOW, earlier=earlier)

    read = email.message_from_bytes(frozen.content, policy=email.policy.default)
    assert frozen.recipient_id == "PA1"
    assert read["In-Reply-To"] == read["References"] == "<first@example.org>"
    assert read["Message-ID"] == frozen.message_id != "<first@example.org>"


def test_addresses_elsewhere_are_named() -> None:
    """Only the two chambers' own domains are official."""
    frozen = freeze_letters([letter(1), letter(2, address="depute@gmail.com")], SENDER, date=NOW)

    assert [line.partition(":")[0] for line in unofficial(frozen)] == ["Camille Exemple"]


def test_likeness_is_the_share_of_common_words() -> None:
    """Identical letters are 1, letters without a common word 0."""
    assert similarity(["un deux", "un deux"]) == 1
    assert similarity(["un deux", "trois quatre"]) == 0
    assert similarity(["un deux", "un trois"]) == 0.5
