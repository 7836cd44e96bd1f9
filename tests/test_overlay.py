"""An overlay merged over its base, and which of the two files a mistake is shown in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.readers.overlay import OverlayPositions, entities_on, merge
from pmo_path.readers.parsed import SourceMap, yaml_document

BASE = """\
roles:
  r: {name: R, leads_to: [s], requires: {c: 2, d: 1}}
  s: {name: S, requires: {c: {level: 3, must_have: 3}}}
domains:
  x: {name: X, competences: {c: {name: C}, d: {name: D}}}
"""


def data(text: str):
    return yaml_document(text, "f.yaml").data


def over(text: str, base: str = BASE):
    top, below = yaml_document(text, "over.yaml"), yaml_document(base, "base.yaml")
    merged = merge(below.data, top.data)
    assert isinstance(top.positions, SourceMap)
    positions = OverlayPositions(top.positions, below.positions, merged.removed, merged.changed)
    return merged, positions


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ("a: {x: 1, y: 2}", "a: {y: 3, z: 4}", "a: {x: 1, y: 3, z: 4}"),
        ("a: {x: 1, y: 2}", "a: {x: null}", "a: {y: 2}"),
        ("a: [1, 2]", "a: [3]", "a: [3]"),
        ("a: {x: 1}", "a: text", "a: text"),
        ("a: text", "a: {x: 1}", "a: {x: 1}"),
        # All bands are named, so their order is the overlay's.
        ("readiness: {a: {x: 1}, b: {x: 2}}", "readiness: {b: {}, a: {}}",
         "readiness: {b: {x: 2}, a: {x: 1}}"),
        # The short form of a requirement is its level.
        ("roles: {r: {requires: {c: {level: 1, must_have: 1}}}}", "roles: {r: {requires: {c: 2}}}",
         "roles: {r: {requires: {c: {level: 2, must_have: 1}}}}"),
    ],
)  # fmt: skip
def test_mappings_merge_by_key_and_lists_are_replaced(base, overlay, expected):
    merged = merge(data(base), data(overlay))

    assert (repr(merged.data), merged.findings) == (repr(data(expected)), ())


MAPPINGS = st.recursive(
    st.one_of(st.integers(), st.text(max_size=3)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abc"), MAPPINGS))
def test_an_overlay_without_anything_or_with_the_base_itself_changes_nothing(base):
    assert merge(base, {}).data == base
    assert merge(base, base).data == base


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ("roles: {q: null}", "there is no 'q' in the base to take out"),
        ("roles: {q: {summary: x}}",
         "there is no 'q' in the base to change; to add it, give it a 'name'"),
    ],
)  # fmt: skip
def test_what_the_base_does_not_have_is_named(overlay, message):
    (finding,) = over(overlay)[0].findings

    assert (finding.code, finding.message) == (Code.NOT_IN_BASE, message)


def test_what_is_taken_out_and_changed_is_kept_by_section_and_id():
    merged, _ = over("domains: {x: null}\nroles: {s: {requires: {c: 1}}}\n")

    assert merged.removed == {
        ("domains", "c"): ("domains", "x"),
        ("domains", "d"): ("domains", "x"),
    }
    assert merged.changed["roles", "s"] == ("roles", "s", "requires", "c", "level")


def test_entities_are_found_along_a_path():
    path = ("roles", "r", "requires", "c", "level")

    assert list(entities_on(path)) == [("roles", "r"), ("domains", "c")]


@pytest.mark.parametrize(
    ("overlay", "finding", "file", "line"),
    [
        # What the overlay says itself.
        ("roles: {r: {leads_to: [q]}}",
         Finding(Code.UNKNOWN_ROLE, "m", ("roles", "r", "leads_to", 0)), "over.yaml", 1),
        # What it takes out is still named in the base.
        ("a: 1\nroles: {s: null}",
         Finding(Code.UNKNOWN_ROLE, "m", ("roles", "r", "leads_to", 0), missing=("roles", "s")),
         "over.yaml", 2),
        # The other half of a conflict.
        ("a: 1\nroles: {s: {requires: {c: {level: 1}}}}",
         Finding(Code.MUST_HAVE_TOO_HIGH, "m", ("roles", "s", "requires", "c", "must_have"),
                 related=(("roles", "s", "requires", "c", "level"), "here")), "over.yaml", 2),
        # What is about something else that it changes.
        ("a: 1\nroles: {r: {requires: {d: null}}}",
         Finding(Code.UNUSED_COMPETENCE, "m", ("domains", "x", "competences", "d"),
                 rests_on=(("domains", "d"),)), "over.yaml", 2),
    ],
)  # fmt: skip
def test_a_finding_is_shown_where_the_overlay_causes_it(overlay, finding, file, line):
    _, positions = over(overlay)
    blamed = positions.blame(finding)

    assert positions.position(blamed.path, at_key=blamed.at_key)[:2] == (file, line)


def test_what_the_overlay_takes_out_is_said_to_be_named_still():
    _, positions = over("roles: {s: null}")
    path = ("roles", "r", "leads_to", 0)
    blamed = positions.blame(
        Finding(Code.UNKNOWN_ROLE, "no role 's'", path, missing=("roles", "s"))
    )

    assert blamed.message == "no role 's' any more, because this takes it out"
    assert blamed.hint == "repeat that list without it"
    assert blamed.related == (path, "it is still named here")


def test_what_the_overlay_does_not_mention_is_found_in_the_base():
    _, positions = over("roles: {r: {summary: x}}")

    assert positions.position(("roles", "s", "name"))[:2] == ("base.yaml", 3)
    assert positions.line(positions.position(("roles", "s", "name"))).startswith("  s: {name: S")
