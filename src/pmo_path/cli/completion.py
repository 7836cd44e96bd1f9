"""What a shell offers for a word that is being typed: ids of the framework, and codes.

A command line is no place for an error: when the framework cannot be used, nothing is offered.
Shells evaluate what they are offered, so an id is offered only where it can be typed as it is,
and of what is said beside it only plain text is left.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import typer  # noqa: TC002  it reads annotations while running

from pmo_path.cli.input import given_framework
from pmo_path.domain.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework

    Offer = tuple[str, str]
    """What completes the word, and what it is."""

ASKED = "_PMO_PATH_COMPLETE"
"""The environment variable by which a shell asks."""
_WORDS, _CURSOR = "COMP_WORDS", "COMP_CWORD"
OPTIONS = ("--install-completion", "--show-completion")
_NO_LOOKING = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"
MAX_HELP = 80
_TYPED = frozenset("_-.,+@/:")
# zsh evaluates help twice, and Typer reads it as markup of Rich's.
_PLAIN = str.maketrans(
    {"'": "\u2019", "`": "\u2019", '"': "\u201d", "[": "(", "]": ")", "\\": " ", "$": " "}
)


def roles(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of roles, with their names."""
    with suppress(Exception):
        return _offers(_roles(_framework(ctx)), incomplete)
    return []


def things(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of all that `show` knows, with their names and kinds."""
    with suppress(Exception):
        return _offers(_things(_framework(ctx)), incomplete)
    return []


def codes(incomplete: str) -> list[tuple[str, str]]:
    """Codes of diagnostics, in small letters where the word is, with what they are about."""
    with suppress(Exception):
        return _offers(_codes(is_small=incomplete.islower()), incomplete)
    return []


def _framework(ctx: typer.Context) -> Framework:
    """The framework that the words before this one name; a shell has not expanded them yet."""
    path: Path | None = ctx.params.get("framework")
    return given_framework(None if path is None else path.expanduser())


def _roles(framework: Framework) -> Iterator[Offer]:
    for key, role in framework.roles.items():
        yield key, role.name


def _things(framework: Framework) -> Iterator[Offer]:
    for key, role in framework.roles.items():
        yield key, f"{role.name} (role)"
    for key, domain in framework.domains.items():
        yield key, f"{domain.name} (domain)"
    for key, competence in framework.competences.items():
        yield key, f"{competence.name} (competence)"
    for key, training in framework.training.items():
        yield key, f"{training.title} (course)"


def _codes(*, is_small: bool) -> Iterator[Offer]:
    for code in Code:
        yield code.lower() if is_small else code.value, code.summary


def _offers(found: Iterable[Offer], incomplete: str) -> list[Offer]:
    """What completes the word, once each, in words that no shell makes anything else of."""
    offers = {key: said for key, said in found if key.startswith(incomplete) and _is_typed(key)}
    return [(key, _plain(said)) for key, said in offers.items()]


def _is_typed(word: str) -> bool:
    """Whether a word can be typed without quotes, and is not taken for an option."""
    import unicodedata

    return not word.startswith("-") and all(
        one in _TYPED or unicodedata.category(one)[0] in "LMN" for one in word
    )


def _plain(said: str) -> str:
    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when a shell asks

    text = one_line(said).translate(_PLAIN)
    return text if len(text) <= MAX_HELP else f"{text[: MAX_HELP - 1]}…"


# --- Before ---------------------------------------------------------------------------------------


def prepare(arguments: Sequence[str], environ: MutableMapping[str, str] = os.environ) -> None:
    """Make Typer understand what shells ask, and a shell that is named.

    Typer looks for the shell among the processes, which finds nothing in many containers and
    scripts. It takes a name behind the option only when it is told not to look.
    """
    if is_asked(environ):
        _without_equals_signs(environ)
    option, is_joined, _ = (arguments[0] if arguments else "").partition("=")
    if option in OPTIONS and (is_joined or len(arguments) > 1):
        environ[_NO_LOOKING] = "1"


def is_asked(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a shell asks what completes a word, and takes all that is printed for an answer."""
    return ASKED in environ


def _without_equals_signs(environ: MutableMapping[str, str]) -> None:
    """Bash takes the sign in `--role=x` for a word of its own; without it the option is seen."""
    words = environ.get(_WORDS, "").split("\n")
    cursor = environ.get(_CURSOR, "")
    if not cursor.isdecimal():
        return
    signs = [
        place
        for place, (option, word) in enumerate(pairwise(words[: int(cursor)]), 1)
        if word == "=" and option.startswith("--")
    ]
    environ[_WORDS] = "\n".join(one for place, one in enumerate(words) if place not in signs)
    environ[_CURSOR] = str(int(cursor) - len(signs))
