"""Where the files that are no Python lie: in a checkout, and in an installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent

# The name in the checkout → the name inside the package (pyproject.toml, force-include).
_INSTALLED = {"templates": "templates", "alembic": "migrations", "examples": "examples"}


def resource(folder: str, *parts: str) -> Path:
    """Return the path of a file or folder that ships with Broadsheet.

    `folder` is `templates`, `alembic` or `examples`, `parts` what follows inside it:
    `resource("templates", "email", "digest.mjml")`. Raises KeyError for another folder and
    FileNotFoundError, which names both places, when neither has the file.
    """
    beside = _CHECKOUT.joinpath(folder, *parts)
    inside = _PACKAGE.joinpath(_INSTALLED[folder], *parts)
    # Beside an installed package lies the library called alembic, with files of the same names.
    if (_CHECKOUT / "pyproject.toml").is_file() and beside.exists():
        return beside
    if inside.exists():
        return inside
    raise FileNotFoundError(f"{'/'.join((folder, *parts))} is neither {beside} nor {inside}")
