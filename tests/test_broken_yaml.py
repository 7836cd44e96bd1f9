"""Text that is not YAML: what is said, where to click, and what to type."""

from __future__ import annotations

import pytest
from tests.support import run

COMPETENCE = """\
extends: pmo
domains:
  pmo-management:
    competences:
      pmo-design:
"""
BROKEN = {
    "a tab": (
        "a:\n\tb: 1\n",
        "2:1: PMO104 error: there is a tab where only spaces may be",
        "indent with spaces",
    ),
    "a merge conflict": (
        "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n",
        "2:1: PMO104 error: a merge conflict was left in the file",
        "keep one of the two versions, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    "a space that is none": (
        "extends: pmo\nframework:\n\u00a0 id: a\n  version: 1.0.0\n",
        (
            "3:1: PMO104 error: this line begins with the character U+00A0, which only looks like a "
            "space"
        ),
        "type ordinary spaces; it may have come with pasted text",
    ),
    "a key without a colon": (
        "a: 1\nb 2\nc: 3\n",
        "2:2: PMO104 error: there is no ': ' after 'b'",
        "write 'b: 2'; text that goes on from the line above is indented more than its key",
    ),
    "text that is indented too little": (
        "a: >-\n  one\nwords that were meant to go on here\nb: 1\n",
        "3:1: PMO104 error: there is no ':' after this key",
        "write 'key: value'; text that goes on from the line above is indented more than its key",
    ),
    "a key without a colon below a list in its column": (
        "a:\n- x\nb 2\nc: 3\n",
        "3:2: PMO104 error: there is no ': ' after 'b'",
        "write 'b: 2'; text that goes on from the line above is indented more than its key",
    ),
    "an entry without a dash": (
        "a:\n  - one\n    goes on\n\n  two words\n  - three\n",
        "5:3: PMO104 error: an entry of a list must begin with '- '",
        "write '- two words'",
    ),
    "an entry with a dash and no space": (
        "a:\n  - one\n  -two\n  - three\n",
        "3:3: PMO104 error: an entry of a list must begin with '- '",
        "write '- two'",
    ),
    "an entry with a bullet": (
        "a:\n  - one\n  \u2022 two\n  - three\n",
        "3:3: PMO104 error: an entry of a list must begin with '- '",
        "write '- two'",
    ),
    "an entry with a star": (
        "a:\n  * one, and much more than that in many words\n  * two\n",
        "2:3: PMO104 error: an entry of a list must begin with '- '",
        "put a dash and a space before 'one,': '- '",
    ),
    "an entry with a plus": (
        "a:\n  - one\n  + two\n  - three\n",
        "3:3: PMO104 error: an entry of a list must begin with '- '",
        "write '- two'",
    ),
    "text behind a quote": (
        'a: "Organising" meetings # and more\nb: 1\n',
        '1:17: PMO104 error: text goes on behind a closing "',
        "put the whole text in quotes: '\"Organising\" meetings'",
    ),
    "long text behind a quote, in a list": (
        'a:\n  - "Organising" meetings and boards so that people decide\n',
        '2:18: PMO104 error: text goes on behind a closing "',
        'put the whole text in quotes: a \' before "Organising" and one at its end',
    ),
    "both kinds of quotes": (
        'a: "Organising" the board\'s meetings\nb: 1\n',
        '1:17: PMO104 error: text goes on behind a closing "',
        (
            'put the whole text in quotes: a " before it and one at its end, and \\" for each that is '
            "in it"
        ),
    ),
    "an apostrophe in single quotes": (
        "a: 'P3O's Foundation'\nb: 1\n",
        "1:9: PMO104 error: text goes on behind a closing '",
        'begin and end the whole text with " instead',
    ),
    "text behind a bracket": (
        "a: [Senior] Analyst\nb: 1\n",
        "1:13: PMO104 error: text goes on behind a closing ]",
        'put the whole text in quotes, with a " before and behind it',
    ),
    "a brace too many": (
        "a: {b: 1}}\nc: 1\n",
        "1:10: PMO104 error: this is behind a closing }",
        "take the '}' out",
    ),
    "a comma as in JSON": (
        'a: "b",\nc: 1\n',
        '1:7: PMO104 error: this is behind a closing "',
        "take the ',' out",
    ),
    "an opening brace lost": (
        "a: level: 3, must_have: 2}\n",
        "1:9: PMO104 error: entries on one line must be in braces",
        "write {level: 3, must_have: 2}",
    ),
    "both braces lost": (
        "a: level: 3\n",
        "1:9: PMO104 error: entries on one line must be in braces",
        "write {level: 3}",
    ),
    "parentheses for braces": (
        "a: (level: 3, must_have: 2)\n",
        "1:10: PMO104 error: entries on one line must be in braces",
        "write {level: 3, must_have: 2}",
    ),
    "two colons in braces": (
        "{a: b::}\n",
        "1:7: PMO104 error: this ':' is read as part of a text",
        "put the whole text in quotes",
    ),
    "two commas": (
        "a: {b: 1,, c: 2}\n",
        "1:10: PMO104 error: there is nothing before this ','",
        "take the ',' out",
    ),
    "text on the line of its sign": (
        "a: >- one two\n  three\n",
        "1:7: PMO104 error: text cannot begin on the line of >-",
        "begin it on the line below >-, indented",
    ),
    "text behind the end": (
        "a: 1\n...\nb: 2\n",
        "3:1: PMO104 error: this is behind the end of the document",
        "take the '...' above it out",
    ),
    "a byte order mark inside the file": (
        "a: 1\n\ufeffb: 2\nc: 3\n",
        "2:1: PMO104 error: there is a byte order mark inside the file",
        "delete this character, which cannot be seen, or type the line again",
    ),
    "a first key without a colon": (
        "a:\n  name PMO Analyst\n  aliases:\n    - x\n",
        "2:7: PMO104 error: there is no ': ' after 'name'",
        "write 'name: PMO Analyst'",
    ),
    "two first keys without a colon, in a list": (
        "- name PMO Analyst\n  summary x\n\n  aliases: [x]\n",
        "1:7: PMO104 error: there is no ': ' after 'name'",
        "write 'name: PMO Analyst'",
    ),
    "an equals sign": (
        "a:\n  name = PMO Analyst\n  aliases:\n    - x\n",
        "2:7: PMO104 error: there is no ': ' after 'name'",
        "write 'name: PMO Analyst'",
    ),
    "a colon of another script, and a long text": (
        "a:\n  name\uff1aSomebody who analyses the work of the office\n  aliases: []\n",
        "2:7: PMO104 error: there is no ': ' after 'name'",
        "write 'name: ' in place of 'name\uff1a'",
    ),
    "a space that is none behind a colon": (
        "a:\n  name:\u00a0X\n  aliases:\n    - x\n",
        "2:8: PMO104 error: this is the character U+00A0, which only looks like a space",
        "type ordinary spaces; it may have come with pasted text",
    ),
    "an entry indented like the text that it stands in": (
        "a: one\n  goes on\n  b: two\n",
        "3:4: PMO104 error: an entry begins here inside the text of the line above",
        (
            'indent it like the line above; text that contains ": " must be in quotes, also over '
            "several lines"
        ),
    ),
    "a colon without a space": (
        "a:\n  b:1\n  c: 2\n",
        "2:4: PMO104 error: a space is missing after this ':'",
        "write 'b: 1'",
    ),
    "a colon in a text": (
        "a: one: two\n",
        "1:7: PMO104 error: there is a second ': ' in this entry",
        'text that contains ": " must be in quotes',
    ),
    "curly quotes": (
        "a: \u201cone: two\u201d\n",
        "1:8: PMO104 error: there is a second ': ' in this entry",
        "curly quotes are not quotes here; use straight ones, \"…\" or '…'",
    ),
    "an entry indented too far": (
        "a: one\n  b: two\n",
        "2:4: PMO104 error: an entry begins here inside the text of the line above",
        (
            'indent it like the line above; text that contains ": " must be in quotes, also over '
            "several lines"
        ),
    ),
    "an open bracket before more": (
        "a: [1, 2\nb: 3\n",
        "1:4: PMO104 error: this '[' is not closed",
        "close it with ']', or put a ',' between its entries",
        "2:2: this is not part of it",
    ),
    "an open brace at the end": (
        "a: {b: 1\n",
        "1:4: PMO104 error: this '{' is not closed",
        "close it with '}', or put a ',' between its entries",
    ),
    "a missing comma": (
        'a: ["x" "y"]\n',
        "1:9: PMO104 error: a '[' is not closed before this",
        "close it with ']', or put a ',' between its entries",
        "1:4: it is opened here",
    ),
    "an open quote at the end": (
        'a: "one\nb: 2\n',
        "1:4: PMO104 error: this quote is not closed",
        "close it",
    ),
    "an open quote before the end of the document": (
        'a: "one\n...\n',
        "1:4: PMO104 error: this quote is not closed",
        "close it",
    ),
    "an open quote before another": (
        'a: "one\nb: "two"\n',
        "2:5: PMO104 error: a text in quotes ends before this",
        'close the quote where the text ends, or write \\" for a quote in the text',
        "1:4: that text begins here",
    ),
    "a line that does not line up": (
        "a:\n  b: 1\n c: 2\n",
        "3:2: PMO104 error: this line does not line up with the others",
        "check the indentation and the quotes of this line and the one above",
        "1:1: they begin here",
    ),
    "a list that goes on without a dash": (
        "a:\n  - b\n  c: 1\n",
        "3:3: PMO104 error: this is not an entry of the list",
        "put '- ' before it, or take the '- ' out of the others",
        "2:3: the list begins here",
    ),
    "a list behind a key": (
        "a: - b\n",
        "1:4: PMO104 error: a list cannot begin behind a key",
        "begin it on the next line, or write [one, two]",
    ),
    "a sign that YAML keeps for later": (
        "a: @b\n",
        "1:4: PMO104 error: a text cannot begin with '@'",
        "put the whole text in quotes",
    ),
    "a star": (
        "a: *b\n",
        "1:4: PMO104 error: this is read as a reference to another part of the file, which has no such part",
        "text that begins with * or & must be in quotes",
    ),
    "a backslash": (
        'a: "C:\\data"\n',
        "1:7: PMO104 error: a backslash in double quotes must be doubled",
        "write \\\\ for a backslash, or put the text in single quotes",
    ),
    "a key that stands twice": (
        "extends: pmo\nframework: {id: a, version: 1.0.0, id: b}\n",
        "2:36: PMO105 error: 'id' is here again",
        "merge the two, or take one out",
        "2:13: it is first here",
    ),
    "a decimal with a comma": (
        "extends: pmo\nroles:\n  pmo-analyst: {requires: {communication: {level: 2,5}}}\n",
        "3:53: PMO202 error: '5' is not known here",
        "a decimal has a point: level: 2.5",
    ),
    "a name in place of an id": (
        "extends: pmo\nroles:\n  pmo-analyst: {leads_to: [PMO Manager]}\n",
        "3:28: PMO204 error: entry 1 of 'leads_to': expected a word without spaces, not 'PMO Manager'",
        "write its id, 'pmo-manager'",
    ),
    "a name in place of an id that is a key": (
        "extends: pmo\nroles:\n  pmo-analyst: {requires: {Strategic Thinking: 3}}\n",
        (
            "3:28: PMO204 error: the key 'Strategic Thinking' is not allowed: expected a word without "
            "spaces"
        ),
        "write its id, 'strategic-thinking'",
    ),
    "an id with a space": (
        "extends: pmo\nroles:\n  team lead: {name: Team lead, requires: {planning-scheduling: 1}}\n",
        "3:3: PMO204 error: the key 'team lead' is not allowed: expected a word without spaces",
        "write 'team-lead'",
    ),
    "a label in place of a level": (
        "extends: pmo\nroles:\n  pmo-analyst: {requires: {strategic-thinking: competent}}\n",
        "3:48: PMO203 error: 'level' must be a number, not 'competent'",
        "write 3, the level with this label",
    ),
    "a level with a letter": (
        f"{COMPETENCE}        levels: {{L1: x}}\n",
        "6:18: PMO203 error: the key 'L1' must be a number",
        "write 1",
    ),
    "a level in words": (
        f"{COMPETENCE}        levels: {{one: x}}\n",
        "6:18: PMO203 error: the key 'one' must be a number",
        "write a number such as 3",
    ),
    "a number with its unit": (
        "extends: pmo\ntraining:\n  p3o-foundation: {days: 3 days}\n",
        "3:26: PMO203 error: 'days' must be a number, not '3 days'",
        "write 3",
    ),
    "a number with a sign": (
        "extends: pmo\nreadiness: {ready: {at_least: 90 %}}\n",
        "2:31: PMO203 error: 'at_least' must be a number, not '90 %'",
        "write 90",
    ),
    "brackets for braces": (
        (
            "extends: pmo\nroles:\n"
            "  pmo-analyst: {requires: {strategic-thinking: [level: 3, must_have: 2.5]}}\n"
        ),
        "3:48: PMO203 error: 'strategic-thinking' must be a number, not a list",
        "write {level: 3, must_have: 2.5}",
    ),
    "a version of the format that there is not": (
        "extends: pmo\nschema: 2\n",
        "2:9: PMO204 error: 'schema': expected 1, not 2",
        "write 1 (The version of this file format)",
    ),
    "text in braces": (
        "extends: pmo\nroles:\n  pmo-analyst: {name: {PMO Analyst}}\n",
        "3:23: PMO203 error: 'name' must be text, not a mapping",
        'text that begins with { must be in quotes: "{PMO Analyst}"',
    ),
    "a place to be filled in": (
        "extends: pmo\nframework: {id: a, version: 1.0.0, title: {{ title }}}\n",
        "2:43: PMO111 error: a key must be one word or number",
        "if this is text, put the whole of it in quotes",
    ),
    "curly quotes around a month": (
        "extends: pmo\ntraining:\n  p3o-foundation: {checked: \u201c2026-11\u201d}\n",
        "3:29: PMO204 error: 'checked': expected a month such as 2026-11, not '\u201c2026-11\u201d'",
        "curly quotes are part of the text; use straight ones",
    ),
    "a word taken for a mark": (
        "extends: pmo\ntraining:\n  p3o-foundation:\n    title: &P3O Foundation\n",
        "4:12: PMO109 error: '&P3O' is not part of this text, but an anchor that nothing refers to",
        "text that begins with & must be in quotes",
    ),
    "a misspelt 'extends'": (
        "extend: pmo\nframework: {id: a, version: 1.0.0}\n",
        "1:1: PMO202 error: 'extend' is not known here",
        "did you mean 'extends'?",
    ),
    "a colon in a long entry of a list": (
        (
            f"{COMPETENCE}        evidence:\n"
            "          - Keeps: a calendar of boards and reviews and gets papers out on time\n"
        ),
        "7:13: PMO203 error: entry 1 of 'evidence' must be text, not a mapping",
        'text that contains ": " must be in quotes: a " before Keeps: and one at its end',
    ),
    "a colon in a short entry of a list": (
        f"{COMPETENCE}        evidence:\n          - Keeps: a calendar\n",
        "7:13: PMO203 error: entry 1 of 'evidence' must be text, not a mapping",
        'text that contains ": " must be in quotes: "Keeps: a calendar"',
    ),
    "a first entry without a dash": (
        f"{COMPETENCE}        evidence:\n          One\n          - Two\n",
        "7:11: PMO203 error: 'evidence' must be a list, not 'One - Two'",
        "begin each entry on a line of its own with '- ', the first one too",
    ),
    "a first entry with a dash and no space": (
        (
            f"{COMPETENCE}        evidence:\n          -A calendar of the boards\n"
            "          - Papers that went out on time\n"
        ),
        (
            "7:11: PMO203 error: 'evidence' must be a list, not "
            "'-A calendar of the boards - Papers that …'"
        ),
        "begin each entry with a dash and a space: '- '",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_message_says_where_to_click_and_what_to_type(tmp_path, name):
    text, first, hint, *second = BROKEN[name]
    (tmp_path / "f.yaml").write_bytes(text.encode())
    line, column = map(int, first.split(":")[:2])
    shown = "".join(
        "\ufffd" if letter in "\x85\ufeff" else " " if letter == "\t" else letter
        for letter in text.splitlines()[line - 1]
    )

    ran = run("validate", "f.yaml", "--select", "PMO1,PMO2", cwd=tmp_path)

    assert ran == (
        1,
        f"f.yaml:{first}\n"
        f"  {line:>4} | {shown}\n"
        f"       | {' ' * (column - 1)}^\n"
        + "".join(f"  f.yaml:{line_number}\n" for line_number in second)
        + f"  hint: {hint}\n",
        "1 file checked: 1 error, no warnings\n",
    )
