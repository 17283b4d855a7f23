"""What changed between two lists."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.roster.bundled import load_roster
from outreach.roster.compare import (
    Change,
    Holder,
    changed_domains,
    compare,
    holders_of,
    read_holders,
)
from outreach.roster.seat import Chamber

pytestmark = pytest.mark.slow

Json = dict[str, Any]
TABLES: dict[Chamber, Path] = {
    "assemblee": data_path("deputies"),
    "senat": data_path("senators"),
}


def holder(key: str, seat: str = "01-01", **values: str) -> Holder:
    """Somebody in a list."""
    name = values.pop("name", key)
    return Holder(key, name, seat, {"seat": seat, "name": name, **values})


def of(*holders: Holder) -> dict[str, Holder]:
    """A list."""
    return {one.official_id: one for one in holders}


def test_who_left_and_who_came_on_one_seat_name_each_other() -> None:
    """
    A replacement is two changes that tell of one another.
    """
    changes = compare(
        of(holder("PA1", political_group="RN")), of(holder("PA2", political_group="DR"))
    )

    assert changes == [
        Change("left", "PA1", "PA1", "01-01", "RN", "replaced by PA2"),
        Change("came", "PA2", "PA2", "01-01", "replaces PA1", "DR"),
    ]


def test_senators_of_one_department_are_not_paired() -> None:
    """
    Nobody can say which of several senators replaced whom.
    """
    changes = compare(of(holder("1A", "01")), of(holder("2B", "01")))

    assert [change.after for change in changes] == ["", ""]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("political_group", "group"),
        ("commission", "commission"),
        ("functions", "functions"),
        ("email", "email"),
        ("addresses", "address"),
        ("name", "name"),
    ],
)
def test_each_field_that_changes_is_a_change(field: str, kind: str) -> None:
    """
    Before and after are shown.
    """
    old, new = holder("PA1", **{field: "x"}), holder("PA1", **{field: "y"})

    changes = compare(of(old), of(new))

    assert [(c.kind, c.before, c.after) for c in changes] == [(kind, "x", "y")]


def test_a_list_that_does_not_know_a_field_changes_nothing_in_it() -> None:
    """
    A list without e-mails does not say that everybody lost theirs.
    """
    assert compare(of(holder("PA1", email="a@senat.fr")), of(holder("PA1"))) == []


def test_a_change_of_seat_is_told() -> None:
    """
    Somebody elected elsewhere is one change, not two.
    """
    changes = compare(of(holder("PA1", "01-01")), of(holder("PA1", "01-02")))

    assert [(c.kind, c.before, c.after) for c in changes] == [("seat", "01-01", "01-02")]


def test_only_changes_of_domain_count_as_such() -> None:
    """
    A new or lost address is not a change of domain.
    """
    changes = compare(
        of(*(holder(k, email=e) for k, e in [("1", "a@senat.fr"), ("2", "b@senat.fr"), ("3", "")])),
        of(
            *(
                holder(k, email=e)
                for k, e in [("1", "a@x.org"), ("2", "c@senat.fr"), ("3", "d@x.org")]
            )
        ),
    )

    assert [change.official_id for change in changed_domains(changes)] == ["1"]


def test_a_roster_and_an_official_file_are_compared(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    A list in any format can be laid beside a roster folder.
    """
    breton = actor(
        "PA330008",
        "Xavier",
        "Breton",
        "01",
        "1",
        civility="M.",
        group="PO3",
        emails=["xavier.breton@assemblee-nationale.fr"],
        offices=[
            {
                "intitule": None,
                "numeroRue": "1",
                "nomRue": "Rue Neuve",
                "complementAdresse": None,
                "codePostal": "01000",
                "ville": "Bourg-en-Bresse",
            }
        ],
    )

    _, old = read_holders(data_path("deputies"), TABLES)
    chamber, new = read_holders(amo(breton), TABLES)

    changes = [change for change in compare(old, new) if change.kind != "left"]
    assert chamber == "assemblee"
    assert [(change.kind, change.after) for change in changes] == [
        ("group", "ECOS"),
        ("address", "1 Rue Neuve, 01000 Bourg-en-Bresse"),
    ]


def test_a_roster_has_not_changed_against_itself() -> None:
    """
    Nothing is invented.
    """
    holders = holders_of(load_roster("senat", data_path("senators")))

    assert compare(holders, holders) == []


def test_the_register_cannot_be_compared_by_person(tmp_path: Path) -> None:
    """
    The RNE has no ids.
    """
    path = tmp_path / "rne_2024-07-30.csv"
    path.write_text(
        "code_departement,code_collectivite_statut_particulier,nom_elu,prenom_elu,sexe_elu,"
        "date_debut_mandat\n01,,A,B,M,2020-10-01\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError, match="no official ids"):
        read_holders(path, TABLES)


@pytest.mark.shared
def test_between_two_days_of_april_2026_exactly_one_seat_changed(shared: Path) -> None:
    """
    75-07, from 9 to 11 April 2026.
    """
    folder = shared / "roster" / "deputes"
    _, old = read_holders(folder / "AMO10_2026-04-09.json.zip", TABLES)
    _, new = read_holders(folder / "AMO10_2026-04-11.json.zip", TABLES)

    changes = compare(old, new)

    assert {c.seat for c in changes if c.kind in ("came", "left", "seat")} == {"75-07"}


@pytest.mark.shared
def test_a_whole_house_change_is_told(shared: Path) -> None:
    """
    From the 16th to the 17th legislature: 183 of 577 seats went to somebody new.
    """
    folder = shared / "roster" / "deputes"
    _, old = read_holders(folder / "AMO30_extrait_16e_actifs_2024-06-08.json.zip", TABLES)
    _, new = read_holders(folder / "AMO10_2026-04-11.json.zip", TABLES)

    changes = compare(old, new)

    kinds = [change.kind for change in changes]
    assert len(old) == len(new) == 577
    assert (kinds.count("came"), kinds.count("left")) == (183, 183)
