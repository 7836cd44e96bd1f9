"""Shell completion of framework ids and diagnostic codes.

When the framework cannot be used, nothing is offered and no error shown. Shells evaluate offers,
so an id is offered only if it can be typed without quotes, and its description is plain text.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import typer  # noqa: TC002  it reads annotations while running

from pmo_path.cli.input import load_framework
from pmo_path.domain.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework

    Offer = tuple[str, str]
    """A completion of the word, and its description."""
    Completer = Callable[[typer.Context, str], list[Offer]]

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


def codes(incomplete: str) -> list[tuple[str, str]]:
    """Diagnostic codes, in small letters where the word is, with their summaries."""
    with suppress(Exception):
        return _offers(_codes(is_small=incomplete.islower()), incomplete)
    return []


def _framework(ctx: typer.Context) -> Framework:
    """The framework that the words before this one name; a shell has not expanded them yet."""
    path: Path | None = ctx.params.get("framework")
    return load_framework(None if path is None else path.expanduser())


def _offering(candidates: Callable[[Framework], Iterable[Offer]]) -> Completer:
    """A completer that offers what `candidates` finds in the framework."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        with suppress(Exception):
            return _offers(candidates(_framework(ctx)), incomplete)
        return []

    return complete


def _entries(framework: Framework) -> Iterator[Offer]:
    for key, role in framework.roles.items():
        yield key, f"{role.name} (role)"
    for key, domain in framework.domains.items():
        yield key, f"{domain.name} (domain)"
    for key in framework.competences:
        yield key, f"{framework.shown_name(key)} (competence)"
    for key, training in framework.training.items():
        yield key, f"{training.title} (course)"


def _actions(framework: Framework) -> Iterable[Offer]:
    from pmo_path.app.plan import action_titles

    return action_titles(framework)


roles = _offering(lambda framework: ((key, role.name) for key, role in framework.roles.items()))
bands = _offering(
    lambda framework: ((key, band.label) for key, band in framework.readiness.items())
)
entries = _offering(_entries)
actions = _offering(_actions)


def _codes(*, is_small: bool) -> Iterator[Offer]:
    for code in Code:
        yield code.lower() if is_small else code.value, code.summary


def _offers(candidates: Iterable[Offer], incomplete: str) -> list[Offer]:
    """The candidates that complete the word, once each, described in plain text."""
    offers = {
        key: description
        for key, description in candidates
        if key.startswith(incomplete) and _is_typed(key)
    }
    return [(key, _plain(description)) for key, description in offers.items()]


def _is_typed(word: str) -> bool:
    """Whether a word can be typed without quotes, and is not taken for an option."""
    import unicodedata

    return not word.startswith("-") and all(
        character in _TYPED or unicodedata.category(character)[0] in "LMN" for character in word
    )


def _plain(description: str) -> str:
    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when a shell asks

    text = one_line(description).translate(_PLAIN)
    return text if len(text) <= MAX_HELP else f"{text[: MAX_HELP - 1]}…"


# --- Before ---------------------------------------------------------------------------------------


def prepare(arguments: Sequence[str], environ: MutableMapping[str, str] = os.environ) -> None:
    """Prepare the environment for requests of shells, and for a shell named on the command line.

    Typer looks for the shell among the processes, which fails in many containers and scripts. It
    takes a name behind the option only when that search is off.
    """
    if is_asked(environ):
        _without_equals_signs(environ)
    option, is_joined, _ = (arguments[0] if arguments else "").partition("=")
    if option in OPTIONS and (is_joined or len(arguments) > 1):
        environ[_NO_LOOKING] = "1"


def is_asked(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a shell requests completions, and takes all output for them."""
    return ASKED in environ


def _without_equals_signs(environ: MutableMapping[str, str]) -> None:
    """Remove the signs that Bash takes for words of their own in `--role=x`."""
    arguments = environ.get(_WORDS, "").split("\n")
    cursor = environ.get(_CURSOR, "")
    if not cursor.isdecimal():
        return
    signs = [
        index
        for index, (option, argument) in enumerate(pairwise(arguments[: int(cursor)]), 1)
        if argument == "=" and option.startswith("--")
    ]
    environ[_WORDS] = "\n".join(
        argument for index, argument in enumerate(arguments) if index not in signs
    )
    environ[_CURSOR] = str(int(cursor) - len(signs))
