"""Looking at a page as a person would: headless Chromium, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

# Without these Chromium asks its maker's hosts for updates and experiments at every start.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Every element that has words of its own, with its colour and the first ground behind it.
COLOURS = """() => {
  const hex = (c) => '#' + c.match(/\\d+/g).slice(0, 3).map((n) => (+n).toString(16).padStart(2, '0')).join('');
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.getClientRects().length) continue;
    let ground = element;
    while (ground && /, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const behind = ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)';
    found.push([element.textContent.trim().slice(0, 40), hex(getComputedStyle(element).color), hex(behind)]);
  }
  return found;
}"""


@contextmanager
def launched(chromium: Path) -> Iterator[Browser]:
    """Start the Chromium at this path, and close it at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def screenshot(
    browser: Browser,
    page_or_url: Path | str,
    to: Path,
    *,
    width: int = 640,
    scheme: Literal["light", "dark"] = "light",
    pictures: bool = True,
) -> Path:
    """Write a PNG of a whole page, an .html file or a URL, and return its path.

    `width` is the window's in CSS pixels; `pictures=False` blocks every image, as many inboxes do.
    """
    url = page_or_url.resolve().as_uri() if isinstance(page_or_url, Path) else page_or_url
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page = context.new_page()
        if not pictures:
            page.route(
                "**/*",
                lambda route: (
                    route.abort() if route.request.resource_type == "image" else route.continue_()
                ),
            )
        page.goto(url, wait_until="load")
        page.screenshot(path=to, full_page=True)
    finally:
        context.close()
    return to
