"""Writes `docs/metadata.md`: which tag, and which file, counts for which value."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from home_media_pipelines.core.exposures import precedence
from home_media_pipelines.core.metadata import date_sources, sources

PAGE = Path(__file__).parents[1] / "docs" / "metadata.md"

_HEAD = """# Where values come from

Written by `script/docs` from the tables that the code reads
(`core/metadata/sources.py`, `core/metadata/date_sources.py`,
`core/exposures/precedence.py`). Each list is in the order in which its entries count;
what is blank or cannot be believed falls to the next, and table `exif` keeps why
(`refused`).

"""
_DATE_RULES = """
After these come the date in the file's name, the file's *modified* dates, and the time
of the file. With them go three rules (`core/exposures/dating.py`):

- A sidecar in UTC never beats a time of the file's own that has a zone.
- Who says the same moment more exactly (finer, with its zone, or in local time where
  the other has UTC) stands for the one who counts.
- What only a video's clock or a file system says in UTC becomes local: by the zone at
  the place, else by `HOME_MEDIA_TIMEZONE`. The source then says `inferred`.
"""


def page() -> str:
    """Return the page as it should be."""
    return _HEAD + "".join(
        [
            *_tags(),
            *_dates(),
            *_speakers(),
        ]
    )


def _tags() -> Iterator[str]:
    yield "## Tags of one file\n\n| field | tags |\n|---|---|\n"
    for field, found in sources.FIELDS.items():
        yield f"| {field} | {_list(_key(it.groups, it.tag) for it in found)} |\n"
    sizes = (_key(groups, across) for groups, across, _ in sources.SIZES)
    yield f"| width, height | {_list(sizes)} |\n"
    for field, table in (("keywords", sources.WORDS), ("keyword_paths", sources.PATHS)):
        yield f"| {field} | {_list(_key(groups, tag) for groups, tag, _ in table)} |\n"


def _dates() -> Iterator[str]:
    yield "\n## Dates of one file\n\n| meaning | tags |\n|---|---|\n"
    names = ("original", "digitised", "gps", "modified")
    for name, found in zip(names, date_sources.MEANINGS, strict=True):
        keys = (f"{_key(it.groups, it.tag)} ({it.way})" for it in found)
        yield f"| {name} | {_list(keys)} |\n"
    yield "\nOf one meaning, a date with a time counts before one without.\n"


def _speakers() -> Iterator[str]:
    yield "\n## Files of one image\n\n"
    yield f"{(precedence.__doc__ or '').partition(chr(10))[2].strip()}\n\n"
    yield "| field | who counts |\n|---|---|\n"
    for fields, speakers in precedence.FIELDS.items():
        yield f"| {', '.join(fields)} | {', '.join(speakers)} |\n"
    for speakers, ways in precedence.DATES:
        order = [it for it in (*date_sources.WAYS, "takeout") if it in ways]
        yield f"| taken_at: {', '.join(order)} | {', '.join(speakers)} |\n"
    yield _DATE_RULES


def _key(groups: tuple[str, ...], tag: str) -> str:
    return f"`{tag}` in {'/'.join(groups)}"


def _list(items: Iterable[str]) -> str:
    return "; ".join(items)
