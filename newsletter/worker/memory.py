"""What a process of many threads keeps of the memory that it no longer uses."""

import ctypes

_M_ARENA_MAX = -8  # glibc's malloc.h


def share_one_heap() -> None:
    """Let the threads that begin after this one share its heap; where C's library cannot, do nothing.

    glibc gives each thread a heap of its own, and each keeps the room of the largest call that it
    ever made: ten threads, ten such rooms (mallopt(3)).
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is not None:
        tune(_M_ARENA_MAX, 1)
