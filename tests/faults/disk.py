"""A disk of which the power is cut: what a process wrote, as strace saw it, and what may be left.

Of each file everything is left that was written before its last fsync or fdatasync began, and any
part of what came after: nothing, all, the first writes, some of them, or the last one torn at
sectors. Names made, changed and removed in a folder are its writes, and its own fsync is theirs.
"""

import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NAMES = (
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
)
WRITES = ("openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync")
# Nothing of ours calls these; were it to, this must learn them.
UNKNOWN = ("open", "creat", "writev", "pwritev", "pwritev2", "fallocate", "sendfile", "truncate")
LINE = re.compile(
    r"(?P<pid>\d+) +(?P<at>[\d.]+) (?:<\.\.\. \w+ resumed>(?P<rest>.*)|(?P<call>\w+\(.*))"
)
DONE = re.compile(r"(?P<name>\w+)\((?P<given>.*)\) += (?P<result>[^ ]+).*<(?P<took>[\d.]+)>$")
UNFINISHED = " <unfinished ...>"
SECTORS = (512, 4096)
# Shared by mapping it, and made anew by whoever opens the database first.
SHARED = "-shm"


@dataclass(frozen=True, slots=True)
class Act:
    """One write into a file, or into a folder: what it does to bytes, or to names."""

    begun: float
    ended: float
    place: int = 0
    data: bytes = b""
    size: int | None = None
    name: str = ""
    node: "Node | None" = None


@dataclass(eq=False)
class Node:
    """A file, or a folder: what was done to it, and when it was forced to the disk."""

    is_folder: bool = False
    acts: list[Act] = field(default_factory=list)
    flushes: list[tuple[float, float]] = field(default_factory=list)
    names: dict[str, "Node"] = field(default_factory=dict)
    length: int = 0

    def put(self, begun: float, ended: float, name: str, node: "Node | None") -> None:
        """Note that a name stands for a node from now on, or for nothing."""
        self.acts.append(Act(begun, ended, name=name, node=node))
        if node is None:
            self.names.pop(name, None)
        else:
            self.names[name] = node

    def write(self, begun: float, ended: float, place: int, data: bytes) -> None:
        """Note bytes."""
        self.acts.append(Act(begun, ended, place, data))
        self.length = max(self.length, place + len(data))

    def resize(self, begun: float, ended: float, size: int) -> None:
        """Note a new length."""
        self.acts.append(Act(begun, ended, size=size))
        self.length = size

    def left(self, at: float, keep: Callable[[Sequence[Act]], list[Act]]) -> list[Act]:
        """Return what is left of all acts when the power is cut."""
        safe = max((begun for begun, ended in self.flushes if ended <= at), default=-1.0)
        loose = [act for act in self.acts if act.ended > safe and act.begun <= at]
        return [act for act in self.acts if act.ended <= safe] + keep(loose)


@dataclass
class Loss:
    """How much of what is not safe is lost: `nothing`, `all`, or by chance of each file anew."""

    how: str
    chance: random.Random

    def __call__(self, loose: Sequence[Act]) -> list[Act]:
        """Return what is left."""
        how = self.how
        if how == "chance":
            how = self.chance.choice(("nothing", "all", "the end", "some", "a part"))
        if how == "nothing":
            return list(loose)
        if how == "all" or not loose:
            return []
        if how == "the end":
            return list(loose[: self.chance.randrange(len(loose))])
        if how == "some":
            return [act for act in loose if self.chance.random() < 0.5]
        return [*loose[:-1], *self._torn(loose[-1])]

    def _torn(self, act: Act) -> Iterator[Act]:
        size = self.chance.choice(SECTORS)
        edges = range(-(act.place % size), len(act.data), size)
        for edge in edges:
            piece = act.data[max(edge, 0) : edge + size]
            if self.chance.random() < 0.5:
                yield Act(act.begun, act.ended, act.place + max(edge, 0), piece)


class Disk:
    """One folder and all below it, and what was done to it while it was watched."""

    def __init__(self, root: Path) -> None:
        """Take the folder as it is now: all of it is safe."""
        self.root = root
        # When each line was told that was written to this file, which is no part of the disk.
        self.told: list[tuple[float, str]] = []
        self.moments: list[float] = []
        self._top = _seen(root)
        self._open: dict[int, tuple[int, bool]] = {}

    def read(self, trace: Path, answers: Path) -> None:
        """Take in what strace saw; what was written to `answers` is what was told outside."""
        begun: dict[str, tuple[float, str]] = {}
        for line in trace.read_text("ascii").splitlines():
            found = LINE.match(line)
            if found is None:
                continue
            pid, at = found["pid"], float(found["at"])
            start, call = begun.pop(pid) if found["call"] is None else (at, "")
            call += found["rest"] or found["call"] or ""
            if call.endswith(UNFINISHED):
                begun[pid] = at, call.removesuffix(UNFINISHED)
                continue
            done = DONE.match(call)
            assert done, line[:200]
            ended = at if found["call"] is None else at + float(done["took"])
            self._take(start, ended, done, answers)

    def _take(self, begun: float, ended: float, done: re.Match[str], answers: Path) -> None:
        name, result = done["name"], done["result"]
        given = done["given"].split(", ")
        # What has no name any more, nobody finds after a power cut.
        if result.startswith(("-1", "?")) or given[0].endswith("(deleted)"):
            return
        if name in NAMES:
            self._rename(begun, ended, name, given)
        elif name == "openat":
            self._opened(begun, ended, given, int(result.partition("<")[0]))
        else:
            path, data = _path(given[0]), given[1:]
            if path == answers:
                self.told.append((begun, _bytes(data[0]).decode()))
            elif (node := self._at(path)) is not None:
                assert name in WRITES, name
                self.moments.append(begun)
                self._change(begun, ended, name, node, int(given[0].partition("<")[0]), data)

    def _change(
        self, begun: float, ended: float, name: str, node: Node, handle: int, data: list[str]
    ) -> None:
        if name in ("fsync", "fdatasync"):
            node.flushes.append((begun, ended))
        elif name == "ftruncate":
            node.resize(begun, ended, int(data[0]))
        elif name == "pwrite64":
            node.write(begun, ended, int(data[2]), _bytes(data[0]))
        else:
            place, is_appended = self._open[handle]
            what = _bytes(data[0])
            place = node.length if is_appended else place
            node.write(begun, ended, place, what)
            self._open[handle] = place + len(what), is_appended

    def _opened(self, begun: float, ended: float, given: list[str], handle: int) -> None:
        path, flags = _path(given[0]) / _name(given[1]), given[2].split("|")
        self._open[handle] = 0, "O_APPEND" in flags
        folder = self._at(path.parent)
        if folder is None:
            return
        if "O_CREAT" in flags and path.name not in folder.names:
            folder.put(begun, ended, path.name, Node())
        elif "O_TRUNC" in flags and folder.names[path.name].length:
            folder.names[path.name].resize(begun, ended, 0)

    def _rename(self, begun: float, ended: float, name: str, given: list[str]) -> None:
        paths = list(_paths(given))
        folders = [self._at(path.parent) for path in paths]
        if folders[0] is None:
            return
        self.moments.append(begun)
        if name.startswith("mkdir"):
            return folders[0].put(begun, ended, paths[0].name, Node(is_folder=True))
        node = folders[0].names[paths[0].name]
        if name.startswith(("rename", "link")):
            assert folders[1]
            folders[1].put(begun, ended, paths[1].name, node)
        if name.startswith(("rename", "unlink")):
            folders[0].put(begun, ended, paths[0].name, None)
        return None

    def _at(self, path: Path) -> Node | None:
        """Return what a path stands for, None for what is no part of this disk."""
        node: Node | None = self._top
        if not path.is_relative_to(self.root):
            return None
        for name in path.relative_to(self.root).parts:
            node = node.names.get(name) if node else None
        return node

    def cut(self, at: float, loss: Loss, into: Path) -> None:
        """Write what is left when the power is cut at a moment, into a folder that is made."""
        _restore(self._top, at, loss, into)


def watch(strace: Path, pid: int, trace: Path) -> "subprocess.Popen[str]":
    """Attach strace to a process, whose writes it will tell in a file."""
    calls = ",".join((*WRITES, *NAMES, *UNKNOWN))
    tracer = subprocess.Popen(
        (
            *(str(strace), "-f", "-ttt", "-T", "-y", "-xx", "-s", "100000000"),
            *("-e", f"trace={calls}", "-e", "signal=none", "-o", str(trace), "-p", str(pid)),
        ),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr
    assert "attached" in tracer.stderr.readline()
    return tracer


def _seen(path: Path) -> Node:
    """Return a file or a folder as it is."""
    if path.is_dir():
        folder = Node(is_folder=True, flushes=[(0, 0)])
        for below in sorted(path.iterdir()):
            folder.put(-1, -1, below.name, _seen(below))
        return folder
    node = Node(flushes=[(0, 0)])
    node.write(-1, -1, 0, path.read_bytes())
    return node


def _restore(node: Node, at: float, loss: Loss, path: Path) -> None:
    acts = node.left(at, loss)
    if node.is_folder:
        path.mkdir(mode=0o700)
        names: dict[str, Node | None] = {}
        for act in acts:
            names[act.name] = act.node
        for name, below in names.items():
            if below is not None and not name.endswith(SHARED):
                _restore(below, at, loss, path / name)
        return
    held = bytearray()
    for act in acts:
        if act.size is not None:
            held[act.size :] = bytes(max(act.size - len(held), 0))
            continue
        held.extend(bytes(max(act.place - len(held), 0)))
        held[act.place : act.place + len(act.data)] = act.data
    path.write_bytes(held)
    path.chmod(0o600)


def _bytes(word: str) -> bytes:
    assert word.startswith('"')
    assert word.endswith('"'), "a string that was cut off"
    return bytes.fromhex(word[1:-1].replace("\\x", ""))


def _name(word: str) -> str:
    return _bytes(word).decode()


def _path(word: str) -> Path:
    """Return the path behind a number or AT_FDCWD: `7<\\x2f\\x74>`."""
    inside = word.partition("<")[2].rpartition(">")[0]
    return Path(bytes.fromhex(inside.replace("\\x", "")).decode())


def _paths(given: Sequence[str]) -> Iterator[Path]:
    """Yield each path that a call names, relative ones below the folder that stands before them."""
    folder = Path()
    for word in given:
        if word.startswith('"'):
            yield folder / _name(word)
        elif "<" in word:
            folder = _path(word)
