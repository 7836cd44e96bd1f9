"""Errors of the YAML parser, explained: where to click and what to type.

The parser says where it gave up, which is often a line below the mistake, and in words about
parsing. `_EXPLANATIONS` turns its error into one about the text.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from pmo_path.domain.codes import Code
from pmo_path.readers.yaml_text import (
    BYTE_ORDER_MARK,
    CURLY,
    INVISIBLE,
    LINE_BREAK,
    MARKS,
    ODD_SPACES,
    SHOWN,
    YamlProblem,
    in_quotes,
    odd_character,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS_OF_A_VALUE = 4
"""A line with more words behind its first one is prose."""

_COMMENT = re.compile(r"(?:^|\s)#.*")
_CONTENT = re.compile(r" *(?:- +)*")
_KEY = re.compile(
    rf"(?P<key>[\w-]+)(?P<sign>:[{ODD_SPACES}{INVISIBLE}]"
    r"|\s*(?:[=-]>|[=\uff1a\ufe55\ufe13\u2236])|(?=\s))"
    r"\s*(?P<value>.*)"
)
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)?(?P<key>[\w-]+):(?P<value>[^\s:/][^:]*)$")
_ENTRY = r"[\w-]+: +[^,:()\[\]{}\s][^,:()\[\]{}]*"
_ENTRIES = re.compile(
    rf"(?P<open>[(\[{{]?) *(?P<inner>{_ENTRY}(?:, *{_ENTRY})*)(?P<close>[)\]}}]?)"
)
_NUMBER_AT_END = re.compile(r": +[0-9.]+ *$")

_QUOTE_IT = "put the whole text in quotes"
_IN_QUOTES = 'text that contains ": " must be in quotes'
_GOES_ON = "text that goes on from the line above is indented more than its key"
_ALIGN = "check the indentation and the quotes of this line and the one above"

_Point = tuple[int, int]
"""A line and a column, counted from 0 as the parser does."""


class _Fault(NamedTuple):
    """A parser's error with the text that it is about."""

    problem: str
    at: _Point
    begun: _Point | None
    """Where the construct begins that could not be ended."""
    lines: list[str]
    text: str

    @property
    def line(self) -> str:
        return self.lines[self.at[0]] if self.at[0] < len(self.lines) else ""

    @property
    def above(self) -> int:
        """The index of the last line above that is not blank, or -1."""
        above = range(self.at[0] - 1, -1, -1)
        return next((number for number in above if self.lines[number].strip()), -1)

    def first(self, pattern: str) -> _Point | None:
        """The first position in the file at which the text looks like this."""
        matches = (re.search(pattern, line) for line in self.lines)
        points = ((number, match.start()) for number, match in enumerate(matches) if match)
        return next(points, None)

    def explained(
        self,
        message: str,
        hint: str = "",
        at: _Point | None = None,
        second: _Point | None = None,
        meaning: str = "",
    ) -> YamlProblem:
        """The problem at the fault or elsewhere, and a second position if it has a meaning."""
        line, column = at or self.at
        related = (second[0] + 1, second[1] + 1, meaning) if second and meaning else None
        return YamlProblem(Code.SYNTAX, message, line + 1, column + 1, hint, related)


def syntax_problem(error: yaml.MarkedYAMLError, text: str) -> YamlProblem:
    """The parser's error in the words of people who edit the file."""
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    at = (mark.line, mark.column) if mark else (0, 0)
    problem, context = error.problem or "this is not YAML", error.context or ""
    lines = LINE_BREAK.split(text)
    fault = _Fault(problem, at, (begun.line, begun.column) if begun else None, lines, text)
    if "expected a single document" in context:
        second = fault.explained("a second document starts here", "keep one, without '---'")
        second.code = Code.SECOND_DOCUMENT
        return second
    rows = (row for row in _EXPLANATIONS if re.search(row.problem, f"{context} | {problem}"))
    for explained in (row.explain(fault) for row in rows):
        if explained is not None:
            return explained
    return fault.explained(f"{problem} ({context})" if context else problem)


# --- Lines ----------------------------------------------------------------------------------------


def _content(line: str) -> str:
    """A line without its comment and the space at its end."""
    return _COMMENT.sub("", line).rstrip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _content_column(line: str) -> int:
    """Where a line's text begins, behind its indentation and the dashes of lists."""
    content = _CONTENT.match(line)
    return content.end() if content else 0


# --- Explanations that take a look at the text ----------------------------------------------------


def _odd_start(fault: _Fault) -> YamlProblem | None:
    for number in (fault.at[0], fault.above):
        line = fault.lines[number] if 0 <= number < len(fault.lines) else ""
        odd = re.match(rf"[ \t]*([{ODD_SPACES}{INVISIBLE}])", line)
        if odd:
            words = odd_character(odd[1], "this line begins with")
            return fault.explained(*words, (number, odd.start(1)))
    return None


def _no_dash(fault: _Fault) -> YamlProblem | None:
    number = fault.begun[0] if fault.begun and "expected ':'" in fault.problem else fault.at[0]
    line = fault.lines[number] if number < len(fault.lines) else ""
    text = line.strip()
    is_entry = text.startswith(MARKS) or _is_within_list(fault, number)
    if not text or text.startswith("- ") or not is_entry:
        return None
    mark = next((mark for mark in MARKS if text.startswith(mark)), "")
    rest = _content(line).strip().removeprefix(mark).strip()
    hint = f"write '- {rest}'"
    if not rest or len(rest) > SHOWN:
        before = f"before '{rest.split(maxsplit=1)[0]}'" if rest else "before the text"
        hint = f"put a dash and a space {before}: '- '"
    message = "an entry of a list must begin with '- '"
    return fault.explained(message, hint, (number, _indent(line)))


def _is_within_list(fault: _Fault, number: int) -> bool:
    """Whether the lines above are entries of a list that begin in the column of this line."""
    column, is_list = _indent(fault.lines[number]), False
    for line in reversed(fault.lines[:number]):
        if not _content(line) or _indent(line) > column:
            continue
        if _indent(line) < column:
            return is_list
        if not line.startswith("- ", column):
            return False  # a list may begin in the column of its key
        is_list = True
    return is_list


def _no_colon(fault: _Fault) -> YamlProblem | None:
    if fault.begun is None:
        return None
    problem = _without_colon(fault, fault.begun[0]) or fault.explained(
        "there is no ':' after this key", "write 'key: value'", fault.begun
    )
    problem.hint += f"; {_GOES_ON}"
    return problem


def _without_colon(fault: _Fault, number: int) -> YamlProblem | None:
    """The problem of a line that should be `key: value` and is not; None when it is prose."""
    line = fault.lines[number]
    entry = _KEY.match(_content(line), _content_column(line))
    if entry is None:
        return None
    key, sign, value = entry["key"], entry["sign"].strip(" "), entry["value"].strip()
    start = entry.start("sign")
    if sign.startswith(":"):
        return fault.explained(*odd_character(sign[1], "this is"), (number, start + 1))
    if not sign and len(value.split()) > _WORDS_OF_A_VALUE:
        return None
    hint = f"write '{key}: {value}'"
    if len(value) > SHOWN:
        hint = f"write '{key}: ' in place of '{key}{entry['sign'] or ' '}'"
    return fault.explained(f"there is no ': ' after '{key}'", hint, (number, start))


def _second_colon(fault: _Fault) -> YamlProblem | None:
    begins_entry = ": " not in fault.line[: fault.at[1]]
    cause = _cause_above(fault) if begins_entry else None
    if cause is not None:
        return cause
    message, hint = "there is a second ': ' in this entry", _IN_QUOTES
    if CURLY.search(fault.line):
        hint = "curly quotes are not quotes here; use straight ones, \"…\" or '…'"
    elif begins_entry:
        message = "an entry begins here inside the text of the line above"
        hint = f"indent it like the line above; {_IN_QUOTES}, also over several lines"
    elif braced := _in_braces(_content(fault.line).partition(": ")[2]):
        message, hint = "entries on one line must be in braces", braced
    return fault.explained(message, hint)


def _in_braces(value: str) -> str:
    """A hint for `level: 3, must_have: 2` behind a key; empty for anything else."""
    entries = _ENTRIES.fullmatch(value.strip())
    if entries is None:
        return ""
    inner = entries["inner"].strip()
    is_list = entries["open"] or entries["close"] or ", " in inner
    return f"write {{{inner}}}" if is_list or _NUMBER_AT_END.search(inner) else ""


def _cause_above(fault: _Fault) -> YamlProblem | None:
    """The mistake in a line above, after which the parser takes an entry for more text."""
    above = fault.lines[fault.above] if fault.above >= 0 else ""
    joined = _KEY_WITHOUT_SPACE.match(above)
    if joined:
        hint = f"write '{joined['key']}: {joined['value'].strip()}'"
        at = fault.above, joined.end("key")
        return fault.explained("a space is missing after this ':'", hint, at)
    first = _first_without_colon(fault)
    return None if first is None else _without_colon(fault, first)


def _first_without_colon(fault: _Fault) -> int | None:
    """The line without a key that begins the block of the fault's line."""
    column, first = _content_column(fault.line), None
    for number in range(fault.at[0] - 1, -1, -1):
        line, content = fault.lines[number], _content(fault.lines[number])
        if not content:
            continue
        if _content_column(line) != column or ": " in content or content.endswith(":"):
            opens_block = _indent(line) < column and content.endswith(":")
            return first if opens_block else None
        first = number
        if _indent(line) < column:  # behind the dash of a list's entry
            return first
    return first


def _open_bracket(fault: _Fault) -> YamlProblem:
    opening, closing = ("[", "]") if "']'" in fault.problem else ("{", "}")
    hint = f"close it with '{closing}', or put a ',' between its entries"
    if fault.begun is None or fault.begun[0] == fault.at[0]:
        message = f"a '{opening}' is not closed before this"
        return fault.explained(message, hint, None, fault.begun, "it is opened here")
    at_end = not "".join(fault.lines[fault.at[0] :]).strip()
    rest = "" if at_end else "this is not part of it"
    return fault.explained(f"this '{opening}' is not closed", hint, fault.begun, fault.at, rest)


def _open_quote(fault: _Fault) -> YamlProblem | None:
    """A quote that was not closed, or text behind one, judged by the token before the fault."""
    last = _last_token(fault)
    if last is None or last.end_mark.line != fault.at[0]:
        return None
    start = last.start_mark.line, last.start_mark.column
    is_quoted = isinstance(last, yaml.ScalarToken) and last.style in {"'", '"'}
    if is_quoted and start[0] < fault.at[0]:
        message = "a text in quotes ends before this"
        hint = 'close the quote where the text ends, or write \\" for a quote in the text'
        return fault.explained(message, hint, None, start, "that text begins here")
    closing = fault.line[last.end_mark.column - 1 : last.end_mark.column]
    if is_quoted or closing in {"]", "}"}:
        return _behind_closing(fault, closing, start[1] if is_quoted else None)
    return None


def _last_token(fault: _Fault) -> Any:
    """The last token before the fault, or None."""
    last = None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(fault.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if (token.start_mark.line, token.start_mark.column) >= fault.at:
                break
            last = token
    return last


def _behind_closing(fault: _Fault, closing: str, quote: int | None) -> YamlProblem | None:
    """The text behind a closing quote or bracket; `quote` is the column of the opening quote."""
    content = _content(fault.line)
    rest = content[fault.at[1] :]
    if not rest:
        return None
    if rest[0] in ",]})":
        return fault.explained(f"this is behind a closing {closing}", f"take the '{rest[0]}' out")
    hint = f'{_QUOTE_IT}, with a " before and behind it'
    if quote is not None:
        whole = content[quote:]
        hint = in_quotes(whole, _QUOTE_IT)
        if whole.endswith(closing) and whole.count(closing) % 2:
            other = "'" if closing == '"' else '"'
            hint = f"begin and end the whole text with {other} instead"
    return fault.explained(f"text goes on behind a closing {closing}", hint)


def _unclosed_quote(fault: _Fault) -> YamlProblem:
    return fault.explained("this quote is not closed", "close it", fault.begun)


def _behind_end(fault: _Fault) -> YamlProblem | None:
    if "..." not in map(_content, fault.lines[: fault.at[0]]):
        return None
    return fault.explained("this is behind the end of the document", "take the '...' above it out")


def _block_text(fault: _Fault) -> YamlProblem:
    sign = re.search(r"[|>][-+0-9]*(?=\s)", fault.line)
    name = sign[0] if sign else "this"
    hint = f"begin it on the line below {name}, indented"
    return fault.explained(f"text cannot begin on the line of {name}", hint)


class _Row(NamedTuple):
    """A way to explain an error."""

    problem: str
    """A regular expression for the parser's context and error, joined by ` | `."""
    message: str | Callable[[_Fault], YamlProblem | None]
    """What is wrong with the character there, or a function that returns the whole explanation."""
    hint: str = ""
    begun: str = ""
    """The beginning of the construct; empty to leave it out."""
    here: str = ""
    """A regular expression for the text at the parser's position."""
    anywhere: str = ""
    """A regular expression for a text anywhere in the file, which is then the position."""

    def explain(self, fault: _Fault) -> YamlProblem | None:
        """The explanation; None if this row does not apply."""
        if not isinstance(self.message, str):
            return self.message(fault)
        rest = fault.line[fault.at[1] :]
        at = fault.first(self.anywhere) if self.anywhere else fault.at
        if at is None or not re.match(self.here, rest):
            return None
        message = self.message.format(rest[:1])
        return fault.explained(message, self.hint, at, fault.begun, self.begun)


_TAB = "there is a tab where only spaces may be", "indent with spaces"
_EXPLANATIONS = (
    _Row(
        "",
        "a merge conflict was left in the file",
        "keep one of the two versions, and delete the lines with <<<<<<<, ======= and >>>>>>>",
        anywhere=r"^(<{7} |>{7} |\|{7} )",
    ),
    _Row("", *_TAB, here="\t"),
    _Row(r"\\t", *_TAB),
    _Row("", _odd_start),
    _Row(
        "",
        "there is a byte order mark inside the file",
        "delete this character, which cannot be seen, or type the line again",
        anywhere=BYTE_ORDER_MARK,
    ),
    _Row("could not find expected ':'|undefined alias|alphabetic or numeric", _no_dash),
    _Row("could not find expected ':'", _no_colon),
    _Row("mapping values are not allowed", _second_colon),
    _Row("did not find expected ',' or '[]}]'", _open_bracket),
    _Row(r"quoted scalar.*\|.*(end of stream|document indicator)", _unclosed_quote),
    _Row("did not find expected", _open_quote),
    _Row(
        "'-' indicator",
        "this is not an entry of the list",
        "put '- ' before it, or take the '- ' out of the others",
        "the list begins here",
    ),
    _Row(
        "block sequence entries",
        "a list cannot begin behind a key",
        "begin it on the next line, or write [one, two]",
    ),
    _Row(
        r"did not find expected key|\|.*expected <block end>",
        "this line does not line up with the others",
        _ALIGN,
        "they begin here",
    ),
    _Row("cannot start any token", "a text cannot begin with '{}'", _QUOTE_IT, here="."),
    _Row("unexpected ':'", "this ':' is read as part of a text", _QUOTE_IT),
    _Row(
        "undefined alias|alphabetic or numeric",
        "this is read as a reference to another part of the file, which has no such part",
        "text that begins with * or & must be in quotes",
    ),
    _Row(
        "escape character",
        "a backslash in double quotes must be doubled",
        "write \\\\ for a backslash, or put the text in single quotes",
    ),
    _Row(
        r"flow.*\|.*expected node content",
        "there is nothing before this ','",
        "take the ',' out",
        here=",",
    ),
    _Row(r"flow.*\|.*expected node content", "a text cannot begin like this", _QUOTE_IT),
    _Row(r"block scalar.*\|.*comment or line break", _block_text),
    _Row(r"\|.*expected <document start>", _behind_end),
    _Row(r"\|.*expected <document start>", "this does not go on from the lines above", _ALIGN),
)
"""The first that fits is taken: they go from the most to the least specific."""
