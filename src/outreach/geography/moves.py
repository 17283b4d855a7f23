"""What became of each commune: merged, renamed, renumbered, split again since 1943.

Events are followed backwards from the communes of today, so that each old code of each date
leads to the commune that holds its territory now.
"""

from collections import defaultdict

import pandas as pd

Node = tuple[str, str]
"""INSEE's kind (COM, COMD déléguée, COMA associée, ARM arrondissement) and code."""


def follow(
    moves: pd.DataFrame, today: dict[Node, frozenset[str]], since: str = ""
) -> dict[Node, frozenset[str]]:
    """Give the communes of today that hold each commune of a past day.

    Args:
        moves: one row per line of INSEE's table of events, columns date (ISO), kind_before,
            code_before, kind_after, code_after.
        today: each commune, part of commune and arrondissement of today → its commune.
        since: ISO day; events of that day and before are left out. "" for all.

    Returns:
        (kind, code) on the day ``since`` → current commune codes. More than one where a
        commune was divided and no line says which part kept its ground.
    """
    held = dict(today)
    for _, after in _by_date(moves[moves["date"] > since]):
        held.update(_through_one_day(after, held))
    return held


def former_communes(moves: pd.DataFrame, today: dict[Node, frozenset[str]]) -> pd.DataFrame:
    """List every name and code that a commune has borne since 1943 and bears no more.

    Returns:
        Columns former_code, former_name, until (ISO day of the change), commune_code (of
        today); one row per commune of today when a commune was divided.
    """
    held = dict(today)
    rows = []
    for date, after in _by_date(moves):
        changed = _through_one_day(after, held)
        held.update(changed)
        names = moves.loc[moves["date"] == date, ["kind_before", "code_before", "name_before"]]
        for kind, code, name in sorted(set(names.itertuples(index=False, name=None))):
            if kind == "COM":
                rows += [(code, name, date, to) for to in sorted(changed.get((kind, code), ()))]
    return pd.DataFrame(rows, columns=["former_code", "former_name", "until", "commune_code"])


def _through_one_day(
    events: dict[Node, list[Node]], held: dict[Node, frozenset[str]]
) -> dict[Node, frozenset[str]]:
    """Say where the communes of the eve of one day went, knowing what became of them later.

    A commune that lives on as a part of another (same code, déléguée or associée) is followed
    there: should that part become a commune again, it is found under its own name.
    """

    def now(node: Node, passed: frozenset[Node]) -> frozenset[str]:
        if node in passed:
            return frozenset()
        passed |= {node}
        targets = events[node]
        parts = [target for target in targets if target[0] != "COM" and target[1] == node[1]]
        communes = [target for target in targets if target[0] == "COM"]
        # Without a line that says more (Marseille cut into arrondissements, the two islands
        # that left the code in 2007) the commune is where it was.
        return union(parts, passed) or union(communes, passed) or held.get(node, frozenset())

    def union(nodes: list[Node], passed: frozenset[Node]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for node in nodes:
            if node in held:
                found |= held[node]
            elif node in events:
                # It vanishes the same day (Freigné renumbered, then merged): follow it on.
                found |= now(node, passed)
        return found

    return {node: to for node in events if (to := now(node, frozenset()))}


def _by_date(moves: pd.DataFrame) -> list[tuple[str, dict[Node, list[Node]]]]:
    """Group events by day, the latest first: commune of the eve → what it turned into."""
    days: dict[str, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
    columns = ["date", "kind_before", "code_before", "kind_after", "code_after"]
    for date, kind, code, kind_after, code_after in moves[columns].itertuples(index=False):
        days[date][kind, code].append((kind_after, code_after))
    return sorted(days.items(), reverse=True)
