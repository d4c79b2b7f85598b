"""The real parts that some tests use: what each is, how it is found, how it is got.

Standard library only: `make test-parts` runs this file before there is an environment.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Programs of packages that would start a server when installed are unpacked here instead.
UNPACKED = ROOT / ".parts"


@dataclass(frozen=True, slots=True)
class Part:
    """One real part: the programs tests call, and what brings them.

    That is Debian's packages, a lock of PyPI's with hashes (from the root of the checkout), or a
    folder that holds npm's `package.json` and `package-lock.json`.
    """

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...] = ()
    # Unpacked into .parts/ and not installed: nobody who runs tests asked for a mail server or for
    # a database that starts with the machine.
    unpack: bool = False
    # Its packages lie in one tree, and run only in a room that lays it over the machine's files.
    roomed: bool = False
    pypi: str = ""
    npm: str = ""

    def find(self) -> Mapping[str, Path] | None:
        """Return where each program lies, by name, or None when one of them is missing or old."""
        if self.npm and not _is_of_the_lock(self):
            return None
        found = {program: _which(program, self.own) for program in self.programs}
        whole = {program: path for program, path in found.items() if path is not None}
        return whole if len(whole) == len(found) else None

    @property
    def own(self) -> Path | None:
        """The folder in which its programs lie and no others are looked for; None: the system's."""
        if self.roomed:
            return UNPACKED / self.packages[0] / "usr" / "sbin"
        if self.pypi:
            return UNPACKED / self.name / "bin"
        return UNPACKED / self.name / "node_modules" / ".bin" if self.npm else None

    @property
    def how(self) -> str:
        """One line that says how to get it."""
        if self.pypi or self.npm:
            return f"make test-parts ({'PyPI' if self.pypi else 'npm'}: {self.pypi or self.npm})"
        packages = " ".join(self.packages)
        return f"make test-parts (Debian: {'unpacks' if self.unpack else 'installs'} {packages})"


PARTS = {
    part.name: part
    for part in (
        Part("postgresql", ("initdb", "postgres"), ("postgresql",), unpack=True),
        Part("pgbouncer", ("pgbouncer",), ("pgbouncer",), unpack=True),
        Part("chromium", ("chromium",), ("chromium", "fonts-dejavu-core")),
        Part("smtp-sink", ("smtp-sink", "smtp-source"), ("postfix",), unpack=True),
        Part("postfix", ("postfix",), ("postfix",), unpack=True, roomed=True),
        Part("exim", ("exim4",), ("exim4-daemon-light", "exim4-base"), unpack=True, roomed=True),
        Part("opensmtpd", ("smtpd",), ("opensmtpd",), unpack=True, roomed=True),
        Part(
            "dovecot",
            ("dovecot",),
            ("dovecot-core", "dovecot-imapd", "dovecot-lmtpd"),
            unpack=True,
            roomed=True,
        ),
        Part("opendkim", ("opendkim",), ("opendkim",), unpack=True),
        Part("strace", ("strace",), ("strace",)),
        Part("spamassassin", ("spamassassin",), ("spamassassin",)),
        Part("node", ("node", "npm"), ("nodejs", "npm")),
        Part("hugo", ("hugo",), ("hugo",)),
        Part("jekyll", ("jekyll",), ("jekyll",)),
        Part("pelican", ("pelican",), pypi="tests/generators/pelican.lock"),
        Part("nikola", ("nikola",), pypi="tests/generators/nikola.lock"),
        Part("mkdocs", ("mkdocs",), pypi="tests/generators/mkdocs.lock"),
        Part("eleventy", ("eleventy",), npm="tests/generators/eleventy"),
        Part("meters", ("html-validate",), npm="tests/meters"),
    )
}


def find(name: str) -> Mapping[str, Path] | None:
    """Return the programs of the part called `name`, or None. Raises KeyError for another name."""
    return PARTS[name].find()


def _which(program: str, own: Path | None) -> Path | None:
    if own is not None:
        path = own / program
        return path if path.is_file() else None
    # Debian keeps PostgreSQL's servers out of PATH, one folder a version: the newest wins.
    servers = sorted(
        [
            *Path("/usr/lib/postgresql").glob("*/bin"),
            *UNPACKED.glob("postgresql/usr/lib/postgresql/*/bin"),
        ],
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    daemons = (UNPACKED / name / "usr" / "sbin" for name in ("opendkim", "pgbouncer"))
    unpacked = (UNPACKED / "bin", *daemons)
    folders = [*servers, *unpacked, *map(Path, os.get_exec_path()), Path("/usr/sbin")]
    found = shutil.which(program, path=os.pathsep.join(map(str, folders)))
    return Path(found) if found else None


def install() -> int:
    """Get every part that is missing, with Debian's own tools; return an exit code."""
    missing = [part for part in PARTS.values() if part.find() is None]
    told = _install_from_debian([part for part in missing if part.packages])
    if told:
        return told
    for part in missing:
        if part.pypi:
            _install_from_pypi(part)
        elif part.npm:
            _install_from_npm(part)
    for part in PARTS.values():
        found = part.find()
        print(f"{part.name:13} {', '.join(map(str, found.values())) if found else 'missing'}")
    left = [part.name for part in missing if part.find() is None]
    return _refuse(f"nothing brought {', '.join(left)}") if left else 0


def _install_from_debian(missing: Sequence[Part]) -> int:
    if not missing:
        return 0
    if not shutil.which("apt-get"):
        return _refuse(
            f"only Debian's apt-get is known here; {', '.join(part.name for part in missing)}"
            " must come from your system's packages"
        )
    may_install = os.geteuid() == 0 or shutil.which("sudo") is not None
    if may_install:
        _root("apt-get", "update", "-qq")
    wanted = [name for part in missing for name in _wanted(part) if not _is_installed(name)]
    if wanted and not may_install:
        return _refuse(
            "this needs root, or sudo",
            f"apt-get install --no-install-recommends {' '.join(wanted)}",
        )
    if wanted:
        _root("apt-get", "install", "--yes", "-qq", "--no-install-recommends", *wanted)
    for part in missing:
        if part.unpack:
            _unpack(part)
    return 0


def _install_from_pypi(part: Part) -> None:
    """Fill an environment of the part's own: what a generator needs is no business of ours."""
    folder = UNPACKED / part.name
    _run(sys.executable, "-m", "venv", "--clear", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    _run(*pip, "install", "--quiet", "--require-hashes", "-r", str(ROOT / part.pypi))


def _is_of_the_lock(part: Part) -> bool:
    installed = UNPACKED / part.name / "package-lock.json"
    wanted = ROOT / part.npm / "package-lock.json"
    return installed.is_file() and installed.read_bytes() == wanted.read_bytes()


def _install_from_npm(part: Part) -> None:
    folder = UNPACKED / part.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / part.npm / name, folder)
    _run("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)


def _refuse(why: str, mend: str = "") -> int:
    print(f"test-parts: {why}.", file=sys.stderr)
    if mend:
        print(f"Mend: {mend}", file=sys.stderr)
    return 1


def _wanted(part: Part) -> Sequence[str]:
    """Return the packages to install: the part's own, or the libraries of one that is unpacked."""
    if not part.unpack:
        return part.packages
    return [
        name
        for package in part.packages
        for name in _depends(_newest(package))
        if name.startswith("lib") or name == "tzdata"
    ]


def _is_installed(package: str) -> bool:
    told = subprocess.run(
        ("dpkg-query", "--show", "--showformat=${db:Status-Status}", package),
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    return told == "installed"


def _unpack(part: Part) -> None:
    """Fetch the part's packages and unpack them under .parts/, which takes no root."""
    target = UNPACKED / part.packages[0]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    _run("apt-get", "download", "-qq", *map(_newest, part.packages), folder=target)
    for archive in target.glob("*.deb"):
        _run("dpkg", "-x", str(archive), str(target))
        archive.unlink()
    _wrap(part, target)


def _newest(package: str) -> str:
    """Follow a package that is only a name, as `postgresql` is for `postgresql-15`."""
    versioned = [name for name in _depends(package) if name.startswith(f"{package}-")]
    return versioned[0] if versioned and versioned[0][len(package) + 1 :].isdigit() else package


def _depends(package: str) -> list[str]:
    told = subprocess.run(
        ("apt-cache", "depends", package), check=True, capture_output=True, text=True
    ).stdout
    return [
        line.split()[-1]
        for line in told.splitlines()
        if line.lstrip(" |").startswith("Depends:") and "<" not in line
    ]


def _wrap(part: Part, target: Path) -> None:
    """Write a starter for each program whose own libraries lie in a folder of its own."""
    libraries = target / "usr" / "lib" / part.packages[0]
    if not any(libraries.glob("*.so")):
        return
    (UNPACKED / "bin").mkdir(exist_ok=True)
    for program in part.programs:
        (real,) = target.glob(f"usr/*bin/{program}")
        starter = UNPACKED / "bin" / program
        starter.write_text(
            "#!/bin/sh\n"
            'parts=$(dirname "$(dirname "$(readlink -f "$0")")")\n'
            f'LD_LIBRARY_PATH="$parts/{libraries.relative_to(UNPACKED)}" '
            f'exec "$parts/{real.relative_to(UNPACKED)}" "$@"\n'
        )
        starter.chmod(0o755)


def _root(*command: str) -> None:
    sudo = () if os.geteuid() == 0 else ("sudo",)
    _run(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", *command)


def _run(*command: str, folder: Path | None = None) -> None:
    print("+", *command, flush=True)
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if sys.argv[1:] != ["install"]:
        sys.exit("usage: python tests/parts.py install")
    try:
        sys.exit(install())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd)} ended with {error.returncode}")
