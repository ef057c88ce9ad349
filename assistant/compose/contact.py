"""Whom to ask: the offices that the documents name, the one in charge of a region first."""

from __future__ import annotations

import re

from assistant.citations import Evidence, sentences_of
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.glossary import field_words
from assistant.guidance import Contact
from assistant.situations import load_situations, named

_CONSULT = "どこに相談するか迷ったら お近くの経済産業局 相談"
_SECRETS = ("営業秘密", "知財", "特許", "知的財産", "権利化", "秘匿")
_SECRETS_OFFICE = ("営業秘密", "INPIT", "inpit")
# A question for the number of one office, as against one for any place to turn to.
_ONE_OFFICE = re.compile(r"の(?:電話|連絡先|メール|番号|住所|TEL)|(?:phone|number|address|contact) of", re.IGNORECASE)
_OFFICE = re.compile(
    r"[^\sのにはをへ、。]+?(?:局|庁|省|館|税関|委員会|事務所|センター|機構|協会|会議所|裁判所)|(?<![A-Za-z])(?!TEL|FAX)[A-Z]{3,}(?![A-Za-z])"
)
_NAMED, _AS_GOOD = 0.55, 0.9


def compose_contact(found: Found, draft: Draft, *, in_general: bool) -> None:
    """Add the offices that answer the question: of its region, the one it names, of its subject, or all of them.

    Nothing is added where it asks for one office that the documents do not name. All of them are named only with
    `in_general`: where the documents speak of what the question is about.
    """
    contacts = found.guidance.contacts(found.doc_ids)
    chosen = _regional(found, contacts) or _named(found, contacts) or _for_secrets(found, contacts)
    if _ONE_OFFICE.search(found.query.standalone) and not (chosen and _all_named_in(found, chosen)):
        return
    if "FAX" in found.query.standalone and not any("FAX" in contact.line for contact in contacts):
        return
    if not chosen and not in_general:
        return
    if not chosen:
        add_consultation(found, draft, label=False)
    for contact in chosen or contacts:
        _add_contact(draft, contact)


def add_consultation(found: Found, draft: Draft, *, label: bool = True) -> None:
    """Add the documents' own advice on where to ask, and the regional office where the question names a region."""
    advice = _consultation(found)
    regional = _regional(found, found.guidance.contacts(found.doc_ids)) if label else []
    if label and (advice or regional):
        draft.label(phrases(found.query.language).contact)
    if advice:
        draft.state(harmless(advice.quote), advice, style=Style.ITEM)
    for contact in regional:
        _add_contact(draft, contact)


def _all_named_in(found: Found, contacts: list[Contact]) -> bool:
    """Whether every office that the question names by its full name is one of these."""
    names = [name for name in _OFFICE.findall(found.query.standalone) if not field_words(name)]
    return all(any(name in f"{c.name}{c.line}" for c in contacts) for name in names)


def _regional(found: Found, contacts: list[Contact]) -> list[Contact]:
    offices = named(load_situations().regions, found.query.standalone)
    return [c for c in contacts if any(office in f"{c.name}{c.line}" for office in offices)]


def _named(found: Found, contacts: list[Contact]) -> list[Contact]:
    shares = [(found.relevance.share(f"{c.name} {c.line}"), c) for c in contacts]
    best = max((share for share, _ in shares), default=0.0)
    close = [c for share, c in shares if share >= _AS_GOOD * best]
    return close if best >= _NAMED and len(close) < len(contacts) else []


def _for_secrets(found: Found, contacts: list[Contact]) -> list[Contact]:
    if _OFFICE.search(found.query.canonical) or not any(word in found.query.canonical for word in _SECRETS):
        return []
    return [c for c in contacts if any(word in c.line + c.name for word in _SECRETS_OFFICE)]


def _add_contact(draft: Draft, contact: Contact) -> None:
    line = contact.line if contact.name in contact.line else f"{contact.name}：{contact.line}"
    name, _, rest = line.partition("：")
    text = f"**{harmless(name)}**：{harmless(rest)}" if rest else harmless(line)
    draft.state(text, Evidence(contact.chunk, contact.line), style=Style.ITEM)


def _consultation(found: Found) -> Evidence | None:
    """The sentence that sends a reader in doubt to an office."""
    for chunk in found.search(_CONSULT):
        for sentence in sentences_of(chunk.text):
            if "相談" in sentence and "経済産業局" in sentence and "迷" in sentence:
                return Evidence(chunk, sentence)
    return None
