"""The question a person asks of all images, and what each word of it means.

A word is one field: its type and description make the parameter of the routes, its
condition the clause of the statements. A condition is about `i`, a row of
`gallery.images`, and takes its value by the field's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, get_type_hints

from fastapi import Query
from psycopg.sql import SQL

from home_media_api.schemas.values import FolderKey, Kind, LibraryName, TaxonPath, Text


@dataclass(frozen=True, slots=True)
class Question:
    """Which images are meant; null means any.

    For `{fence}` and `{below}` in conditions see `statement`.
    """

    q: Annotated[
        Text | None,
        Query(
            description="words, or their beginnings, in name, title or keywords",
            examples=["beach dog"],
        ),
        SQL(
            """
            (numnode(gallery.prefix_query(%(q)s)) = 0
             or i.search @@ gallery.prefix_query(%(q)s))
            """
        ),
    ] = None
    since: Annotated[
        date | None,
        Query(alias="from", description="first local day", examples=["2024-07-01"]),
        SQL("i.taken_at >= %(since)s::date"),
    ] = None
    until: Annotated[
        date | None,
        Query(alias="to", description="last local day", examples=["2024-07-31"]),
        SQL("i.taken_at < %(until)s::date + 1"),
    ] = None
    folder: Annotated[
        FolderKey | None,
        Query(
            description="a folder and everything below it",
            examples=["photos/2024/beach"],
        ),
        # the key of a library's root ends in /., and 0 comes after the slash
        SQL(
            r"""
            (i.folder = %(folder)s
             or i.folder >= regexp_replace(%(folder)s, '/\.$', '') || '/'
                and i.folder < regexp_replace(%(folder)s, '/\.$', '') || '0')
            """
        ),
    ] = None
    library: Annotated[
        LibraryName | None,
        Query(),
        # keys of folders begin with it
        SQL("(i.folder >= %(library)s || '/' and i.folder < %(library)s || '0')"),
    ] = None
    camera: Annotated[
        Text | None,
        Query(
            description="make and model, as `/facets` lists it",
            examples=["Canon EOS R5"],
        ),
        SQL("i.camera = %(camera)s"),
    ] = None
    lens: Annotated[
        Text | None,
        Query(description="as `/facets` lists it"),
        SQL("i.lens = %(lens)s"),
    ] = None
    kind: Annotated[Kind | None, Query(), SQL("i.kind = %(kind)s")] = None
    has_gps: Annotated[
        bool | None,
        Query(description="has a place on earth"),
        SQL("i.has_gps = %(has_gps)s"),
    ] = None
    rating: Annotated[
        int | None,
        Query(ge=-1, le=5, description="at least"),
        SQL("i.rating >= %(rating)s"),
    ] = None
    taxon: Annotated[
        TaxonPath | None,
        Query(description="it or anything below it"),
        SQL(
            """
            exists (select from gallery.taxonomy_links l
                     where l.image_id = i.image_id and {below} {fence})
            """
        ),
    ] = None
    label: Annotated[
        Text | None,
        Query(description="of a detection, as `/labels` lists it"),
        SQL(
            """
            exists (select from gallery.content_labels d
                     where d.content_id = i.content_id and d.label = %(label)s {fence})
            """
        ),
    ] = None

    def asked(self) -> dict[str, Any]:
        """What is asked, by field: the parameters of its conditions."""
        values = {word.name: getattr(self, word.name) for word in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def _condition(annotated: Any) -> SQL:
    (condition,) = (it for it in annotated.__metadata__ if isinstance(it, SQL))
    return condition


CONDITIONS: Mapping[str, SQL] = {
    name: _condition(annotated)
    for name, annotated in get_type_hints(Question, include_extras=True).items()
}
"""What each field means."""
