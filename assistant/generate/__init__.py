"""Answers by a language model: prompt, stream, verification, and the extractive answer wherever something is amiss."""

from assistant.generate.events import Done, Event, Sources, Text
from assistant.generate.faults import Fault, ModelFault
from assistant.generate.generator import Generator, is_asked
from assistant.generate.options import GenerateOptions
from assistant.generate.prompt import Prompt, build_prompt, shown

__all__ = [
    "Done",
    "Event",
    "Fault",
    "GenerateOptions",
    "Generator",
    "ModelFault",
    "Prompt",
    "Sources",
    "Text",
    "build_prompt",
    "is_asked",
    "shown",
]
