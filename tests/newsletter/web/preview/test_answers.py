"""What the preview's addresses answer, and to whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from newsletter.web.preview import create_preview
from tests.newsletter.web.preview.post import BROKEN, POST, desk_for, write

HERE = "http://127.0.0.1"
PATHS = ("/", "/frames/light/x", "/changes", "/preview.css", "/preview.js", "/icon.svg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a post and its picture."""
    Image.new("RGB", (8, 8)).save(tmp_path / "pond.png")
    write(tmp_path)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """Ask the preview of the post for pages, without a socket."""
    desk = desk_for(folder / "index.md")
    with TestClient(create_preview(desk), base_url=HERE) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_whoever_came_by_another_name_sees_nothing(
    client: TestClient, path: str, host: str
) -> None:
    """A page of somebody else's that made its own name lead here (DNS rebinding)."""
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "quiet" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8026", "localhost:8026"])
def test_this_machine_sees_the_page(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_written(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405


def test_our_page_runs_our_script_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("frame", ["light", "dark", "bare"])
def test_the_email_stands_in_a_sandbox(client: TestClient, frame: str) -> None:
    """# S-10: no script, an origin of its own, also when its address is opened by itself."""
    policy = client.get(f"/frames/{frame}/x").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src ")
    assert policy.endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert "script-src" not in policy
    page = client.get("/").text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_pictures_come_from_the_rendering_alone(client: TestClient, folder: Path) -> None:
    html = client.get("/frames/light/x").text
    name = html.partition('src="/pictures/')[2].partition('"')[0]
    answer = client.get(f"/pictures/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    (folder / "secret.png").write_bytes(b"secret")
    for other in ("secret.png", "..%2findex.md", "%2e%2e%2findex.md", "pond.png", name[:-1]):
        assert client.get(f"/pictures/{other}").status_code == 404


def test_the_inbox_without_pictures_is_allowed_none(client: TestClient) -> None:
    policy = client.get("/frames/bare/x").headers["content-security-policy"]
    assert "img-src 'none'" in policy


@pytest.mark.parametrize("path", ["/frames/sepia/x", "/index.md", "/frames/light", "/../x", "/x"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_view_is_the_first_one(client: TestClient) -> None:
    assert 'data-view="desktop" data-proof' in client.get("/?view=%22%3E%3Cscript%3E").text


def test_an_authors_words_are_shown_and_never_run(client: TestClient, folder: Path) -> None:
    write(
        folder,
        POST.replace("A quiet month", "<script>alert(1)</script>") + "\n<script>x()</script>",
    )
    page = client.get("/").text
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(1)" in page


def test_findings_stand_in_the_list_and_at_their_line(client: TestClient, folder: Path) -> None:
    (folder / "pond.png").unlink()
    page = client.get("/?view=source").text
    line = POST.splitlines().index("![The pond](pond.png)") + 1
    assert f'href="/?view=source#line-{line}"' in page
    row = page.partition(f'<li id="line-{line}"')[2].partition("</li>")[0]
    assert "The picture pond.png is not there" in row


def test_a_post_that_breaks_says_so_above_its_last_rendering(
    client: TestClient, folder: Path
) -> None:
    client.get("/")
    write(folder, BROKEN)
    page = client.get("/").text
    assert "this is how it last could" in page
    assert 'href="/?view=source#line-3"' in page
    assert "It did so on Tuesday." in client.get("/frames/light/x").text


def test_a_post_that_was_never_whole_has_no_frame(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path, BROKEN))
    with TestClient(create_preview(desk), base_url=HERE) as client:
        page = client.get("/").text
        assert "cannot be rendered as it stands" in page
        assert "<iframe" not in page
        assert "Not checked yet" in page
        assert 'data-view="source" data-proof' in page
        assert client.get("/frames/light/x").status_code == 404
