"""The one place where the parts meet: `build(settings)`."""

from newsletter.app.house import App, build

__all__ = ["App", "build"]
