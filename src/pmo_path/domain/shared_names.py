"""What to write instead of a competence's name that more than one domain has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.names import fold, qualified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework

_MOST_SHOWN = 5


class SharedName(NamedTuple):
    """Why a name does not say which competence it means, and what does."""

    message: str
    hint: str

    @property
    def sentence(self) -> str:
        """Both in one."""
        return f"{self.message}: {self.hint}"


def shared_name(framework: Framework, text: str, ids: Sequence[str] = ()) -> SharedName | None:
    """Describe an ambiguous name of competences; None for any other text.

    `ids` are the competences that it may mean where a reader knows more of them than the
    framework, such as by a name without its accents.
    """
    keys = tuple(ids) or framework.competence_names.candidates(text)
    if not keys:
        return None
    names = [f"'{_in_domain(framework, key, text)}'" for key in keys]
    count = "two" if len(keys) == 2 else str(len(keys))  # noqa: PLR2004
    is_of_domains = len({framework.domain_of[key] for key in keys}) == len(keys)
    where = f"is in {count} domains" if is_of_domains else f"may mean {count} competences"
    return SharedName(f"'{text}' {where}", f"write {_either(names)}")


def _in_domain(framework: Framework, key: str, text: str) -> str:
    """A competence under this name of its, with its domain; its usual name for a longer way."""
    competence, domain = framework.competences[key], framework.domains[framework.domain_of[key]]
    labels = (competence.name, *competence.aliases)
    label = next((label for label in labels if fold(label) == fold(text)), competence.name)
    name = qualified(domain.name, label)
    is_known = framework.competence_names.find(name) == key
    return name if is_known else framework.shown_name(key)


def _either(names: Sequence[str]) -> str:
    """`A, B or C`, with no more than a few of the names."""
    if len(names) > _MOST_SHOWN:
        return f"one of {', '.join(names[:_MOST_SHOWN])} and {len(names) - _MOST_SHOWN} more"
    return f"{', '.join(names[:-1])} or {names[-1]}"
