"""Random frameworks with several roles, and ratings on them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from pmo_path.domain.framework import Framework
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.rules.names import shared_names

SCALES = [
    tuple(Decimal(number) for number in numbers)
    for numbers in (
        ("0", "1", "2", "3", "4", "5"),
        ("1", "2", "3", "4", "5", "6", "7"),
        ("0", "0.25", "0.5", "0.75", "1"),
    )
]
COMPETENCES = [f"c{number}" for number in range(5)]
ROLES = [f"r{number}" for number in range(4)]
BANDS: dict[str, dict[str, Any]] = {
    "top": {"label": "Top", "at_least": 90, "must_haves_missing": 0},
    "half": {"label": "Half", "at_least": 50, "must_haves_missing": 2},
    "low": {"label": "Low", "at_least": 0},
}


@st.composite
def frameworks(draw):
    """A framework with one to four roles; some requirements ask nothing, some have a baseline."""
    scale = draw(st.sampled_from(SCALES))
    baseline = draw(st.none() | st.sampled_from([scale[0] - 1, scale[0] - Decimal("2.5")]))
    ratings = scale if baseline is None else (baseline, *scale)
    levels = [*ratings, *((low + high) / 2 for low, high in pairwise(ratings))]

    def requirement():
        level = draw(st.sampled_from(levels))
        return {
            "level": level,
            "importance": draw(st.sampled_from([Decimal(1), Decimal(5), Decimal("2.5")])),
            "must_have": draw(
                st.none() | st.sampled_from([step for step in ratings if step <= level])
            ),
        }

    asked = st.lists(st.sampled_from(COMPETENCES), min_size=1, unique=True)
    roles = draw(st.lists(st.sampled_from(ROLES), min_size=1, unique=True))
    return Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "baseline": baseline,
            "scale": {level: {"label": f"L{level}"} for level in scale},
            "readiness": BANDS,
            "domains": {
                "d": {"name": "D", "competences": {name: {"name": name} for name in COMPETENCES}}
            },
            "roles": {
                role: {"name": role, "requires": {name: requirement() for name in draw(asked)}}
                for role in roles
            },
        }
    )


SHARED = ["Scope", "scope!", "Scopé", "CI/CD", "Build / Scope", "Maße", "Masse", "Ops", "c1 plan"]
"""Names of competences; some look like others, or like a domain and a name."""
DOMAINS = ["Design", "Build", "Build / CI", "Ops", "Maße"]


@st.composite
def frameworks_with_shared_names(draw):
    """A valid framework whose domains have competences of the same names and aliases."""
    domains = draw(st.lists(st.sampled_from(DOMAINS), min_size=2, max_size=4, unique=True))
    ids = iter(range(100))

    def competence(name):
        aliases = draw(st.lists(st.sampled_from(SHARED), max_size=1))
        return f"k{next(ids)}", {"name": name, "aliases": tuple(aliases)}

    def competences():
        names = draw(st.lists(st.sampled_from(SHARED), min_size=1, max_size=4, unique=True))
        return dict(map(competence, names))

    written = {
        f"d{index}": {"name": name, "competences": competences()}
        for index, name in enumerate(domains)
    }
    keys = [key for domain in written.values() for key in domain["competences"]]
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in SCALES[0]},
            "readiness": BANDS,
            "domains": written,
            "roles": {"r": {"name": "R", "requires": {key: {"level": 3} for key in keys}}},
        }
    )
    assume(not list(shared_names(framework)))
    return framework


@st.composite
def worlds(draw):
    """A framework, and one person's ratings on it."""
    framework = draw(frameworks())
    return framework, draw(ratings_on(framework))


@st.composite
def ratings_on(draw, /, framework, **about):
    """Ratings on a framework; `about` are strategies for what else they say."""
    answers = st.sampled_from([*framework.scale, "n/a", None])
    said = {key: draw(strategy) for key, strategy in about.items()}
    return Ratings.model_validate(
        {**said, "ratings": {name: draw(answers) for name in COMPETENCES}}
    )
