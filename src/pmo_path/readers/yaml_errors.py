"""What is wrong with text that is not YAML, where to click and what to type.

The parser says where it gave up, which is often a line below the mistake, and in words about
parsing. Here its error becomes one about the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from pmo_path.domain.codes import Code
from pmo_path.readers.yaml_lines import (
    CURLY,
    MARKS,
    as_entry_of_list,
    content_column,
    has_colon,
    in_braces,
    in_quotes,
    indent,
    opens_block,
    said,
    without_colon,
)

if TYPE_CHECKING:
    from collections.abc import Callable


LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the parser counts as the end of a line."""

BYTE_ORDER_MARK = "\ufeff"
_CONFLICT = re.compile(r"<{7} |={7}$|>{7} |\|{7} ")
_ODD_SPACE = re.compile(r"[ \t]*[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]")
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)?(?P<key>[\w-]+):(?P<value>[^\s:/][^:]*)$")
_IN_QUOTES = 'text that holds ": " must stand in quotes'
_GOES_ON = "text that goes on from the line above is indented more than its key"
_ALIGN = "check the indentation and the quotes of this line and the one above"


class YamlProblem(Exception):
    """The text is not YAML that can be used: what is wrong, and the place (counted from 1)."""

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
        """Line, column and meaning of a second place."""


class _Fault(NamedTuple):
    """A parser's error with the text that it is about; lines and columns count from 0."""

    problem: str
    line: int
    column: int
    context: str
    begun: tuple[int, int] | None
    """Where that began which could not be ended."""
    lines: list[str]
    text: str

    @property
    def here(self) -> str:
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def above(self) -> int:
        """The last line above that is not blank; -1 when there is none."""
        return next((one for one in range(self.line - 1, -1, -1) if self.lines[one].strip()), -1)

    def says(self, message: str, hint: str = "", begun: str = "") -> YamlProblem:
        related = (self.begun[0] + 1, self.begun[1] + 1, begun) if self.begun and begun else None
        return YamlProblem(
            Code.SYNTAX, message, self.line + 1, self.column + 1, hint, related=related
        )

    def moved(self, line: int, column: int) -> _Fault:
        return self._replace(line=line, column=column)


def syntax_problem(error: yaml.MarkedYAMLError, text: str) -> YamlProblem:
    """The parser's error in the words of whoever edits the file."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if "expected a single document" in str(error.context):
        hint = "keep one, without '---'"
        return YamlProblem(
            Code.SECOND_DOCUMENT, "a second document starts here", line + 1, column + 1, hint
        )
    begun = error.context_mark
    fault = _Fault(
        problem=error.problem or "this is not YAML",
        line=line,
        column=column,
        context=error.context or "",
        begun=(begun.line, begun.column) if begun else None,
        lines=LINE_BREAK.split(text),
        text=text,
    )
    found = (explain(fault) for explain in _EXPLANATIONS)
    return next((one for one in found if one is not None), None) or _as_the_parser_says(fault)


def _as_the_parser_says(fault: _Fault) -> YamlProblem:
    context = f" ({fault.context})" if fault.context else ""
    return fault.says(f"{fault.problem}{context}")


def _merge_conflict(fault: _Fault) -> YamlProblem | None:
    for number, line in enumerate(fault.lines):
        if _CONFLICT.match(line) and not line.startswith("="):
            return fault.moved(number, 0).says(
                "a merge conflict was left in the file",
                "keep one of the two versions, and delete the lines with <<<<<<<, ======= and "
                ">>>>>>>",
            )
    return None


def _tab(fault: _Fault) -> YamlProblem | None:
    if fault.here[fault.column : fault.column + 1] == "\t" or "\\t" in fault.problem:
        return fault.says("there is a tab where only spaces may be", "indent with spaces")
    return None


def _odd_space(fault: _Fault) -> YamlProblem | None:
    for number in (fault.line, fault.above):
        found = _ODD_SPACE.match(fault.lines[number]) if 0 <= number < len(fault.lines) else None
        if found:
            column = found.end() - 1
            return fault.moved(number, column).says(
                f"this line begins with the character U+{ord(found[0][-1]):04X}, which only "
                "looks like a space",
                "type ordinary spaces; it may have come with pasted text",
            )
    return None


def _inner_mark(fault: _Fault) -> YamlProblem | None:
    for number in (fault.line, fault.above):
        line = fault.lines[number] if 0 <= number < len(fault.lines) else ""
        if BYTE_ORDER_MARK in line:
            return fault.moved(number, line.index(BYTE_ORDER_MARK)).says(
                "a byte order mark stands inside the file",
                "delete this character, which cannot be seen, or type the line anew",
            )
    return None


def _no_colon(fault: _Fault) -> YamlProblem | None:
    if "could not find expected ':'" not in fault.problem or fault.begun is None:
        return None
    told = without_colon(fault.lines[fault.begun[0]])
    if told is not None:
        hint = f"{told.hint}; {_GOES_ON}"
        return fault.moved(fault.begun[0], told.column).says(told.message, hint)
    return fault.moved(*fault.begun).says(
        "there is no ':' after this key", f"write 'key: value'; {_GOES_ON}"
    )


def _no_dash(fault: _Fault) -> YamlProblem | None:
    is_key = "could not find expected ':'" in fault.problem and fault.begun is not None
    number = fault.begun[0] if is_key and fault.begun else fault.line
    if not (is_key or _is_no_reference(fault)) or number >= len(fault.lines):
        return None
    line = fault.lines[number]
    text = line.strip()
    if text.startswith("- ") or not (text.startswith(MARKS) or _is_within_list(fault, number)):
        return None
    told = as_entry_of_list(line)
    return fault.moved(number, told.column).says(told.message, told.hint)


def _is_within_list(fault: _Fault, number: int) -> bool:
    """Whether the lines above belong to entries of a list that begin where this line does."""
    column, is_list = indent(fault.lines[number]), False
    for line in reversed(fault.lines[:number]):
        if not said(line) or indent(line) > column:
            continue
        if indent(line) < column:
            return is_list
        if not line.startswith("- ", column):
            return False  # a list may begin in the column of its key
        is_list = True
    return is_list


def _is_no_reference(fault: _Fault) -> bool:
    return "undefined alias" in fault.problem or "alphabetic or numeric" in fault.problem


def _second_colon(fault: _Fault) -> YamlProblem | None:
    if "mapping values are not allowed" not in fault.problem:
        return None
    wrong_above = _wrong_above(fault) if _begins_entry(fault) else None
    if wrong_above is not None:
        return wrong_above
    if CURLY.search(fault.here):
        hint = "curly quotes are not quotes here; use straight ones, \"…\" or '…'"
        return fault.says("there is a second ': ' in this entry", hint)
    if _begins_entry(fault):
        hint = f"indent it like the line above; {_IN_QUOTES}, also over several lines"
        return fault.says("an entry begins here inside the text of the line above", hint)
    lost = in_braces(said(fault.here).partition(": ")[2])
    if lost:
        return fault.says("entries on one line must stand in braces", lost)
    return fault.says("there is a second ': ' in this entry", _IN_QUOTES)


def _wrong_above(fault: _Fault) -> YamlProblem | None:
    """The mistake in a line above, which made the parser take an entry for more text."""
    above = fault.lines[fault.above] if fault.above >= 0 else ""
    joined = _KEY_WITHOUT_SPACE.match(above)
    if joined:
        return fault.moved(fault.above, joined.end("key")).says(
            "a space is missing after this ':'",
            f"write '{joined['key']}: {joined['value'].strip()}'",
        )
    first = _first_without_colon(fault)
    return None if first is None else _no_colon_in(fault, first)


def _first_without_colon(fault: _Fault) -> int | None:
    """The line that begins a block without a key, when the line of the fault goes on in it."""
    column, first = content_column(fault.here), None
    for number in range(fault.line - 1, -1, -1):
        line = fault.lines[number]
        if not said(line):
            continue
        if content_column(line) != column or has_colon(line):
            return first if indent(line) < column and opens_block(line) else None
        first = number
        if indent(line) < column:  # behind the dash of a list's entry
            return first
    return first


def _no_colon_in(fault: _Fault, number: int) -> YamlProblem | None:
    told = without_colon(fault.lines[number])
    return fault.moved(number, told.column).says(told.message, told.hint) if told else None


def _begins_entry(fault: _Fault) -> bool:
    """Whether the colon that the parser stumbled over is the first of its line."""
    return ": " not in fault.here[: fault.column]


def _open_bracket(fault: _Fault) -> YamlProblem | None:
    found = re.search(r"did not find expected ',' or '([\]}])'", fault.problem)
    if found is None:
        return None
    opening = {"]": "[", "}": "{"}[found[1]]
    hint = f"close it with '{found[1]}', or put a ',' between its entries"
    if fault.begun is None or fault.begun[0] == fault.line:
        return fault.says(f"a '{opening}' is not closed before this", hint, "it is opened here")
    opened = fault.moved(*fault.begun)._replace(begun=(fault.line, fault.column))
    at_end = not "".join(fault.lines[fault.line :]).strip()
    return opened.says(
        f"this '{opening}' is not closed",
        hint,
        "" if at_end else "what stands here is not part of it",
    )


def _open_quote(fault: _Fault) -> YamlProblem | None:
    is_open = "end of stream" in fault.problem or "document indicator" in fault.problem
    if "quoted scalar" in fault.context and fault.begun and is_open:
        return fault.moved(*fault.begun).says("this quote is not closed", "close it")
    if "did not find expected" not in fault.problem:
        return None
    last = _last_token(fault)
    if last is None or last.end_mark.line != fault.line:
        return None
    start = last.start_mark.line, last.start_mark.column
    is_quoted = isinstance(last, yaml.ScalarToken) and last.style in {"'", '"'}
    if is_quoted and start[0] < fault.line:
        hint = 'close the quote where the text ends, or write \\" for a quote in the text'
        return fault._replace(begun=start).says(
            "a text in quotes ends before this", hint, "that text begins here"
        )
    closing = fault.here[last.end_mark.column - 1 : last.end_mark.column]
    if is_quoted or closing in {"]", "}"}:
        return _behind_closing(fault, closing, start if is_quoted else None)
    return None


def _behind_closing(
    fault: _Fault, closing: str, quote: tuple[int, int] | None
) -> YamlProblem | None:
    """What stands behind a text in quotes, or behind brackets, as if it belonged to them."""
    rest = said(fault.here)[fault.column :]
    if not rest:
        return None
    if rest[0] in ",]})":
        return fault.says(f"this stands behind a closing {closing}", f"take the '{rest[0]}' out")
    message = f"text goes on behind a closing {closing}"
    if quote is None:
        return fault.says(message, 'put the whole text in quotes, with a " before and behind it')
    whole = said(fault.here)[quote[1] :]
    if whole.endswith(closing) and whole.count(closing) % 2:
        other = "'" if closing == '"' else '"'
        return fault.says(message, f"begin and end the whole text with {other} instead")
    return fault.says(message, in_quotes(whole, "put the whole text in quotes"))


def _last_token(fault: _Fault) -> Any:
    """The last thing that was read before the fault; None when nothing could be."""
    last = None
    try:
        for token in yaml.scan(fault.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if (token.start_mark.line, token.start_mark.column) >= (fault.line, fault.column):
                break
            last = token
    except yaml.YAMLError:
        return last
    return last


def _not_in_line(fault: _Fault) -> YamlProblem | None:
    if "'-' indicator" in fault.problem:
        hint = "put '- ' before it, or take the '- ' out of the others"
        return fault.says("this is not an entry of the list", hint, "the list begins here")
    if "block sequence entries" in fault.problem:
        return fault.says(
            "a list cannot begin behind a key", "begin it on the next line, or write [one, two]"
        )
    if "did not find expected key" in fault.problem or "expected <block end>" in fault.problem:
        return fault.says("this line does not line up with the others", _ALIGN, "they begin here")
    return None


def _needs_quotes(fault: _Fault) -> YamlProblem | None:
    character = fault.here[fault.column : fault.column + 1]
    if "cannot start any token" in fault.problem and character:
        return fault.says(
            f"a text cannot begin with '{character}'", "put the whole text in quotes"
        )
    if "unexpected ':'" in fault.problem:
        return fault.says("this ':' is read as part of a text", "put the whole text in quotes")
    if _is_no_reference(fault):
        return fault.says(
            "this is read as a reference to another place, and there is none",
            "text that begins with * or & must stand in quotes",
        )
    if "escape character" in fault.problem:
        hint = "write \\\\ for a backslash, or put the text in single quotes"
        return fault.says("a backslash in double quotes must be doubled", hint)
    return None


def _in_flow(fault: _Fault) -> YamlProblem | None:
    if "expected node content" not in fault.problem or "flow" not in fault.context:
        return None
    if fault.here[fault.column : fault.column + 1] == ",":
        return fault.says("nothing stands before this ','", "take the ',' out")
    return fault.says("a text cannot begin like this", "put the whole text in quotes")


def _block_text(fault: _Fault) -> YamlProblem | None:
    if "block scalar" not in fault.context or "comment or line break" not in fault.problem:
        return None
    found = re.search(r"[|>][-+0-9]*(?=\s)", fault.here)
    sign = found[0] if found else "this"
    return fault.says(
        f"text cannot begin on the line of {sign}", f"begin it on the line below {sign}, indented"
    )


def _second_start(fault: _Fault) -> YamlProblem | None:
    if "expected <document start>" not in fault.problem:
        return None
    if any(said(line) == "..." for line in fault.lines[: fault.line]):
        return fault.says(
            "this stands behind the end of the document", "take the '...' above it out"
        )
    return fault.says("this does not go on from the lines above", _ALIGN)


_EXPLANATIONS: tuple[Callable[[_Fault], YamlProblem | None], ...] = (
    _merge_conflict,
    _tab,
    _odd_space,
    _inner_mark,
    _no_dash,
    _no_colon,
    _second_colon,
    _open_bracket,
    _open_quote,
    _not_in_line,
    _needs_quotes,
    _in_flow,
    _block_text,
    _second_start,
)
