"""Every digest is kept to the last link: our examples, and the real posts when they are there.

`python -m pytest tests/meters -k rust-lang` runs the meters of one post;
`python -m tests.meters.report rust-lang` tells its faults line by line. What is not met yet stands
in `known.py`: take out of a row there what you have mended.
"""

from dataclasses import replace

import pytest

from newsletter.errors import PostError
from tests.meters.documents import POSTS
from tests.meters.fidelity import METERS
from tests.meters.known import PARTS, marks
from tests.meters.measured import measured
from tests.meters.posts import ORG, SHARED, Post, published


def case(name: str, meter: str, part: str, *, strict: bool = True) -> object:
    expected = marks(name, meter, part, strict=strict)
    return pytest.param(name, meter, part, id=f"{name}-{meter}-{part}", marks=expected)


@pytest.mark.parametrize(
    ("name", "meter", "part"),
    [case(name, meter, part) for name in POSTS for meter in METERS for part in PARTS],
)
def test_nothing_of_a_post_is_lost(name: str, meter: str, part: str) -> None:
    faults = METERS[meter](measured(POSTS[name], part))
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("name", "meter", "part"),
    [
        # What is not understood may go or stay here: without a site less can be asked for.
        case(name, meter, part, strict=False)
        for name in POSTS
        for meter in ("links", "pictures")
        for part in PARTS
    ],
)
def test_nothing_goes_silently_where_the_site_is_not_known(
    name: str, meter: str, part: str
) -> None:
    post = replace(POSTS[name], site="")
    faults = METERS[meter](measured(post, part))
    assert faults == [], "\n".join(faults)


def test_a_post_in_org_mode_is_refused_with_its_file_and_the_reason() -> None:
    if not SHARED.is_dir():
        return
    with pytest.raises(PostError, match=r"tecosaur\S+ is Org mode"):
        published(Post("org", SHARED / ORG, "org", ""))
