"""The links that answered lately."""

from pathlib import Path

import pytest

from newsletter.preflight.memory import DAY, MOST, default_memory, recall, remember

NOW = 1_800_000_000.0


def test_an_answer_is_remembered_for_a_day(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "links.json"
    remember(file, {"https://a.example/": NOW})
    assert recall(file, NOW + DAY - 1) == {"https://a.example/": NOW}
    assert recall(file, NOW + DAY) == {}


def test_a_clock_that_went_back_asks_again(tmp_path: Path) -> None:
    remember(tmp_path / "links.json", {"https://a.example/": NOW})
    assert recall(tmp_path / "links.json", NOW - 1) == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2]", b'{"https://a.example/": "now"}', b"\xff\xfe", b"[" * 100_000]
)  # fmt: skip
def test_a_broken_file_remembers_nothing_and_is_written_anew(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "links.json"
    file.write_bytes(content)
    assert recall(file, NOW) == {}
    remember(file, {"https://a.example/": NOW})
    assert recall(file, NOW) == {"https://a.example/": NOW}


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "links.json"
    remember(file, {f"https://a.example/{number}": NOW - number for number in range(MOST + 10)})
    kept = recall(file, NOW)
    assert len(kept) == MOST
    assert "https://a.example/0" in kept


def test_a_place_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    remember(tmp_path / "cache" / "links.json", {"https://a.example/": NOW})


def test_it_lies_in_the_users_cache(tmp_path: Path) -> None:
    assert default_memory({}, tmp_path) == tmp_path / ".cache" / "newsletter" / "links.json"
    found = default_memory({"XDG_CACHE_HOME": "/var/cache/me"}, tmp_path)
    assert found == Path("/var/cache/me/newsletter/links.json")
    assert default_memory({"XDG_CACHE_HOME": "here"}, tmp_path).is_relative_to(tmp_path)
