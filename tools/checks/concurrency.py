"""Promises the compiler cannot check carry their reason on a line beside them."""

import re

from .finding import Finding
from .swift_source import SwiftSource
from .tree import Tree, is_fixture

PROMISES = re.compile(r"@unchecked\s+Sendable\b|\bnonisolated\(unsafe\)|@preconcurrency\b")


def findings(tree: Tree) -> list[Finding]:
    return [
        item
        for path in tree.under("Sources", "Tests", ending=".swift")
        if not is_fixture(path)
        for item in unexplained(tree.swift(path))
    ]


def unexplained(source: SwiftSource) -> list[Finding]:
    return [
        Finding(source.path, line, f"`{hit.group()}` without its reason: say on the line before "
                "or after, in a comment, why it is safe")
        for hit in PROMISES.finditer(source.code)
        if not has_reason(source, line := source.line_at(hit.start()))
    ]


def has_reason(source: SwiftSource, line: int) -> bool:
    """Whether a comment of at least three words stands on `line` (from 1) or beside it."""
    beside = source.comment_lines[max(0, line - 2) : line + 1]
    return any(len(comment.split()) > 3 for comment in beside)
