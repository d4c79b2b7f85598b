"""Draw every picture of the example site anew: `python examples/draw_pictures.py` (needs Pillow).

The same code gives the same bytes: whatever looks accidental comes from a seeded generator.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from examples.pictures import growing, paper, posters, signals, sky, town, water  # noqa: E402
from examples.pictures.canvas import Canvas, save  # noqa: E402

Drawing = Callable[[], Canvas | Image.Image]

BUNDLES: dict[str, dict[str, Drawing]] = {
    "2026-08-open-data": {
        "Poster.png": posters.august,
        "tides.png": water.tides,
        "orbits.png": sky.orbits,
        "seeds.png": growing.seeds,
        "routes.png": town.routes,
        "registers.png": paper.registers,
        "frogs.png": signals.frogs,
        "rooftops.png": town.rooftops,
        "soil.png": growing.soil,
    },
    "2026-09-open-data": {
        "Poster.png": posters.september,
        "delta.png": water.delta,
        "stacks.png": paper.stacks,
        "terraces.png": growing.terraces,
        "moths.png": sky.moths,
        "dictionary.png": signals.dictionary,
        "trees.png": growing.trees,
        "grain.png": growing.grain,
        "bridges.png": water.bridges,
        "thimble.png": signals.thimble,
    },
    "2026-10-open-data": {
        "Poster.png": posters.october,
        "windfarm.png": sky.windfarm,
        "loom.png": paper.loom,
        "night-sky.jpg": sky.night_sky,
        "court.png": town.court,
        "tables.png": paper.tables,
        "harbour.png": water.harbour,
        "sea-floor.png": water.sea_floor,
        "clocks.png": signals.clocks,
        "portal.png": town.portal,
    },
}


def main(content: Path) -> None:
    """Draw each bundle's pictures beside its post."""
    for bundle, drawings in BUNDLES.items():
        for name, draw in drawings.items():
            drawn = draw()
            target = content / bundle / name
            save(drawn.finished() if isinstance(drawn, Canvas) else drawn, target)
            print(f"{target.stat().st_size / 1000:6.1f} kB  {bundle}/{name}")


if __name__ == "__main__":
    main(HERE / "site" / "content" / "blog")
