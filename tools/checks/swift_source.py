"""A Swift file with its words told apart from its code.

A rule about code must not trip over a comment or a string, so both are blanked there; a rule
about comments sees only those. Offsets and lines stay what they were, every blank is a space.
Interpolations inside strings count as string. Not told apart: regex literals of the bare form.
"""

import re
from functools import cached_property

OPENERS = re.compile(r'//|/\*|#*"""|#*"|`[^`\n]+`')
BLOCK_EDGES = re.compile(r"/\*|\*/")


class SwiftSource:
    """The text of one file, split once on first use."""

    def __init__(self, path: str, text: str):
        self.path = path
        self.text = text

    @cached_property
    def code(self) -> str:
        """The text with comments and the insides of strings blanked."""
        return self._split[0]

    @cached_property
    def comments(self) -> str:
        """The text with everything but comments blanked."""
        return self._split[1]

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def comment_lines(self) -> list[str]:
        return self.comments.split("\n")

    def line_at(self, offset: int) -> int:
        """The line, from 1, on which the character at `offset` stands."""
        return self.text.count("\n", 0, offset) + 1

    @cached_property
    def _split(self) -> tuple[str, str]:
        code, comments, at = [], [], 0
        for start, end, is_comment in spans(self.text):
            code.append(self.text[at:start])
            comments.append(blank(self.text[at:start]))
            inside = self.text[start:end]
            code.append(blank(inside))
            comments.append(inside if is_comment else blank(inside))
            at = end
        code.append(self.text[at:])
        comments.append(blank(self.text[at:]))
        return "".join(code), "".join(comments)


def blank(text: str) -> str:
    """`text` with every character but the line feeds made a space."""
    return re.sub(r"[^\n]", " ", text)


def spans(text: str):
    """Yields (start, end, is_comment) of every comment and every string's inside, in order."""
    at = 0
    while (found := OPENERS.search(text, at)) is not None:
        opener, start = found.group(), found.start()
        if opener == "//":
            at = end_of_line(text, start)
            yield start, at, True
        elif opener == "/*":
            at = end_of_block(text, start)
            yield start, at, True
        elif opener.startswith("`"):
            at = found.end()  # a raw identifier is code
        else:
            inside = found.end()
            at, end = end_of_string(text, inside, opener)
            yield inside, end, False


def end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def end_of_block(text: str, start: int) -> int:
    """Block comments nest in Swift."""
    depth, at = 1, start + 2
    while depth and (edge := BLOCK_EDGES.search(text, at)) is not None:
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return len(text) if depth else at


def end_of_string(text: str, inside: int, opener: str) -> tuple[int, int]:
    """Where scanning goes on, and where the string's inside ends.

    A one-line string that is not closed ends with its line, so that one odd quote blanks no more.
    """
    pounds = len(opener) - len(opener.lstrip("#"))
    closer = opener[pounds:] + "#" * pounds
    escape = "\\" + "#" * pounds
    at, one_line = inside, len(opener) - pounds == 1
    while at < len(text):
        if text.startswith(closer, at):
            return at + len(closer), at
        if text.startswith(escape + "(", at):
            at = end_of_interpolation(text, at + len(escape) + 1)
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif one_line and text[at] == "\n":
            return at, at
        else:
            at += 1
    return len(text), len(text)


def end_of_interpolation(text: str, at: int) -> int:
    """Past the parenthesis that closes an interpolation; strings may stand inside it."""
    depth = 1
    while at < len(text) and depth:
        if text[at] == '"':
            opener = '"""' if text.startswith('"""', at) else '"'
            at, _ = end_of_string(text, at + len(opener), opener)
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at
