"""What figures are made of: facts about messages, kept beside the threads that they come from."""

from comptoir.measurement.models.facts import Due, Heard, Staffed
from comptoir.measurement.models.people import PeopleFigures

__all__ = ["Due", "Heard", "PeopleFigures", "Staffed"]
