"""The look of the deck as Office's XML: theme colours and fonts, placeholders of the master and of each layout.

Text only, made from `pptx_geometry`; `pptx_template` puts it into a file.
"""

from __future__ import annotations

import re
from typing import Final

from training.export import pptx_geometry as at
from training.export.pptx_models import BODY_LEAST, FOOTER_SIZE, Box, Layout

KICKER_ID, PANEL_ID, RIGHT_ID, TABLE_ID, FOOTER_ID, NUMBER_ID = 13, 14, 15, 16, 11, 12
"""Numbers (idx) of the placeholders beside the title (0) and the body (1)."""
EMU: Final = 12700
"""A point in the units of the format."""
_NAMESPACE = "http://schemas.openxmlformats.org"
NAMESPACES: Final = (
    f'xmlns:a="{_NAMESPACE}/drawingml/2006/main" xmlns:p="{_NAMESPACE}/presentationml/2006/main" '
    f'xmlns:r="{_NAMESPACE}/officeDocument/2006/relationships"'
)
_COLOURS = {
    "dk1": "1F2933",
    "dk2": "17324D",
    "lt2": "EEF3F7",
    "accent1": "0B6E7F",
    "accent2": "1B6E3C",
    "accent3": "B45309",
    "accent4": "52606D",
    "accent5": "7B8794",
    "accent6": "7C2D12",
    "hlink": "0B5CAD",
    "folHlink": "5B3E8E",
}
_LATIN, _JAPANESE = "Yu Gothic", "游ゴシック"
_INSET = 'lIns="0" tIns="0" rIns="0" bIns="0"'


def themed(theme: bytes) -> bytes:
    """A theme of Office with our name, colours and fonts."""
    text = theme.decode()
    for name, colour in _COLOURS.items():
        text = _replaced(text, name, f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>')
    for name in ("majorFont", "minorFont"):
        fonts = (
            f'<a:latin typeface="{_LATIN}"/><a:ea typeface="{_JAPANESE}"/><a:cs typeface=""/>'
            f'<a:font script="Jpan" typeface="{_JAPANESE}"/>'
        )
        text = _replaced(text, name, f"<a:{name}>{fonts}</a:{name}>")
    return re.sub(r'name="Office(?: Theme)?"', 'name="Mamori"', text).encode()


def _replaced(text: str, name: str, element: str) -> str:
    return re.sub(rf"<a:{name}>.*?</a:{name}>", element, text, flags=re.DOTALL)


def colour(name: str) -> str:
    """A fill in a colour of the theme."""
    return f'<a:solidFill><a:schemeClr val="{name}"/></a:solidFill>'


def place(box: Box) -> str:
    """The place of a shape."""
    left, top, width, height = (round(value * EMU) for value in (box.left, box.top, box.width, box.height))
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def level(size: int, fill: str = "", bold: bool = False, align: str = "l") -> str:
    """The first level of a placeholder's text."""
    weight = ' b="1"' if bold else ""
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{size * 100}"{weight}>{colour(fill) if fill else ""}</a:defRPr></a:lvl1pPr>'
    )


def _holder(
    number: int,
    name: str,
    kind: str,
    box: Box | None,
    style: str = "",
    anchor: str = "t",
    more: str = "",
    body: str = "",
) -> str:
    """A placeholder; `kind` are the attributes of its type, `more` its fill. Without a box it takes its master's."""
    shape = f'{place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{more}' if box else ""
    inside = body or f'{_INSET} anchor="{anchor}"'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{shape}</p:spPr><p:txBody>"
        f'<a:bodyPr vert="horz" wrap="square" {inside}><a:normAutofit/></a:bodyPr><a:lstStyle>{style}</a:lstStyle>'
        f"{_prompt(name, kind)}</p:txBody></p:sp>"
    )


def number_field(shown: str) -> str:
    """The number of the slide, which programs keep right; `shown` is what stands there until they do."""
    return (
        '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr lang="ja-JP"/>'
        f"<a:t>{shown}</a:t></a:fld>"
    )


def _prompt(name: str, kind: str) -> str:
    if "sldNum" in kind:
        return f"<a:p>{number_field('‹#›')}</a:p>"
    text = "" if "ftr" in kind else f'<a:r><a:rPr lang="ja-JP"/><a:t>{name}</a:t></a:r>'
    return f"<a:p>{text}</a:p>"


def _bar(number: int, name: str, box: Box, fill: str) -> str:
    """A line of the design: it says nothing, so it is marked as decoration."""
    decorative = (
        '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}" descr="">{decorative}</p:cNvPr><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"{colour(fill)}<a:ln><a:noFill/></a:ln></p:spPr>"
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="ja-JP"/></a:p></p:txBody></p:sp>'
    )


_FOOTER_STYLE = level(FOOTER_SIZE, "accent4")
_NUMBER_STYLE = level(12, "accent4", align="r")
MASTER: Final = (
    _bar(7, "見出しの線", at.RULE, "accent1")
    + _holder(2, "見出し", 'type="title"', at.TITLE, anchor="ctr")
    + _holder(3, "本文", 'type="body" idx="1"', at.BODY)
    + _holder(4, "出典", 'type="ftr" sz="quarter" idx="3"', at.FOOTER, _FOOTER_STYLE)
    + _holder(5, "ページ番号", 'type="sldNum" sz="quarter" idx="4"', at.NUMBER, _NUMBER_STYLE, anchor="ctr")
)
_TITLE = _holder(2, "見出し", 'type="title"', None)
_KICKER = _holder(
    3, "進行", f'type="body" sz="quarter" idx="{KICKER_ID}"', at.KICKER, level(BODY_LEAST, "accent1", bold=True), "ctr"
)
_FOOTERS = _holder(8, "出典", f'type="ftr" sz="quarter" idx="{FOOTER_ID}"', None) + _holder(
    9, "ページ番号", f'type="sldNum" sz="quarter" idx="{NUMBER_ID}"', None
)
_PANEL_BOX = Box(at.MARGIN, at.BODY.top, at.INNER, 110)
_PANEL = _holder(
    4,
    "囲み",
    f'type="body" sz="quarter" idx="{PANEL_ID}"',
    _PANEL_BOX,
    level(20, "tx2"),
    more=colour("bg2"),
    body=" ".join(f'{side}="{at.PANEL_INSET * EMU}"' for side in ("lIns", "tIns", "rIns", "bIns")) + ' anchor="ctr"',
)
_BELOW = Box(at.MARGIN, _PANEL_BOX.bottom + at.GAP, at.INNER, at.BODY.bottom - _PANEL_BOX.bottom - at.GAP)
_LEFT = Box(_BELOW.left, _BELOW.top, at.HALF, _BELOW.height)
_RIGHT = Box(at.MARGIN + at.HALF + 2 * at.GAP, _BELOW.top, at.HALF, _BELOW.height)
LAYOUTS: Final = {
    Layout.COVER: (
        _bar(7, "表紙の線", at.COVER_BAR, "bg1")
        + _holder(2, "題名", 'type="ctrTitle"', at.COVER_TITLE, level(40, "bg1", bold=True), "b")
        + _holder(3, "対象と時間", 'type="subTitle" idx="1"', at.COVER_SUBTITLE, level(20, "bg1"), "ctr")
        + _holder(4, "資料", f'type="body" sz="quarter" idx="{RIGHT_ID}"', at.COVER_META, level(14, "bg2"))
    ),
    Layout.BODY: _TITLE + _KICKER + _holder(4, "本文", 'idx="1"', None) + _FOOTERS,
    Layout.TABLE: _TITLE
    + _KICKER
    + _holder(4, "表", f'type="tbl" idx="{TABLE_ID}"', at.BODY, level(BODY_LEAST))
    + _FOOTERS,
    Layout.PANEL: _TITLE + _KICKER + _PANEL + _holder(5, "本文", 'idx="1"', _BELOW) + _FOOTERS,
    Layout.PANEL_COLUMNS: _TITLE
    + _KICKER
    + _PANEL
    + _holder(5, "左の列", 'sz="half" idx="1"', _LEFT)
    + _holder(6, "右の列", f'sz="half" idx="{RIGHT_ID}"', _RIGHT)
    + _FOOTERS,
}
COVER_BACKGROUND: Final = f"<p:bg {NAMESPACES}><p:bgPr>{colour('tx2')}<a:effectLst/></p:bgPr></p:bg>"


def _style(size: int, fill: str, font: str, bold: bool, at_level: int) -> str:
    indent = (at_level - 1) * 18 * EMU
    weight = ' b="1"' if bold else ""
    return (
        f'<a:lvl{at_level}pPr marL="{indent}" indent="0" algn="l" rtl="0" eaLnBrk="1" latinLnBrk="0" '
        'hangingPunct="0">'
        '<a:lnSpc><a:spcPct val="110000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{0 if bold else 800}"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{size * 100}" kern="1200"{weight}>{colour(fill)}<a:latin typeface="+{font}-lt"/>'
        f'<a:ea typeface="+{font}-ea"/><a:cs typeface="+{font}-cs"/></a:defRPr></a:lvl{at_level}pPr>'
    )


TEXT_STYLES: Final = (
    f"<p:txStyles {NAMESPACES}><p:titleStyle>{_style(28, 'tx2', 'mj', True, 1)}</p:titleStyle><p:bodyStyle>"
    + "".join(_style(size, "tx1", "mn", False, depth) for depth, size in enumerate((20, 18, 16, 14, 14), start=1))
    + f"</p:bodyStyle><p:otherStyle>{_style(14, 'tx1', 'mn', False, 1)}</p:otherStyle></p:txStyles>"
)
