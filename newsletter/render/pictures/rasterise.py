"""Draws one SVG, from standard input to standard output: a program of its own, told by its limits.

Started by `drawing.py`; a drawing that eats time or memory ends this process and no other.
"""

import resource
import sys

SECONDS = 4
MEMORY = 1_500_000_000


def main() -> None:
    """Draw; what the library says of a drawing it cannot draw goes to standard error."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import resvg_py

    source = sys.stdin.buffer.read().decode()
    try:
        png = resvg_py.svg_to_bytes(svg_string=source, skip_system_fonts="--fonts" not in sys.argv)
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
