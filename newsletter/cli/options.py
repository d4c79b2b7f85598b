"""The options that several commands have, said once."""

from pathlib import Path
from typing import Annotated

import typer

ListName = Annotated[str, typer.Option("--list", help="The list; implied when there is one.")]
IssueName = Annotated[str, typer.Argument(metavar="ISSUE", help="Its key, or LIST/KEY.")]
Post = Annotated[Path, typer.Argument(metavar="POST", help="The post's file or folder.")]
DialectName = Annotated[
    str, typer.Option("--dialect", help="The post's generator, where it cannot be told.")
]
Fit = Annotated[bool, typer.Option("--fit", help="Leave what Gmail would cut to be read online.")]
What = Annotated[str, typer.Argument(metavar="POST|ISSUE", help="A post, or an issue's key.")]
Subject = Annotated[str, typer.Option("--subject", help="Instead of the post's title.")]
Preheader = Annotated[str, typer.Option("--preheader", help="Instead of the description.")]
Note = Annotated[Path | None, typer.Option("--note", help="A note above, for subscribers only.")]
Key = Annotated[str, typer.Option("--key", help="The issue's key, instead of the slug.")]
Allow = Annotated[
    list[str] | None, typer.Option("--allow", metavar="CODE", help="In spite of this finding.")
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Without a test before.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
