"""Errors of the YAML parser, explained: where to click and what to type.

The parser says where it gave up, which is often a line below the mistake, and in words about
parsing. `_EXPLANATIONS` turns its error into one about the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from pmo_path.domain.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the parser counts as the end of a line."""
BYTE_ORDER_MARK = "\ufeff"
ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Characters that look like a space, for a regular expression."""
INVISIBLE = "\u200b\u2060\u180e"
"""Invisible characters that no script needs, for a regular expression."""
MARKS = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2022", "\u00b7", "* ", "+ ")
"""What people begin the entries of a list with."""
CURLY = re.compile("[\u2018-\u201f]")
_SHOWN = 40
"""The longest text that a hint repeats; nothing that should be typed is cut short."""
_WORDS_OF_A_VALUE = 4
"""A line with more words behind its first one is prose."""

_COMMENT = re.compile(r"(?:^|\s)#.*")
_CONTENT = re.compile(r" *(?:- +)*")
_CONFLICT = re.compile(r"<{7} |>{7} |\|{7} ")
_ODD_START = re.compile(rf"[ \t]*[{ODD_SPACES}{INVISIBLE}]")
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


class YamlProblem(Exception):
    """Text that is not usable YAML: what is wrong, and where (counted from 1)."""

    def __init__(  # noqa: PLR0913  a value
        self,
        code: Code,
        message: str,
        line: int,
        column: int,
        hint: str = "",
        *,
        related: tuple[int, int, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.line, self.column = line, column
        self.related = related
        """Line, column and meaning of a second position."""
        self.others: list[YamlProblem] = []
        """Problems that were found before this one."""


class _Fault(NamedTuple):
    """A parser's error with the text that it is about; lines and columns count from 0."""

    problem: str
    line: int
    column: int
    context: str
    begun: tuple[int, int] | None
    """Where the construct begins that could not be ended."""
    lines: list[str]
    text: str

    @property
    def source_line(self) -> str:
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def above(self) -> int:
        """The index of the last line above that is not blank, or -1."""
        above = range(self.line - 1, -1, -1)
        return next((number for number in above if self.lines[number].strip()), -1)

    def explained(self, message: str, hint: str = "", begun: str = "") -> YamlProblem:
        related = (self.begun[0] + 1, self.begun[1] + 1, begun) if self.begun and begun else None
        line, column = self.line + 1, self.column + 1
        return YamlProblem(Code.SYNTAX, message, line, column, hint, related=related)

    def moved(self, line: int, column: int) -> _Fault:
        return self._replace(line=line, column=column)

    def is_about(self, *phrases: str) -> bool:
        return any(phrase in self.problem for phrase in phrases)


def syntax_problem(error: yaml.MarkedYAMLError, text: str) -> YamlProblem:
    """The parser's error in the words of people who edit the file."""
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if "expected a single document" in str(error.context):
        message, hint = "a second document starts here", "keep one, without '---'"
        return YamlProblem(Code.SECOND_DOCUMENT, message, line + 1, column + 1, hint)
    fault = _Fault(
        problem=error.problem or "this is not YAML",
        line=line,
        column=column,
        context=error.context or "",
        begun=(begun.line, begun.column) if begun else None,
        lines=LINE_BREAK.split(text),
        text=text,
    )
    for explain in _EXPLANATIONS:
        explained = explain(fault)
        if explained is not None:
            return explained
    context = f" ({fault.context})" if fault.context else ""
    return fault.explained(f"{fault.problem}{context}")


def odd_character(character: str, where: str) -> tuple[str, str]:
    """The message about a character that looks like a space or like nothing, and the hint."""
    name = f"the character U+{ord(character):04X}"
    if re.match(f"[{ODD_SPACES}]", character):
        message = f"{where} {name}, which only looks like a space"
        return message, "type ordinary spaces; it may have come with pasted text"
    return f"{where} {name}, which cannot be seen", "delete it; it may have come with pasted text"


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


def _has_colon(line: str) -> bool:
    content = _content(line)
    return ": " in content or content.endswith(":")


def in_quotes(text: str, reason: str) -> str:
    """`reason`, and what to type: the text if it is short, otherwise where its quotes go."""
    mark = "'" if '"' in text else '"'
    if mark in text:
        return f'{reason}: a " before it and one at its end, and \\" for each that is in it'
    if len(text) <= _SHOWN:
        return f"{reason}: {mark}{text}{mark}"
    return f"{reason}: a {mark} before {text.split(maxsplit=1)[0]} and one at its end"


def _in_braces(value: str) -> str:
    """What to type for `level: 3, must_have: 2` behind a key; empty when it is something else."""
    entries = _ENTRIES.fullmatch(value.strip())
    if entries is None:
        return ""
    inner = entries["inner"].strip()
    is_list = entries["open"] or entries["close"] or ", " in inner
    return f"write {{{inner}}}" if is_list or _NUMBER_AT_END.search(inner) else ""


# --- Explanations, from the most to the least specific --------------------------------------------


@dataclass
class _Row:
    """An explanation by the parser's words alone."""

    problem: str
    """What the parser's error contains, context and problem, as a regular expression."""
    message: str
    hint: str = ""
    begun: str = ""
    """What is at the beginning of the construct; empty to leave it out."""
    text: str = ""
    """How the text goes on behind the error, as a regular expression."""

    def __call__(self, fault: _Fault) -> YamlProblem | None:
        if not re.search(self.problem, f"{fault.context} | {fault.problem}"):
            return None
        text = re.match(self.text, fault.source_line[fault.column :])
        if text is None:
            return None
        return fault.explained(self.message.format(text[0]), self.hint, self.begun)


def _merge_conflict(fault: _Fault) -> YamlProblem | None:
    for number, line in enumerate(fault.lines):
        if _CONFLICT.match(line):
            return fault.moved(number, 0).explained(
                "a merge conflict was left in the file",
                "keep one of the two versions, and delete the lines with <<<<<<<, ======= and "
                ">>>>>>>",
            )
    return None


def _odd_start(fault: _Fault) -> YamlProblem | None:
    for number in (fault.line, fault.above):
        odd = _ODD_START.match(fault.lines[number]) if 0 <= number < len(fault.lines) else None
        if odd:
            message, hint = odd_character(odd[0][-1], "this line begins with")
            return fault.moved(number, odd.end() - 1).explained(message, hint)
    return None


def _inner_mark(fault: _Fault) -> YamlProblem | None:
    for number, line in enumerate(fault.lines):
        if number and BYTE_ORDER_MARK in line:
            return fault.moved(number, line.index(BYTE_ORDER_MARK)).explained(
                "there is a byte order mark inside the file",
                "delete this character, which cannot be seen, or type the line again",
            )
    return None


def _no_dash(fault: _Fault) -> YamlProblem | None:
    number = fault.line
    if fault.is_about("could not find expected ':'") and fault.begun:
        number = fault.begun[0]
    elif not fault.is_about("undefined alias", "alphabetic or numeric"):
        return None
    line = fault.lines[number] if number < len(fault.lines) else ""
    text = line.strip()
    is_entry = text.startswith(MARKS) or _is_within_list(fault, number)
    if not text or text.startswith("- ") or not is_entry:
        return None
    mark = next((mark for mark in MARKS if text.startswith(mark)), "")
    rest = _content(line).strip().removeprefix(mark).strip()
    hint = f"write '- {rest}'"
    if not rest or len(rest) > _SHOWN:
        before = f"before '{rest.split(maxsplit=1)[0]}'" if rest else "before the text"
        hint = f"put a dash and a space {before}: '- '"
    entry = fault.moved(number, _indent(line))
    return entry.explained("an entry of a list must begin with '- '", hint)


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
    if not fault.is_about("could not find expected ':'") or fault.begun is None:
        return None
    problem = _without_colon(fault, fault.begun[0])
    if problem is None:
        problem = fault.moved(*fault.begun).explained(
            "there is no ':' after this key", "write 'key: value'"
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
    if sign.startswith(":"):
        message, hint = odd_character(sign[1], "this is")
        return fault.moved(number, entry.start("sign") + 1).explained(message, hint)
    if not sign and len(value.split()) > _WORDS_OF_A_VALUE:
        return None
    hint = f"write '{key}: {value}'"
    if len(value) > _SHOWN:
        hint = f"write '{key}: ' in place of '{key}{entry['sign'] or ' '}'"
    return fault.moved(number, entry.start("sign")).explained(
        f"there is no ': ' after '{key}'", hint
    )


def _second_colon(fault: _Fault) -> YamlProblem | None:
    if not fault.is_about("mapping values are not allowed"):
        return None
    begins_entry = ": " not in fault.source_line[: fault.column]
    cause = _cause_above(fault) if begins_entry else None
    if cause is not None:
        return cause
    if CURLY.search(fault.source_line):
        message = "there is a second ': ' in this entry"
        hint = "curly quotes are not quotes here; use straight ones, \"…\" or '…'"
    elif begins_entry:
        message = "an entry begins here inside the text of the line above"
        hint = f"indent it like the line above; {_IN_QUOTES}, also over several lines"
    elif braced := _in_braces(_content(fault.source_line).partition(": ")[2]):
        message, hint = "entries on one line must be in braces", braced
    else:
        message, hint = "there is a second ': ' in this entry", _IN_QUOTES
    return fault.explained(message, hint)


def _cause_above(fault: _Fault) -> YamlProblem | None:
    """The mistake in a line above, after which the parser takes an entry for more text."""
    above = fault.lines[fault.above] if fault.above >= 0 else ""
    joined = _KEY_WITHOUT_SPACE.match(above)
    if joined:
        return fault.moved(fault.above, joined.end("key")).explained(
            "a space is missing after this ':'",
            f"write '{joined['key']}: {joined['value'].strip()}'",
        )
    first = _first_without_colon(fault)
    return None if first is None else _without_colon(fault, first)


def _first_without_colon(fault: _Fault) -> int | None:
    """The line without a key that begins the block of the fault's line."""
    column, first = _content_column(fault.source_line), None
    for number in range(fault.line - 1, -1, -1):
        line = fault.lines[number]
        if not _content(line):
            continue
        if _content_column(line) != column or _has_colon(line):
            opens_block = _indent(line) < column and _content(line).endswith(":")
            return first if opens_block else None
        first = number
        if _indent(line) < column:  # behind the dash of a list's entry
            return first
    return first


def _open_bracket(fault: _Fault) -> YamlProblem | None:
    expected = re.search(r"did not find expected ',' or '([\]}])'", fault.problem)
    if expected is None:
        return None
    opening = {"]": "[", "}": "{"}[expected[1]]
    hint = f"close it with '{expected[1]}', or put a ',' between its entries"
    if fault.begun is None or fault.begun[0] == fault.line:
        message = f"a '{opening}' is not closed before this"
        return fault.explained(message, hint, "it is opened here")
    opened = fault.moved(*fault.begun)._replace(begun=(fault.line, fault.column))
    at_end = not "".join(fault.lines[fault.line :]).strip()
    rest = "" if at_end else "this is not part of it"
    return opened.explained(f"this '{opening}' is not closed", hint, rest)


def _open_quote(fault: _Fault) -> YamlProblem | None:
    at_end = fault.is_about("end of stream", "document indicator")
    if "quoted scalar" in fault.context and fault.begun and at_end:
        return fault.moved(*fault.begun).explained("this quote is not closed", "close it")
    last = _last_token(fault) if fault.is_about("did not find expected") else None
    if last is None or last.end_mark.line != fault.line:
        return None
    start = last.start_mark.line, last.start_mark.column
    is_quoted = isinstance(last, yaml.ScalarToken) and last.style in {"'", '"'}
    if is_quoted and start[0] < fault.line:
        return fault._replace(begun=start).explained(
            "a text in quotes ends before this",
            'close the quote where the text ends, or write \\" for a quote in the text',
            "that text begins here",
        )
    closing = fault.source_line[last.end_mark.column - 1 : last.end_mark.column]
    if is_quoted or closing in {"]", "}"}:
        return _behind_closing(fault, closing, start[1] if is_quoted else None)
    return None


def _behind_closing(fault: _Fault, closing: str, quote: int | None) -> YamlProblem | None:
    """The text behind a closing quote or bracket; `quote` is the column of the opening quote."""
    rest = _content(fault.source_line)[fault.column :]
    if not rest:
        return None
    if rest[0] in ",]})":
        return fault.explained(f"this is behind a closing {closing}", f"take the '{rest[0]}' out")
    hint = f'{_QUOTE_IT}, with a " before and behind it'
    if quote is not None:
        whole = _content(fault.source_line)[quote:]
        hint = in_quotes(whole, _QUOTE_IT)
        if whole.endswith(closing) and whole.count(closing) % 2:
            other = "'" if closing == '"' else '"'
            hint = f"begin and end the whole text with {other} instead"
    return fault.explained(f"text goes on behind a closing {closing}", hint)


def _last_token(fault: _Fault) -> Any:
    """The last token before the fault, or None."""
    last = None
    try:
        for token in yaml.scan(fault.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if (token.start_mark.line, token.start_mark.column) >= (fault.line, fault.column):
                break
            last = token
    except yaml.YAMLError:
        return last
    return last


def _block_text(fault: _Fault) -> YamlProblem | None:
    if "block scalar" not in fault.context or not fault.is_about("comment or line break"):
        return None
    sign = re.search(r"[|>][-+0-9]*(?=\s)", fault.source_line)
    name = sign[0] if sign else "this"
    return fault.explained(
        f"text cannot begin on the line of {name}", f"begin it on the line below {name}, indented"
    )


def _after_end(fault: _Fault) -> YamlProblem | None:
    ended = any(_content(line) == "..." for line in fault.lines[: fault.line])
    if not ended or not fault.is_about("expected <document start>"):
        return None
    return fault.explained("this is behind the end of the document", "take the '...' above it out")


_TAB = _Row("", "there is a tab where only spaces may be", "indent with spaces", text="\t")
_EXPLANATIONS: tuple[Callable[[_Fault], YamlProblem | None], ...] = (
    _merge_conflict,
    _TAB,
    _Row(r"\\t", _TAB.message, _TAB.hint),
    _odd_start,
    _inner_mark,
    _no_dash,
    _no_colon,
    _second_colon,
    _open_bracket,
    _open_quote,
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
    _Row("cannot start any token", "a text cannot begin with '{}'", _QUOTE_IT, text="."),
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
        text=",",
    ),
    _Row(r"flow.*\|.*expected node content", "a text cannot begin like this", _QUOTE_IT),
    _block_text,
    _after_end,
    _Row(r"\|.*expected <document start>", "this does not go on from the lines above", _ALIGN),
)
