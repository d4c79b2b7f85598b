"""The admin's pages: for who signs in; not there until an admin is made."""

from newsletter.web.admin import home, segment, signing_in
from newsletter.web.admin.guard import is_shut

ROUTERS = (signing_in.router, home.router, segment.router)

__all__ = ["ROUTERS", "is_shut"]
