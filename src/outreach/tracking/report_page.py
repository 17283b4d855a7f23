"""The report as one self-contained HTML page, in French, that loads nothing and can be mailed."""

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

from outreach.files import write_file
from outreach.outbox.schema import State
from outreach.outbox.standing import Standing
from outreach.tracking.record import OUTCOMES
from outreach.tracking.report import COUNTS, Line, Report

_CHAMBERS = {"assemblee": "Assemblée nationale", "senat": "Sénat", "": "Tous"}
_TITLES = {
    "all": "Ensemble",
    "chamber": "Par assemblée",
    "political_group": "Par groupe politique",
    "department": "Par département",
}
_HEADINGS = (
    "", "Lettres", "En attente", "Retenues", "Incertaines", "Refusées", "Remises au serveur",
    "Revenues", "Réponses automatiques", "Réponses", "Taux de réponse des remises (intervalle à 95 %)",
)  # fmt: skip
_OUTCOME_HEADINGS = ("", "Soutient", "Va agir", "Réponse type", "Refuse", "Autre", "Non qualifiées")
_STATES = {
    State.UNCERTAIN: "incertaine",
    State.REFUSED: "refusée",
    State.EXPIRED: "abandonnée",
    State.BOUNCED: "revenue",
    State.HELD: "retenue",
}
# What the outbox writes about a letter that never met a server.
_REASONS = {
    "no e-mail address is published": "aucune adresse électronique publiée",
    "cancelled by a person": "annulée",
    "no longer among the recipients": "ne fait plus partie des destinataires",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-size:.9rem}td,th{padding:.25rem .6rem;text-align:left;"
    "border-bottom:1px solid #ccc}th{background:#f2f2f2}"
)


def write_page(report: Report, path: Path) -> None:
    """Write the page: what to look at first, counts, answers, whom to remind, whom to print for."""
    paper = [row for row in report.letters if row.recipient_id in report.paper]
    parts = [
        "<!doctype html><html lang='fr'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width'>",
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        f"<title>{_text(report.name)} : suivi</title><style>{_STYLE}</style>",
        f"<h1>{_text(report.name)}</h1>",
        f"<p>Envoi n<sup>o</sup> {report.wave}, état au {report.made_at:%d/%m/%Y à %H:%M} (UTC). "
        "« Remise au serveur » veut dire que notre serveur de messagerie l’a acceptée, pas qu’elle "
        "a été lue. Le taux ne compte que ces lettres et leurs réponses : combien de lettres sur "
        "papier sont arrivées n’est pas connu.</p>",
    ]
    if report.doubtful:
        parts.append("<h2>À regarder d’abord</h2>" + _people(report.doubtful, with_reason=True))
    for by, title in _TITLES.items():
        lines = [line for line in report.lines if line.by == by]
        parts.append(f"<h2>{title}</h2>" + _table(_HEADINGS, map(_cells, lines)))
        answered = [line for line in lines if line.counts["answered"]]
        if answered and by != "department":
            parts.append(
                "<h3>Ce que disent les réponses</h3>"
                + _table(_OUTCOME_HEADINGS, map(_outcome_cells, answered))
            )
    parts.append(
        f"<h2>Sans réponse à ce jour, à relancer ({len(report.silent)})</h2>"
        + _people(report.silent, with_reason=False)
    )
    if paper:
        parts.append(
            f"<h2>Qu’aucun courriel n’atteint, à écrire sur papier ({len(paper)})</h2>"
            + _people(paper, with_reason=True)
        )
    write_file(path, "\n".join(parts) + "\n</html>\n")


def _cells(line: Line) -> list[str]:
    rate = "–"
    if line.rate is not None and line.low is not None and line.high is not None:
        rate = f"{100 * line.rate:.1f} % ({100 * line.low:.1f} à {100 * line.high:.1f})"
    numbers = [str(line.counts[name]) for name in COUNTS]
    return [_CHAMBERS.get(line.of, line.of), *numbers, rate.replace(".", ",")]


def _outcome_cells(line: Line) -> list[str]:
    judged = [line.outcomes[outcome] for outcome in OUTCOMES]
    unjudged = line.counts["answered"] - sum(judged)
    return [_CHAMBERS.get(line.of, line.of), *map(str, judged), str(unjudged)]


def _people(rows: Iterable[Standing], *, with_reason: bool) -> str:
    head = ["Nom", "Circonscription ou département", "Groupe"]
    cells = []
    for row in rows:
        line = [row.name, row.constituency_code or row.department_code, row.political_group]
        if with_reason:
            reason = row.reply or row.reason
            line += [_STATES.get(row.state, row.state), _REASONS.get(reason, reason)]
        cells.append(line)
    return _table(head + (["État", "Motif"] if with_reason else []), cells)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<table><thead><tr>", *(f"<th>{_text(cell)}</th>" for cell in head)]
    lines.append("</tr></thead><tbody>")
    for row in rows:
        lines.append("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>")
    return "".join(lines) + "</tbody></table>"


def _text(value: str) -> str:
    return html.escape(value)
