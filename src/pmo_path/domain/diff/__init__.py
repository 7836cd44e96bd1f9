"""The changes from one version of a framework to the next, and the version that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.changes import all_changes
from pmo_path.domain.diff.matching import match_competences, match_roles
from pmo_path.domain.diff.model import FrameworkDiff, FrameworkVersion, InCommon
from pmo_path.domain.diff.version_bump import version_advice

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


def diff_frameworks(old: Framework, new: Framework) -> FrameworkDiff:
    """The differences between two frameworks, and the version bump that they require."""
    before, after = _version(old), _version(new)
    competences, roles = match_competences(old, new), match_roles(old, new)
    changes = all_changes(old, new, competences, roles)
    return FrameworkDiff(
        before,
        after,
        InCommon(len(competences.kept), len(roles.kept)),
        changes,
        version_advice(before, after, changes),
    )


def _version(framework: Framework) -> FrameworkVersion:
    about = framework.framework
    return FrameworkVersion(
        about.id, about.version, about.title, len(framework.competences), len(framework.roles)
    )
