"""The templates: ours, and before them those of a project's own folder (RULES S-13)."""

import tomllib
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import RenderError
from newsletter.render.words import Words, holes
from newsletter.resources import resource
from newsletter.slots import slot

ENGLISH = "en"
# What a template can raise besides Jinja's own errors: a sum of words and numbers, and the like.
# fmt: off
_BROKEN = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TemplateError,
    TypeError, ValueError,
)
# fmt: on


class TemplateSet:
    """The templates of one project: a file in its folder stands for ours of the same name.

    `ours/digest.mjml` is always ours, for a template that only changes a block of it. Tables
    (`tokens.toml`, `words/`) are merged key by key. Jinja's sandbox: no attribute that begins
    with an underscore, nothing is changed, nothing outside of the folders is read.
    """

    def __init__(self, own: Path | None = None) -> None:
        """Take the project's folder; None for ours alone."""
        ours = resource("templates", "email")
        self._folders = [folder for folder in (own, ours) if folder is not None]
        loaders = [_Within(folder) for folder in self._folders]
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([*loaders, PrefixLoader({"ours": loaders[-1]})]),
            autoescape=select_autoescape(disabled_extensions=("css", "txt"), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["slot"] = slot
        self._words: dict[str, Words] = {}

    def fill(self, template: str, **values: Any) -> str:
        """Return a template filled with values; raises RenderError naming file and line."""
        try:
            return self._environment.get_template(template).render(values).strip()
        except _BROKEN as error:
            raise RenderError(f"{self._place(template, error)}: {_plain(error)}") from error

    def table(self, name: str) -> dict[str, Any]:
        """Return a TOML file, the project's over ours; empty where neither has it.

        Raises RenderError naming file and line.
        """
        merged: dict[str, Any] = {}
        for folder in reversed(self._folders):
            file = folder / name
            if not file.is_file():
                continue
            try:
                merged = _over(merged, tomllib.loads(file.read_text("utf-8")))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
                raise RenderError(f"{file}: {error}", "mend the file at that place") from error
        return merged

    def words(self, language: str) -> Words:
        """Return the words of a language: of `pt-BR` before `pt`, and English for the rest."""
        if language not in self._words:
            tables: dict[str, Any] = {}
            for file in dict.fromkeys((*_files_of(ENGLISH), *_files_of(language))):
                tables = _over(tables, self.table(file))
            self._words[language] = Words(language, tables)
        return self._words[language]

    def speaks(self, language: str) -> bool:
        """Say whether there are words of a language, and not only the English ones."""
        files = _files_of(language)
        return any((folder / file).is_file() for folder in self._folders for file in files)

    def check_words(self, language: str) -> None:
        """Raise RenderError for a saying with a hole that ours has not, and nobody would fill."""
        known = template_set().words(ENGLISH)
        for name, table in self.words(language).tables.items():
            for key, saying in table.items():
                ours = known.tables.get(name, {}).get(key, saying)
                for hole in sorted(holes(saying) - holes(ours)):
                    raise RenderError(
                        f"words/{language}.toml: {name}.{key} has {{{hole}}}, which nobody fills",
                        "templates/email/words/en.toml has the words that are filled in",
                    )

    def _place(self, template: str, error: BaseException) -> str:
        """Return `file:line` of the innermost template that an error came through."""
        if isinstance(error, TemplateSyntaxError):
            return f"{self._named(error.filename or template)}:{error.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if any(Path(frame.filename).is_relative_to(folder) for folder in self._folders):
                return f"{self._named(frame.filename)}:{frame.lineno}"
        return template

    def _named(self, filename: str) -> str:
        ours = self._folders[-1]
        path = Path(filename)
        return path.relative_to(ours).as_posix() if path.is_relative_to(ours) else filename


class _Within(FileSystemLoader):
    """Reads the files of one folder, and none that a link leads out of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._root = folder.resolve()

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source; raises TemplateNotFound."""
        found = super().get_source(environment, template)
        if not Path(found[1]).resolve().is_relative_to(self._root):
            raise TemplateNotFound(template, f"{template} leads out of {self._root}")
        return found


@lru_cache(maxsize=8)
def template_set(own: Path | None = None) -> TemplateSet:
    """Return the templates of a project's folder, each file read once in a process."""
    return TemplateSet(own)


def reread() -> None:
    """Forget every template and design, so that a file saved since is read again."""
    template_set.cache_clear()


def _files_of(language: str) -> tuple[str, str]:
    code = language.lower()
    return f"words/{code.split('-')[0]}.toml", f"words/{code}.toml"


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        merged[key] = (
            _over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
        )
    return merged


def _plain(error: BaseException) -> str:
    if isinstance(error, TemplateNotFound):
        return error.message or f"there is no template {error.name}"
    return str(error) or type(error).__name__
