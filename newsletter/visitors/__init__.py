"""Who opens and clicks, a person or a machine: the rules, for whoever counts (RULES M-1).

`judging` knows one request, `together` what several show; both are told in
docs/people-and-machines.md.
"""

from newsletter.visitors.judging import LONGEST_AGENT, Seen, judge
from newsletter.visitors.together import EARLY_MS, KEPT_MS, PIXEL, TOGETHER, shown

__all__ = [
    "EARLY_MS",
    "KEPT_MS",
    "LONGEST_AGENT",
    "PIXEL",
    "TOGETHER",
    "Seen",
    "judge",
    "shown",
]
