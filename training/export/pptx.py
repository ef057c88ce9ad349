"""A pack as a PowerPoint file: `write_pptx`. What stands where is `pptx_slides`, how it is drawn `pptx_draw`."""

from __future__ import annotations

import io
import zipfile

from training.export.pptx_notes import finished
from training.export.pptx_slides import slides_of
from training.models import Pack

# The earliest time that a ZIP can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_pptx(pack: Pack) -> bytes:
    """The slides of a session, 16:9, with sources in the footers and speaker's notes; the same pack, the same bytes."""
    from training.export.pptx_draw import draw

    return _timeless(draw(finished(slides_of(pack), pack), pack.title))


def _timeless(package: bytes) -> bytes:
    """The same ZIP without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()
