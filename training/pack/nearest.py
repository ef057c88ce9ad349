"""What to offer instead of a theme that the documents hold nothing for."""

from __future__ import annotations

from training.catalogue import Theme, themes
from training.material import Material
from training.pack.subject import find_subject

_OFFERED, _SEARCHED = 3, 20


def nearest_themes(material: Material, theme: Theme) -> tuple[str, ...]:
    """The names of at most three themes of the catalogue that the documents do hold something for, nearest first."""
    others = [other for other in themes() if other.name != theme.name]
    found = material.search(theme.name, top_k=_SEARCHED)
    scores = {other.name: 0.0 for other in others}
    for rank, chunk in enumerate(found, start=1):
        above = f"{' '.join(chunk.section)} {chunk.text}"
        for other in others:
            words = (other.guidance,) if other.guidance else other.words
            if any(word in above for word in words):
                scores[other.name] += 1 / rank
    ranked = sorted(others, key=lambda other: -scores[other.name])
    offered = (other.name for other in ranked if not find_subject(material, other).is_empty)
    return tuple(name for name, _ in zip(offered, range(_OFFERED), strict=False))
