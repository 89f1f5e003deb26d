"""Include and exclude patterns of a library, as one compiled question.

A pattern without `/` is matched against every component of a path, one with `/`
against the whole path below the root. `*` and `?` stay inside a component, `**` does
not; `[abc]` is a set. Case matters. What matches a directory covers all below it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

Matcher = Callable[[str], bool]
_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^]/]*\]|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matcher(patterns: Sequence[str]) -> Matcher:
    """Return whether a path, relative to the root and unquoted, matches any pattern."""
    return _compiled(tuple(patterns))


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> Matcher:
    whole = re.compile("|".join(map(_translate, patterns)) or r"(?!)", re.DOTALL)
    return lambda path: whole.match(path) is not None


def _translate(pattern: str) -> str:
    anchored = pattern.strip("/")
    body = "".join(_meaning(token) for token in _TOKEN.findall(anchored))
    start = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    return f"(?:{start}{body}(?:/.*)?\\Z)"


def _meaning(token: str) -> str:
    if token in _MEANING:
        return _MEANING[token]
    if len(token) > 1:  # a set
        inverted = token[1] == "!"
        inside = token[1 + inverted : -1].replace("\\", r"\\").replace("[", r"\[")
        return "[" + ("^/" if inverted else "") + inside.replace("^", r"\^") + "]"
    return re.escape(token)
