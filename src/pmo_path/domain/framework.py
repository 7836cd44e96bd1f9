"""The competency framework: its scale, readiness bands, domains, competences, roles and training.

Mappings are keyed by id, so an id is unique by construction and an error path explains itself.
What a single model cannot see (references, order, cycles) is checked in `domain.rules`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from pmo_path.domain.base_model import Extensible, LevelOrMore
from pmo_path.domain.competences import Competence
from pmo_path.domain.fields import Id, Language, Text, Url
from pmo_path.domain.names import Named, NameIndex, qualified
from pmo_path.domain.numbers import NotNegative, Number, Percent, Positive, show_number
from pmo_path.domain.training import CourseChain, Training, course_chains

DEFAULT_IMPORTANCE = Decimal(3)
"""The importance of a requirement without one."""

BASELINE_LABEL = "Not yet"
"""The label of a baseline without one."""
HASH_DIGITS = 12
"""Enough to distinguish versions of a framework, and short enough to read out."""


def _no_truth_value(value: Any) -> Any:
    if isinstance(value, bool):  # which Python takes for a number, and `true` for 1
        raise ValueError("expected 1")  # noqa: TRY004  pydantic shows only this kind to people
    return value


def _number_as_text(value: Any) -> Any:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return show_number(Decimal(value)) if is_number else value


Grade = Annotated[
    str, BeforeValidator(_number_as_text), WithJsonSchema({"type": ["string", "number"]})
]
"""A grade as text; a file may write it as a number."""
FormatVersion = Annotated[Literal[1], BeforeValidator(_no_truth_value)]
"""The version of a file format; there is one so far."""


class About(Extensible, title="About the framework"):
    """Id, version and title of the framework."""

    id: Id = Field(description="Short id, used in ratings files.")
    version: Text = Field(description="Version, as major.minor.patch.")
    title: Text = Field(description="Title shown on reports.")
    notice: str = Field("", description="Shown under every report: who owns it, what it is not.")
    how_to_rate: str = Field("", description="The rule to rate by.")
    language: Language | None = Field(
        None,
        description="The language of the texts, such as en, de or pt-BR; default: not stated.",
    )
    url: Url | None = Field(None, description="A web page about the framework.")


class ScaleLevel(Extensible, title="Level of the scale"):
    """One step of the proficiency scale."""

    label: Text = Field(description="One or two words: Aware, Competent, Expert.")
    meaning: str = Field("", description="What the level means for any competence.")


class Band(Extensible, title="Readiness band"):
    """One readiness band; the file lists the bands from best to worst."""

    label: Text = Field(description="The name of the band in the verdict.")
    at_least: Percent = Field(description="The minimum readiness in percent.")
    must_haves_missing: Annotated[int, Field(ge=0)] | None = Field(
        None, description="The maximum number of missing must-haves; default: any number."
    )
    must_have_gap: NotNegative | None = Field(
        None,
        description="The maximum number of levels by which each missing must-have may fall short; "
        "default: any number.",
    )


class Domain(Extensible):
    """A group of competences."""

    name: Text = Field(description="The displayed name.")
    summary: str = Field("", description="What the domain covers.")
    competences: Mapping[Id, Competence] = Field(
        description="Its competences, by id; an id may appear in one domain only."
    )


def grouped(domain: Domain) -> Mapping[str, Mapping[str, Competence]]:
    """The competences of a domain by group, those without one under an empty name and first.

    Groups and competences are in the domain's order.
    """
    groups: dict[str, dict[str, Competence]] = {"": {}}
    for key, competence in domain.competences.items():
        groups.setdefault(competence.group, {})[key] = competence
    return {group: competences for group, competences in groups.items() if competences}


class Requirement(LevelOrMore, Extensible):
    """A role's requirement of one competence; a number alone in the file is the level."""

    level: Number = Field(
        description="The required level; it may lie between two levels of the scale."
    )
    importance: Positive = Field(
        DEFAULT_IMPORTANCE, description="How much the competence counts, above 0; default: 3."
    )
    must_have: Number | None = Field(
        None, description="The minimum level without which the role is out of reach."
    )
    expects: str = Field("", description="What this role expects in the competence, as text.")

    def points(self, lowest: Decimal, highest: Decimal | None = None) -> Decimal:
        """Importance times the levels from `lowest` to the required one or, if lower, `highest`."""
        top = self.level if highest is None else min(highest, self.level)
        return self.importance * (top - lowest)


class Role(Extensible):
    """A role, what it requires, and where it leads."""

    name: Text = Field(description="The displayed name.")
    aliases: tuple[Text, ...] = Field((), description="Other titles.")
    summary: str = Field("", description="What the role does.")
    leads_to: tuple[Id, ...] = Field((), description="Ids of the roles it may lead to.")
    requires: Mapping[Id, Requirement] = Field(
        description="The required level of each competence, by competence id."
    )
    url: Url | None = Field(None, description="A web page about the role.")
    family: str = Field("", description="The roles that it belongs with, such as Delivery.")
    grade: Grade = Field("", description="Its grade or step within the family.")
    extends: Id | None = Field(
        None,
        description="The id of another role, whose requirements it takes over; its own ones change "
        "or add to them, and null removes one.",
    )


class Framework(Extensible, title="Competency framework"):
    """A whole framework: the scale, the competences, the roles and the training."""

    schema_: FormatVersion = Field(alias="schema", description="The version of this file format.")
    framework: About = Field(description="Id, version and title of the framework.")
    written_scale: Annotated[Mapping[Number, ScaleLevel], Field(min_length=2)] = Field(
        alias="scale",
        description="The proficiency scale: the possible ratings, from lowest to highest.",
    )
    baseline: Number | None = Field(
        None,
        description="A number below the lowest level, from which scores count and which can be "
        "rated too; default: scores count from the lowest level.",
    )
    baseline_label: Text | None = Field(
        None, description="The label of the baseline; default: Not yet."
    )
    readiness: Annotated[Mapping[Id, Band], Field(min_length=1)] = Field(
        description="Readiness bands, best first; people get the first one that fits."
    )
    domains: Annotated[Mapping[Id, Domain], Field(min_length=1)] = Field(
        description="The groups of competences, by id."
    )
    roles: Mapping[Id, Role] = Field(
        {}, description="The roles and what each of them requires, by id; default: none."
    )
    training: Mapping[Id, Training] = Field(
        {}, description="Courses, certificates and other formal learning, by id."
    )

    @cached_property
    def content_hash(self) -> str:
        """A hash of the content, without comments; it changes even if the version does not.

        What a file leaves out does not count, so a key that the format gains changes no hash.
        """
        content = self.model_dump_json(exclude_defaults=True).encode()
        return hashlib.sha256(content).hexdigest()[:HASH_DIGITS]

    @cached_property
    def competences(self) -> Mapping[str, Competence]:
        """All competences by id, in the framework's order."""
        return {
            key: competence
            for domain in self.domains.values()
            for key, competence in domain.competences.items()
        }

    @cached_property
    def domain_of(self) -> Mapping[str, str]:
        """The id of the domain that each competence belongs to."""
        return {
            competence: key
            for key, domain in self.domains.items()
            for competence in domain.competences
        }

    @cached_property
    def scale(self) -> Mapping[Number, ScaleLevel]:
        """Every possible rating: the levels in the file, and the baseline if there is one."""
        if self.baseline is None:
            return self.written_scale
        label = self.baseline_label or BASELINE_LABEL
        return {self.baseline: ScaleLevel(label=label), **self.written_scale}

    @cached_property
    def levels(self) -> tuple[Number, ...]:
        """Every possible rating, lowest first: scores count from the first one."""
        return tuple(sorted(self.scale))

    @cached_property
    def competence_names(self) -> NameIndex:
        """Competences by id, name and alias, each also behind its domain: `Domain / Name`."""
        return NameIndex(
            Named(key, (competence.name, *competence.aliases), (domain_key, domain.name))
            for domain_key, domain in self.domains.items()
            for key, competence in domain.competences.items()
        )

    def label_of(self, level: Decimal) -> str:
        """The label of a level; empty for a value between two levels."""
        return self.scale[level].label if level in self.scale else ""

    def shown_name(self, competence: str) -> str:
        """The name of a competence, as `Domain / Name` where domains share it.

        It leads back to the competence wherever one is named, so where even that is ambiguous, it
        is the id.
        """
        name, domain = self.competences[competence].name, self.domain_of[competence]
        names = (name, qualified(self.domains[domain].name, name), qualified(domain, name))
        is_known = (text for text in names if self.competence_names.find(text) == competence)
        return next(is_known, competence)

    @cached_property
    def role_names(self) -> NameIndex:
        """Roles by id, name and alias."""
        return NameIndex(
            Named(key, (role.name, *role.aliases)) for key, role in self.roles.items()
        )

    def role_hint(self, text: str) -> str:
        """A hint for an unknown role: the nearest name, or all ids."""
        return self.role_names.suggest(text) or f"roles: {', '.join(self.roles)}"

    @cached_property
    def domain_names(self) -> NameIndex:
        """Domains by id and name."""
        return NameIndex(Named(key, (domain.name,)) for key, domain in self.domains.items())

    @cached_property
    def training_names(self) -> NameIndex:
        """Training by id, title and alias."""
        return NameIndex(
            Named(key, (training.title, *training.aliases))
            for key, training in self.training.items()
        )

    @cached_property
    def course_chains(self) -> Mapping[str, CourseChain]:
        """Each course with those that it presupposes, by its id, in the framework's order."""
        return course_chains(self.training)

    def scored(self, role: str) -> Mapping[str, Requirement]:
        """The role's requirements above the lowest possible rating, in the framework's order.

        Everybody meets a requirement at that level, so it is left out.
        """
        requires = self.roles[role].requires
        return {
            key: requires[key]
            for key in self.competences
            if key in requires and requires[key].level > self.levels[0]
        }
