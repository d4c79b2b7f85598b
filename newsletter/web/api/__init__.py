"""The API: what programs ask of a house, each with a token; not there until a token is."""

from newsletter.web.api.guard import is_asked
from newsletter.web.api.problems import Problem, answer, of_error
from newsletter.web.api.segments import router

__all__ = ["Problem", "answer", "is_asked", "of_error", "router"]
