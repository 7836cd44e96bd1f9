"""The texts of comparisons over time and of raters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.inputs import RemarkKind
from pmo_path.domain.compare.over_time import MustHaveTurn, Turn
from pmo_path.domain.names import fold
from pmo_path.domain.ratings import SELF
from pmo_path.render.words import count

if TYPE_CHECKING:
    from pmo_path.domain.compare.inputs import NotThere, Remark, Unfit
    from pmo_path.domain.compare.over_time import Movement
    from pmo_path.domain.compare.raters import Advice, Consensus, SecondRaterWanted

_REMARKS = {
    RemarkKind.SWAPPED: (
        "The earlier date comes first, so '{earlier}' is then and '{later}' is now."
    ),
    RemarkKind.SAME_DATE: "Both files are of {date}, so the first file is then.",
    RemarkKind.NO_DATES: "Neither file has a date, so the first file is then.",
    RemarkKind.NO_DATE: "'{file}' has no date, so the first file is then.",
    RemarkKind.OTHER_TARGET: (
        "'{file}' has the target {target}; both are assessed against {role}, which the later file "
        "leads to."
    ),
    RemarkKind.READ_AS: "{file}:{line}: {note}",
    RemarkKind.ROLE_GONE: (
        "'{file}' names the role '{role}', which is not in the framework in use."
    ),
    RemarkKind.OTHER_VERSION: (
        "'{file}' was rated on version {version} of the framework and is read as if rated on "
        "{used}: anything renamed without an alias counts as removed. Pass that version with "
        "--old-framework to follow its names."
    ),
    RemarkKind.OLD_UNUSED: (
        "No file names version {version} of the framework, so --old-framework was not used."
    ),
    RemarkKind.ROLE_ADDED: "{role} is new since version {before} of the framework.",
    RemarkKind.REQUIREMENTS_CHANGED: (
        "Requirements of {role} changed since version {before}: {number}."
    ),
    RemarkKind.SCALE_CHANGED: (
        "The scale changed since version {before}, so a level may not mean the same."
    ),
    RemarkKind.ANCHORS_CHANGED: (
        "The texts to rate by changed since version {before}: {competences}."
    ),
    RemarkKind.ASSESSED_ON: (
        "Everything is assessed on version {version}. Run 'pmo-path diff' with both versions to "
        "see every change."
    ),
    RemarkKind.NO_SELF: (
        f"No rater is '{SELF}', so there are no blind spots and no hidden strengths."
    ),
    RemarkKind.APART_FROM_RATER: (
        "Blind spot: self rates it {steps} or more steps of the scale above '{rater}'. "
        "Hidden strength: {steps} or more steps below."
    ),
    RemarkKind.APART_FROM_MEDIAN: (
        "Blind spot: self rates it {steps} or more steps of the scale above the median of the "
        "others who rated it. Hidden strength: {steps} or more steps below."
    ),
    RemarkKind.NO_COMPETENCE: "not a competence of the framework in use",
    RemarkKind.LEADS_TO: (
        "not a competence of the framework in use; its name now leads to {competence}"
    ),
    RemarkKind.NO_LEVEL: "'{answer}' is not a level of the scale in use ({levels})",
    RemarkKind.SAME_COMPETENCE: "now the same competence as '{other}', which is rated too",
}
_GAPS = {
    Turn.CLOSED: "closed",
    Turn.NARROWER: "narrower",
    Turn.WIDER: "wider",
    Turn.OPENED: "opened",
}


def remark_words(remark: Remark) -> str:
    """Return the sentence of a remark."""
    return _REMARKS[remark.kind].format_map(remark.facts)


def movement_words(movement: Movement) -> str:
    """Return how many levels, gaps and must-haves changed."""
    if set(movement.turns) <= {Turn.SAME}:
        return "Nothing changed."
    gaps = [
        f"{movement.turns[turn]} {label}"
        for turn, label in _GAPS.items()
        if turn in movement.turns
    ]
    must_haves = [
        f"{movement.must_haves[turn]} {turn}"
        for turn in (MustHaveTurn.NEWLY_MET, MustHaveTurn.NEWLY_MISSING)
        if turn in movement.must_haves
    ]
    sentences = (
        _levels(movement),
        f"Gaps: {', '.join(gaps)}." if gaps else "",
        f"Must-haves: {', '.join(must_haves)}." if must_haves else "",
    )
    return " ".join(filter(None, sentences))


def _levels(movement: Movement) -> str:
    both, higher, lower = movement.rated_both, movement.higher, movement.lower
    if not both:
        return "No competence is rated both times."
    numbers = ((higher, "higher"), (lower, "lower"), (both - higher - lower, "unchanged"))
    *parts, last = (
        f"{number} {'is' if number == 1 else 'are'} {label}" for number, label in numbers if number
    )
    listed = f"{', '.join(parts)} and {last}" if parts else last
    return f"Of {count(both, 'competence')} rated both times, {listed}."


def consensus_words(consensus: Consensus) -> str:
    """Return how far raters agree, with the number of blind spots and hidden strengths."""
    number, same, near = consensus.agreement
    raters = "both" if consensus.raters == 2 else f"all {consensus.raters}"  # noqa: PLR2004
    if not number:
        sentence = f"No competence is rated by {raters}."
    else:
        parts = (
            (same, "at the same level"),
            (near - same, "one step apart"),
            (number - near, "further apart"),
        )
        counted = ", ".join(f"{part} {label}" for part, label in parts if part)
        sentence = f"Of {count(number, 'competence')} rated by {raters}: {counted}."
    if not consensus.has_self:
        return sentence
    blind = count(consensus.blind_spots, "blind spot")
    return f"{sentence} {blind}, {count(consensus.hidden_strengths, 'hidden strength')}."


def advice_words(advice: Advice) -> str:
    """Return the competences that need a second rating and whom to ask; empty without any."""
    if not advice.second_raters:
        return ""
    names = ", ".join(map(_whom_to_ask, advice.second_raters))
    return f"A single rating is least reliable here; ask someone else to rate it too: {names}."


def _whom_to_ask(request: SecondRaterWanted) -> str:
    others = " or ".join(request.unrated_by)
    ask = f"; ask {others}" if others else ""
    return f"{request.name} (rated only by {request.rated_by}{ask})"


def unfit_words(unfit: Unfit) -> str:
    """Return an answer that does not fit, its position, and the reason."""
    where = f"{unfit.file}, line {unfit.line}" if unfit.line else unfit.file
    now, called = unfit.competence, unfit.called
    if now is not None and fold(now.name) != fold(called) != fold(now.id):
        called = f"{called}, now {now.name}"
    return f"{called}, answered {unfit.answer} ({where}): {remark_words(unfit.reason)}"


def not_there_words(missing: NotThere) -> str:
    """Return what a version of the framework did not have."""
    names = ", ".join(competence.name for competence in missing.competences)
    return f"{names}: not in version {missing.version}, on which '{missing.file}' was rated"
