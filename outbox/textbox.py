"""The text box that carries the executor mark: DrawingML with a VML twin for readers older than 2010.

It is anchored in the signature paragraph, so it always prints on the sheet of the signature (12.5.15), and stands in
the bottom margin, so text can never run into it.
"""

from __future__ import annotations

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

EMU_MM = 36_000
WIDTH_MM = 170
"""The whole line: the longest name stays on one, in large print too."""
HEIGHT_MM = 13
LIFT_MM = 1
"""Distance of the box from the lower edge of the text area."""

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "w10": "urn:schemas-microsoft-com:office:word",
    }.items()
)

_RUN = """
<w:r {namespaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="251659264" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="0">
<wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="bottomMargin"><wp:posOffset>{lift}</wp:posOffset></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>
<wp:docPr id="101" name="Отметка об исполнителе" descr="Отметка об исполнителе"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>{paragraphs}</w:txbxContent></wps:txbx>
<wps:bodyPr rot="0" vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape id="executor" style="position:absolute;margin-left:0;margin-top:{lift_pt}pt;
width:{width_pt}pt;height:{height_pt}pt;mso-position-horizontal-relative:margin;
mso-position-vertical-relative:bottom-margin-area" stroked="f" filled="f"><v:textbox inset="0,0,0,0"><w:txbxContent>
{paragraphs}</w:txbxContent></v:textbox><w10:wrap type="topAndBottom"/></v:shape></w:pict></mc:Fallback>
</mc:AlternateContent></w:r>"""


def text_box(style_id: str, lines: list[str]) -> BaseOxmlElement:
    """Build the run that holds the box.

    Args:
        style_id: Identifier of the paragraph style of the mark.
        lines: Template expressions, one a paragraph.
    """
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>'
        for line in lines
    )
    points = 72 / 25.4
    markup = _RUN.format(
        namespaces=_NAMESPACES,
        paragraphs=paragraphs,
        width=WIDTH_MM * EMU_MM,
        height=HEIGHT_MM * EMU_MM,
        lift=LIFT_MM * EMU_MM,
        width_pt=round(WIDTH_MM * points, 1),
        height_pt=round(HEIGHT_MM * points, 1),
        lift_pt=round(LIFT_MM * points, 1),
    ).replace("\n", "")
    return parse_xml(markup)
