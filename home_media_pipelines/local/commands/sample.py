"""`home-media sample`: pictures to try home-media with."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json
from home_media_pipelines.sample.library import draw_library


def sample_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other pictures.")] = 7,
    pictures: Annotated[int, typer.Option(min=1, help="About how many.")] = 300,
    json: Json = False,
) -> None:
    """Draw a sample library into an empty directory."""
    with console.progress_bar() as tell:
        drawn = draw_library(
            directory,
            seed=seed,
            pictures=pictures,
            progress=lambda done, total: tell("pictures", done, total),
        )
    if json:
        console.print_json(asdict(drawn))
    else:
        console.out.print(
            f"{drawn.pictures} pictures, {drawn.files} files, "
            f"{drawn.bytes / 1e6:.0f} MB in {drawn.directory}"
        )
