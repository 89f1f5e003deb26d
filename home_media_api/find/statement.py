"""The one composer: a statement with the conditions that were asked, and no others.

So the planner sees the real question. It knows its values too, as statements are
planned each time they are asked (see `deps`).
"""

from typing import Any, LiteralString

from psycopg.sql import SQL, Composable, Composed, Placeholder

from home_media_api.find.question import CONDITIONS, Question

IMAGE = SQL(
    """
    i.image_id, i.content_id, i.kind, i.duration, coalesce(i.ratio, 1.5) as ratio,
    encode(i.thumbhash, 'base64') as thumbhash,
    to_char(i.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at
    """
)
"""What a grid needs of an image."""

_FENCE, _NO_FENCE = SQL("offset 0"), SQL("")


def conditions(question: Question, *, probed: bool = False) -> Composable:
    """All that is asked of `i`, a row of `gallery.images`.

    Conditions that look into another table either lead to the images or are probed for
    each image; the planner chooses. `probed` leaves it no choice: it is for statements
    that come to few images by another way, which the planner cannot always know.
    """
    fence = _FENCE if probed else _NO_FENCE
    met = [
        CONDITIONS[word].format(fence=fence, below=below("taxon"))
        for word in question.asked()
    ]
    return SQL(" and ").join(met) if met else SQL("true")


def below(parameter: str) -> Composed:
    """That a link, `l`, is to a taxon or to anything below it.

    They are a stretch of the index: 0 is the first letter that a label may have.
    """
    return SQL(
        "(l.taxon >= {0}::text::ltree and l.taxon < ({0}::text || '0')::ltree)"
    ).format(Placeholder(parameter))


def compose(
    template: LiteralString,
    question: Question,
    *,
    probed: bool = False,
    **parts: Composable,
) -> Composed:
    """A statement from its template: `{conditions}`, `{image}` and other parts."""
    return SQL(template).format(
        conditions=conditions(question, probed=probed), image=IMAGE, **parts
    )


def having(question: Question, **values: Any) -> dict[str, Any]:
    """The parameters of a statement: those of the question, and others."""
    return {**question.asked(), **values}
