"""What a change of framework asks of people, found by comparing two editions of it.

Every part is compared through mappings by id, so the work grows with the size of the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.competences import competence_changes, domain_changes
from pmo_path.domain.diff.matching import Kind
from pmo_path.domain.diff.model import Changes, Comparison, Edition
from pmo_path.domain.diff.roles import role_changes
from pmo_path.domain.diff.scale import band_changes, scale_changes
from pmo_path.domain.diff.training import training_changes
from pmo_path.domain.diff.version_bump import version_advice
from pmo_path.domain.names import Named, NameIndex

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


def compare(old: Framework, new: Framework) -> Comparison:
    """What differs between two frameworks, and the version that follows from it.

    The order of entries is not compared.
    """
    before, after = _edition(old), _edition(new)
    changes = _changes(old, new)
    return Comparison(before, after, changes, version_advice(before, after, changes))


def competence_kind(old: Framework, new: Framework) -> Kind:
    """The competences of both frameworks."""
    return Kind(old.competences, new.competences, new.competence_names)


def _changes(old: Framework, new: Framework) -> Changes:
    competences, roles = competence_kind(old, new), Kind(old.roles, new.roles, new.role_names)
    domains = Kind(old.domains, new.domains, new.domain_names)
    training = Kind(old.training, new.training, new.training_names, "title")
    bands = Kind(
        old.readiness,
        new.readiness,
        NameIndex(Named(key, (band.label,)) for key, band in new.readiness.items()),
        "label",
    )
    same, same_domains = competences.pairs(), domains.pairs()
    return Changes(
        texts=tuple(
            part
            for part in ("title", "notice", "how_to_rate")
            if getattr(old.framework, part) != getattr(new.framework, part)
        ),
        scale=scale_changes(old, new),
        readiness=band_changes(bands, bands.pairs()),
        domains=domain_changes(domains, same_domains),
        competences=competence_changes(old, new, competences, same, same_domains.kept),
        roles=role_changes(old, new, roles, roles.pairs(), same),
        training=training_changes(old, new, training, training.pairs(), same),
    )


def _edition(framework: Framework) -> Edition:
    about = framework.framework
    return Edition(about.id, about.version, about.title, len(framework.roles))
