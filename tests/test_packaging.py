"""The wheel, the sdist and the editable install: what they hold, and that they work elsewhere."""

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.parts import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MOST_DEPENDENCIES = 25
# Used without an import of ours: FastAPI reads forms with the one, zoneinfo its files from the other.
BEHIND = {"python-multipart", "tzdata"}
# Named in the public interface of a dependency of ours, which therefore chooses its version.
WITHIN = {
    "markupsafe": "jinja2",
    "psycopg-pool": "psycopg",
    "python-http-client": "sendgrid",
    "starlette": "fastapi",
}

RESOURCES = """
from newsletter.resources import resource
for folder in ("templates", "alembic"):
    found = resource(folder)
    print(found)
    assert any(found.iterdir()), found
"""


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        # Whoever runs the tests may have pip look elsewhere; here it has no business with any index.
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of what git would clone, so that nothing is built inside the real one."""
    copy = tmp_path_factory.mktemp("packaging") / "checkout"
    listed = run(
        *("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), folder=ROOT
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that holds an sdist, and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, folder=checkout)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Give a Python environment that sees our dependencies, and nothing of this checkout."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", folder=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", ask, folder=tmp_path).strip())
    # A folder that a .pth file names is not searched for .pth files, and so not for ours.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return tmp_path


def install(elsewhere: Path, *what: str | Path) -> None:
    run(
        *(sys.executable, "-m", "pip", "--python", elsewhere / "env" / "bin" / "python"),
        *("install", "--quiet", "--no-deps", "--no-build-isolation", "--ignore-installed"),
        *what,
        folder=elsewhere,
    )


def test_the_wheel_works_outside_the_checkout(built: Path, elsewhere: Path) -> None:
    (wheel,) = built.glob("*.whl")
    install(elsewhere, wheel)
    # Where packages are installed the library of that name is a neighbour, and no resource.
    for site in elsewhere.glob("env/lib/python*/site-packages"):
        (site / "alembic").mkdir()
        (site / "alembic" / "env.py").touch()
    binaries = elsewhere / "env" / "bin"
    assert "Usage: newsletter" in run(binaries / "newsletter", "--help", folder=elsewhere)
    for line in run(binaries / "python", "-c", RESOURCES, folder=elsewhere).splitlines():
        assert Path(line).is_relative_to(elsewhere)
        assert Path(line).parent.name == "newsletter"


def test_an_editable_install_reads_what_stands_beside_the_source(
    checkout: Path, elsewhere: Path
) -> None:
    install(elsewhere, "--editable", checkout)
    new = checkout / "templates" / "written-after-the-install"
    new.touch()
    binaries = elsewhere / "env" / "bin"
    assert "Usage: newsletter" in run(binaries / "newsletter", "--help", folder=elsewhere)
    found = run(
        binaries / "python",
        "-c",
        f"from newsletter.resources import resource; print(resource('templates', {new.name!r}))",
        folder=elsewhere,
    )
    new.unlink()
    assert Path(found.strip()) == new


def test_the_wheel_holds_two_packages_and_leaves_alembic_to_its_library(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "newsletter",
        "subscribers",
    }
    for expected in ("newsletter/py.typed", "subscribers/py.typed", "newsletter/migrations/env.py"):
        assert expected in names
    assert any(name.startswith("newsletter/templates/email/") for name in names)


def test_the_sdist_holds_every_file_of_the_repository(built: Path, checkout: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    # What belongs to the workshop and not to the work.
    private = {".ci", ".pre-commit-config.yaml"}
    listed = {
        str(path.relative_to(checkout))
        for path in checkout.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in listed - names if name.split("/")[0] not in private} == set()


def imports() -> Iterator[str]:
    for folder in ("newsletter", "subscribers", "alembic"):
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module.split(".")[0]


def direct_dependencies() -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}


def test_every_dependency_is_used_and_every_import_is_a_dependency() -> None:
    owners = packages_distributions()
    used = {canonicalize_name(owner) for name in imports() for owner in owners.get(name, ())}
    optional = {
        canonicalize_name(Requirement(line).name)
        for extra, lines in PROJECT["optional-dependencies"].items()
        for line in lines
        if extra != "dev"
    }
    used = {canonicalize_name(WITHIN.get(name, name)) for name in used}
    assert used - optional - {"broadsheet"} == direct_dependencies() - BEHIND


def test_there_are_few_dependencies() -> None:
    assert len(PROJECT["dependencies"]) <= MOST_DEPENDENCIES


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_place_and_hashes_every_release(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "/" not in text
    releases = text.replace("\\\n", "").splitlines()
    assert releases
    assert all("==" in release and "--hash=sha256:" in release for release in releases)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = [Requirement(line) for line in PROJECT["dependencies"]]
    tools = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
    runtime, everything = locked("requirements.lock"), locked("requirements-dev.lock")
    assert all(one.specifier.contains(runtime[canonicalize_name(one.name)]) for one in asked)
    assert all(
        one.specifier.contains(everything[canonicalize_name(one.name)]) for one in asked + tools
    )
    assert runtime.items() <= everything.items()


def locked(lock: str) -> dict[str, Version]:
    found = {}
    for line in (ROOT / lock).read_text().splitlines():
        name, equal, rest = line.partition("==")
        if equal:
            found[str(canonicalize_name(name))] = Version(rest.split()[0])
    return found
