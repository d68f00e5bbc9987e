"""Words and code are told apart, in every place where Swift lets one look like the other."""

import unittest

from tests import planted  # noqa: F401  puts tools/ on the path
from checks.swift_source import SwiftSource


def code(text: str) -> str:
    return " ".join(SwiftSource("A.swift", text).code.split())


class SwiftSourceTests(unittest.TestCase):
    def test_a_comment_is_not_code(self):
        self.assertEqual(code("a // try! b\nc"), "a c")

    def test_block_comments_nest_as_in_swift(self):
        self.assertEqual(code("a /* x /* y */ try! */ b"), "a b")

    def test_a_block_comment_that_never_ends_hides_the_rest(self):
        self.assertEqual(code("a /* x /* y */ b"), "a")

    def test_the_inside_of_a_string_is_blank(self):
        self.assertEqual(code('f("try! \\" x") + g'), 'f(" ") + g')

    def test_a_raw_string_may_hold_quotes(self):
        self.assertEqual(code('f(#"a " try! \\("#) + g'), 'f(#" "#) + g')

    def test_a_string_of_many_lines_ends_with_three_quotes(self):
        self.assertEqual(code('f("""\n try! "x" \n""") + g'), 'f(""" """) + g')

    def test_an_interpolation_may_hold_strings_with_parentheses(self):
        self.assertEqual(code('f("\\(g(")", 1)) try!") + h'), 'f(" ") + h')

    def test_an_interpolation_may_hold_a_string_of_many_lines(self):
        self.assertEqual(code('f("\\(g("""\n)"\n""")) try!") + h'), 'f(" ") + h')

    def test_a_string_that_is_not_closed_ends_with_its_line(self):
        self.assertEqual(code('a "b\ntry! c'), 'a " try! c')

    def test_a_string_open_at_the_end_of_the_file_is_blank(self):
        self.assertEqual(code('a """b'), 'a """')

    def test_a_raw_identifier_is_code_whatever_it_says(self):
        self.assertEqual(code('func `a "quoted" name`() {}'), 'func `a "quoted" name`() {}')

    def test_comments_keep_their_line_and_column(self):
        source = SwiftSource("A.swift", 'let a = "// no"  // yes\n')
        self.assertEqual(source.comments, " " * 17 + "// yes\n")


if __name__ == "__main__":
    unittest.main()
