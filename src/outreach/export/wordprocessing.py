"""A letter's parts as WordprocessingML: paragraphs, runs, tables, merge fields.

Only this module writes XML, and every text goes through escaped(): what a person typed can be
no tag, and a code that XML cannot hold is left out.
"""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from outreach.letters.letter import Node

TWIPS_A_MM = 1440 / 25.4
_EMU_A_MM = 36_000
# Of the lines, in twips: A4 less two margins of 28 mm.
_MEASURE = round(154 * TWIPS_A_MM)
_PICTURES = ("logo", "signature")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Against a bold style.
PLAIN = '<w:b w:val="0"/>'
_MARKS = {"strong": "<w:b/>", "emphasis": "<w:i/>"}


class Body:
    """Paragraphs of one document, and the links and lists that other parts must declare.

    Attributes:
        links: addresses in the order of their relationships: the first is "link1".
        ordered_lists: how many numbered lists there are; each counts from 1.
    """

    def __init__(self) -> None:
        self._xml: list[str] = []
        self.links: list[str] = []
        self.ordered_lists = 0

    @property
    def xml(self) -> str:
        """All that was added, in order."""
        return "".join(self._xml)

    def paragraph(self, style: str, content: str, properties: str = "") -> None:
        """Add a paragraph of a style of ooxml/styles.xml; content as the functions below give."""
        self._xml.append(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'
        )

    def lines(
        self, style: str, lines: Iterable[str], properties: str = "", *, first_strong: bool = False
    ) -> None:
        """Add lines of text, one paragraph each."""
        for number, line in enumerate(lines):
            marks = "<w:b/>" if first_strong and number == 0 else ""
            self.paragraph(style, run(line, marks), properties)

    def blocks(self, nodes: Sequence[Node], style: str = "BodyText", properties: str = "") -> None:
        """Add blocks of the neutral tree."""
        for node in nodes:
            kind = node["kind"]
            if kind == "paragraph":
                self.paragraph(style, self.inlines(node["inline"]), properties)
            elif kind == "heading":
                self.paragraph("Heading2", self.inlines(node["inline"]))
            elif kind == "list":
                self._list(node)
            elif kind == "table":
                self._table(node)
            else:
                within = {"request": "Request", "quote": "Quote", "sources": "Sources"}[kind]
                self.blocks(node["blocks"], within)

    def inlines(self, nodes: Sequence[Node], marks: str = "") -> str:
        """Give the runs of inline nodes; marks are the properties around them."""
        parts = []
        for node in nodes:
            kind = node["kind"]
            if kind == "text":
                parts.append(run(node["text"], marks))
            elif kind == "superscript":
                parts.append(run(node["text"], marks + '<w:vertAlign w:val="superscript"/>'))
            elif kind == "break":
                parts.append("<w:r><w:br/></w:r>")
            elif kind == "link":
                self.links.append(node["href"])
                linked = self.inlines(node["inline"], '<w:rStyle w:val="Hyperlink"/>' + marks)
                parts.append(f'<w:hyperlink r:id="link{len(self.links)}">{linked}</w:hyperlink>')
            else:
                parts.append(self.inlines(node["inline"], marks + _MARKS[kind]))
        return "".join(parts)

    def _list(self, node: Node) -> None:
        number = 1
        if node["ordered"]:
            self.ordered_lists += 1
            number = 1 + self.ordered_lists
        marked = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        indented = '<w:ind w:left="454"/>'
        for item in node["items"]:
            for position, block in enumerate(item):
                first = position == 0 and block["kind"] == "paragraph"
                self.blocks([block], "ListParagraph", marked if first else indented)

    def _table(self, node: Node) -> None:
        columns = len(node["header"])
        narrow = min(1800, _MEASURE // (columns + 1))
        widths = [_MEASURE - narrow * (columns - 1), *[narrow] * (columns - 1)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        line = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="auto"/>'
        edges = line.format("top", 6) + line.format("bottom", 6)
        rows = []
        for number, row in enumerate([node["header"], *node["rows"]]):
            under = line.format("bottom", 4) if number == 0 else ""
            cells = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{widths[x]}" w:type="dxa"/>'
                f"<w:tcBorders>{under}</w:tcBorders></w:tcPr>"
                f'<w:p><w:pPr><w:pStyle w:val="TableText"/><w:jc w:val="{side}"/></w:pPr>'
                f"{self.inlines(cell)}</w:p></w:tc>"
                for x, (cell, side) in enumerate(zip(row, node["align"], strict=True))
            )
            head = "<w:trPr><w:tblHeader/></w:trPr>" if number == 0 else ""
            rows.append(f"<w:tr>{head}{cells}</w:tr>")
        self._xml.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f"<w:tblBorders>{edges}</w:tblBorders>"
            '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            '</w:tblCellMar><w:tblLook w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        # Word joins two tables that nothing separates.
        self._xml.append('<w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>')


def run(text: str, marks: str = "") -> str:
    """Give one run of text; its spaces, no-break ones included, are kept."""
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def frame(x: float, y: float, width: float, height: float) -> str:
    """Give the property that puts a paragraph at a place of the page; mm from its corner.

    It stands in each paragraph: LibreOffice does not read it from a style.
    """
    places = {"w": width, "h": height, "x": x, "y": y}
    said = " ".join(f'w:{name}="{round(value * TWIPS_A_MM)}"' for name, value in places.items())
    return (
        f'<w:framePr {said} w:hRule="atLeast" w:hSpace="0" w:vSpace="0" w:wrap="around"'
        ' w:vAnchor="page" w:hAnchor="page"/>'
    )


def merge_field(name: str) -> str:
    """Give a field that Word and LibreOffice fill from the column ``name`` of a table."""
    return (
        f'<w:fldSimple w:instr=" MERGEFIELD {name} "><w:r><w:t>«{name}»</w:t></w:r></w:fldSimple>'
    )


def picture_run(relationship: str, alt: str, width: float, height: float) -> str:
    """Give a run that shows a picture; sizes in mm."""
    wide, high = round(width * _EMU_A_MM), round(height * _EMU_A_MM)
    number = 1 + _PICTURES.index(relationship)
    said = quoteattr(_NOT_XML.sub("", alt))
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{number}" name="{relationship}" descr={said}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{relationship}" descr={said}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relationship}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def escaped(text: str) -> str:
    """Make any text safe between tags."""
    return escape(_NOT_XML.sub("", text))


def attribute(text: str) -> str:
    """Make any text a quoted attribute."""
    return quoteattr(_NOT_XML.sub("", text))
