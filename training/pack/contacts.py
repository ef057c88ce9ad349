"""Where to ask: what the documents advise a reader in doubt to do, and the offices that they name."""

from __future__ import annotations

import re

from assistant.citations import Evidence, sentences_of
from assistant.guidance import Contact
from assistant.situations import load_situations
from training.material import Material
from training.models import Line
from training.pack.cited import Cited
from training.pack.phrases import phrases

_QUERY = "どこに相談するか迷ったら お近くの経済産業局 相談"
_IN_DOUBT = re.compile(r"(?:迷|困|悩|おかしい)[^。]*(?:相談|連絡)")
# The rest of a sentence whose beginning stands elsewhere on the page.
_BROKEN = re.compile(r"と思|[はがをに]")
_ADVICE, _OFFICES = 3, 12
# Offices that advise on more than one region's questions.
_DESK = re.compile(r"窓口|相談|支援|INPIT")


def advice(material: Material, cited: Cited) -> tuple[Line, ...]:
    """The sentences that send a reader in doubt to somebody; none where the documents have none."""
    for chunk in material.search(_QUERY):
        said = [s for s in sentences_of(chunk.text) if _IN_DOUBT.search(s) and not _BROKEN.match(s)]
        if said and not material.is_replaced(chunk):
            return tuple(line for sentence in said[:_ADVICE] if (line := cited.said(sentence, chunk)))
    return ()


def offices(material: Material, cited: Cited, *, all_of_them: bool) -> tuple[Line, ...]:
    """The offices with how to reach them; else one line that says where the list of them is to be found."""
    contacts = _chosen(material)
    if all_of_them:
        lines = (cited.line(_worded(contact), Evidence(contact.chunk, contact.line)) for contact in contacts)
        return tuple(line for line in lines if line)
    if not contacts:
        return ()
    first = contacts[0]
    document = material.documents[first.chunk.doc_id]
    above = [heading for heading in first.chunk.section if heading and heading not in first.name]
    heading = above[-1] if above else first.name
    text = phrases("contacts")["region"].format(document=document.title, heading=heading)
    line = cited.line(text, Evidence(first.chunk, first.line))
    return (line,) if line else ()


def _chosen(material: Material) -> list[Contact]:
    """The bureaus of the regions and the desks that advise; where the documents name no bureau, the first offices."""
    contacts = material.guidance.contacts()
    regions = tuple(load_situations().regions)
    bureaus = [c for c in contacts if any(region in _worded(c) for region in regions)]
    if not bureaus:
        return contacts[:_OFFICES]
    desks = [c for c in contacts if c not in bureaus and _DESK.search(_worded(c))]
    return [*bureaus, *desks][:_OFFICES]


def _worded(contact: Contact) -> str:
    return contact.line if contact.name in contact.line else f"{contact.name}：{contact.line}"
