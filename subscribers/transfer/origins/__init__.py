"""The systems people come from: what their exports' columns and words mean here."""

from subscribers.transfer.origins.origin import Fate, Origin
from subscribers.transfer.origins.reading import FIELDS, Reading
from subscribers.transfer.origins.recognition import ORIGINS, Recognised, named, recognise

__all__ = [
    "FIELDS",
    "ORIGINS",
    "Fate",
    "Origin",
    "Reading",
    "Recognised",
    "named",
    "recognise",
]
