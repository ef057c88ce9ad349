"""Likely questions as a field of the search: data (`questions.jsonl`), where they lead, how they score."""
