"""A kit for Word's or LibreOffice's own mail merge: the recipients as XLSX, a letter with fields."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from outreach.errors import InputError
from outreach.export.docx import merge_docx
from outreach.export.envelope_order import in_envelope_order
from outreach.export.paper import Paper
from outreach.export.parts import main_blocks, source_blocks
from outreach.export.recipients import COLUMNS, recipient_rows
from outreach.files import whole_folder
from outreach.letters.letter import Letter
from outreach.letters.text import text_of
from outreach.spreadsheets import Cell, write_xlsx

TABLE = "destinataires.xlsx"
LETTER = "lettre.docx"
FIELDS = (*COLUMNS, "opening", "body", "closing", "sources")
# A cell of a workbook holds no more; Excel repairs, that is cuts, what is longer.
_LONGEST_CELL = 32_767
_HOW = """\
Fusionner ces lettres dans Word ou LibreOffice
==============================================

1. Ouvrez lettre.docx.
2. Word : Publipostage > Sélection des destinataires > Utiliser une liste existante,
   et choisissez destinataires.xlsx.
   LibreOffice : Insertion > Champ > Autres champs > Base de données, ou
   Fichier > Assistants > Source de données d'adresses, et choisissez destinataires.xlsx.
3. Changez le texte autour des champs comme vous voulez ; un champ comme «opening» est remplacé,
   pour chaque lettre, par la colonne de ce nom.
4. Terminer et fusionner (Word), ou Fichier > Imprimer puis « Oui » (LibreOffice).

Le champ «body» est le texte de la lettre de chaque destinataire, avec ses chiffres ; le champ
«sources», en petits caractères sous la signature, dit d'où viennent ces chiffres et de quand ils
datent : gardez-le. Les lignes suivent l'ordre des enveloppes et des étiquettes.
"""


def write_merge_kit(
    letters: Sequence[Letter], folder: Path, paper: Paper, *, date: dt.date
) -> list[Path]:
    """Write the recipients, a letter with merge fields and how to join them.

    Sender, dateline and signature are those of the first letter: a campaign has one of each.

    Raises:
        InputError: there is no letter, or a letter is too long for a cell.
        OutreachError: a picture is an SVG, or the folder cannot be written.
    """
    ordered = in_envelope_order(letters)
    if not ordered:
        raise InputError("There is no letter to make a mail merge of; choose other recipients.")
    rows = [
        row | _fields(letter) for row, letter in zip(recipient_rows(ordered), ordered, strict=True)
    ]
    with whole_folder(folder) as beside:
        write_xlsx(beside / TABLE, FIELDS, rows, sheet="destinataires")
        (beside / LETTER).write_bytes(merge_docx(ordered[0], paper, date=date))
        (beside / "LISEZMOI.txt").write_text(_HOW, encoding="utf-8")
    return [folder / TABLE, folder / LETTER]


def _fields(letter: Letter) -> dict[str, Cell]:
    """Give what the columns of the list of recipients do not hold: the letter's own words."""
    body, sources = text_of(main_blocks(letter)), text_of(source_blocks(letter))
    longest = max(len(body), len(sources))
    if longest > _LONGEST_CELL:
        raise InputError(
            f"The letter to {letter.recipient.full_name} is too long for a cell of a workbook "
            f"({longest} characters, {_LONGEST_CELL} at most); export it as DOCX instead."
        )
    return {
        "opening": letter.opening,
        "body": body,
        "closing": letter.closing,
        "sources": sources,
    }
