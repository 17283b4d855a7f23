"""Moves of communes, on the smallest histories that show each trap."""

import pandas as pd

from outreach.geography.moves import Node, follow, former_communes

Today = dict[Node, frozenset[str]]


def history(*rows: str) -> pd.DataFrame:
    """Events written "date kind code name > kind code"."""
    cells = []
    for row in rows:
        before, after = row.split(" > ")
        date, kind, code, name = before.split(" ", 3)
        cells.append((date, kind, code, name, *after.split(" ")))
    columns = ["date", "kind_before", "code_before", "name_before", "kind_after", "code_after"]
    return pd.DataFrame(cells, columns=columns)


def today(**places: str) -> Today:
    """Places written COM_01001="01001": each leads to its commune."""
    return {
        (key.split("_")[0], key.split("_")[1]): frozenset({code}) for key, code in places.items()
    }


def test_a_merged_commune_leads_to_the_new_one() -> None:
    """A commune that became a part of another is found in it."""
    moves = history(
        "2024-01-01 COM 69152 Pierre-Bénite > COM 69149",
        "2024-01-01 COM 69152 Pierre-Bénite > COMD 69152",
        "2024-01-01 COM 69149 Oullins > COM 69149",
    )

    found = follow(moves, today(COM_69149="69149", COMD_69152="69149"))

    assert found["COM", "69152"] == {"69149"}


def test_a_commune_restored_is_itself_again() -> None:
    """Merged in 2016 and restored in 2025, Celles leads to Celles, not to the merger's heirs."""
    moves = history(
        "2016-12-01 COM 15031 Celles > COMD 15031",
        "2016-12-01 COM 15031 Celles > COM 15141",
        "2025-01-01 COMD 15031 Celles > COM 15031",
        "2025-01-01 COM 15141 Neussargues en Pinatelle > COM 15031",
        "2025-01-01 COM 15141 Neussargues en Pinatelle > COM 15141",
    )

    found = follow(moves, today(COM_15031="15031", COM_15141="15141"))

    assert found["COM", "15031"] == {"15031"}


def test_a_divided_commune_leads_to_all_its_heirs() -> None:
    """What was merged until 2025 is now several communes."""
    moves = history(
        "2025-01-01 COM 15141 Neussargues en Pinatelle > COM 15031",
        "2025-01-01 COM 15141 Neussargues en Pinatelle > COM 15141",
    )

    found = follow(moves, today(COM_15031="15031", COM_15141="15141"))

    assert found["COM", "15141"] == {"15031", "15141"}


def test_two_moves_on_one_day_are_followed() -> None:
    """Freigné changed département and was merged on the same day."""
    moves = history(
        "2018-01-01 COM 49144 Freigné > COM 44225",
        "2018-01-01 COM 44225 Freigné > COMD 44225",
        "2018-01-01 COM 44225 Freigné > COM 44180",
    )

    found = follow(moves, today(COM_44180="44180", COMD_44225="44180"))

    assert found["COM", "49144"] == {"44180"}


def test_moves_before_the_day_are_left_out() -> None:
    """A code of 2021 is not led through what happened in 2016."""
    moves = history("2016-01-01 COM 27058 Bernières > COM 27676")

    found = follow(moves, today(COM_27676="27676", COM_27058="27058"), since="2021-01-01")

    assert found["COM", "27058"] == {"27058"}


def test_a_circle_on_one_day_ends() -> None:
    """Two codes exchanged on one day do not turn for ever."""
    moves = history("2000-01-01 COM 01001 A > COM 01002", "2000-01-01 COM 01002 B > COM 01001")

    found = follow(moves, {})

    assert found == {}


def test_former_names_with_the_day_they_ended() -> None:
    """A former commune keeps its code, name and last day."""
    moves = history(
        "2024-01-01 COM 69152 Pierre-Bénite > COM 69149",
        "2024-01-01 COM 69149 Oullins > COM 69149",
    )

    rows = former_communes(moves, today(COM_69149="69149")).to_numpy().tolist()

    assert rows == [
        ["69149", "Oullins", "2024-01-01", "69149"],
        ["69152", "Pierre-Bénite", "2024-01-01", "69149"],
    ]
