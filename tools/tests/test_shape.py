"""Lengths, blanks, words, decision records, dead files: each violation planted and named."""

import unittest

from tests.planted import PlantedTestCase
from checks import dead, decisions, shape, words


class ShapeTests(PlantedTestCase):
    def test_a_source_file_over_the_limit_is_named(self):
        self.plant("Sources/A/A.swift", "let a = 1\n" * 351)
        self.plant("Sources/A/B.swift", "let b = 1\n" * 350)
        self.assert_named(shape, "Sources/A/A.swift: 351 lines, 350 at most")

    def test_a_line_over_the_limit_is_named_unless_one_word_fills_it(self):
        self.plant("Sources/A/A.swift", "// " + "word " * 20 + "\n")
        self.plant("Sources/A/B.swift", "  // " + "ab12" * 30 + "\n")
        self.plant("Sources/A/C.swift", "// " + "word " * 19 + "wo\n")
        self.assertEqual(self.found_by(shape), [
            "Sources/A/A.swift:1: 103 columns, 100 at most: break the line",
            "Sources/A/A.swift:1: blanks at the end of the line: delete them"])

    def test_the_ends_of_lines_and_files_are_clean(self):
        self.plant("a.yaml", "a: 1 \nb: 2")
        self.plant("b.yaml", "a: 1\n\n")
        self.assert_named(shape, "a.yaml: no line feed at the end",
                          "a.yaml:1: blanks at the end of the line", "b.yaml: empty lines")


class DecisionsTests(PlantedTestCase):
    def test_two_records_with_one_number_are_named(self):
        for name in ("0001-keys", "0002-files", "0002-times", "0003-last", "notes"):
            self.plant(f"{decisions.FOLDER}/{name}.md", "# A\n")
        self.assert_named(
            decisions,
            f"{decisions.FOLDER}/0002-times.md: 0002 is the number of "
            f"{decisions.FOLDER}/0002-files.md already",
            f"{decisions.FOLDER}/notes.md: no number")


class WordsTests(PlantedTestCase):
    def test_a_package_type_without_a_doc_comment_is_named(self):
        self.plant("Sources/A/A.swift", "/// Said.\n@frozen\npackage struct Said {}\n\n"
                   "package final class Bare {}\nstruct Own {}\n"
                   "package enum Late {  /// not above\n  package struct Nested {}\n}\n")
        self.assert_named(words, "Sources/A/A.swift:5: `Bare` has no doc comment",
                          "Sources/A/A.swift:7: `Late` has no doc comment")

    def test_a_test_that_is_not_a_sentence_is_named(self):
        self.plant("Tests/ATests/A.swift", "@Test func `an approval is refused`() {}\n"
                   "@Test(arguments: [1])\nmutating func testTwo(n: Int) {}\n"
                   "@Test func `two words`() {}\n")
        self.assert_named(words, "Tests/ATests/A.swift:3: test `testTwo`",
                          "Tests/ATests/A.swift:4: test ``two words``")

    def test_a_python_test_has_a_name_of_three_words(self):
        self.plant("tools/tests/test_a.py", '"""A."""\n\nclass A:\n    def test_a(self):\n'
                   "        pass\n\n    def test_an_a_is_refused(self):\n        pass\n")
        self.assert_named(words, "tools/tests/test_a.py:4: test `test_a`")

    def test_a_python_file_says_what_it_is_for(self):
        self.plant("tools/a.py", "#!/usr/bin/env python3\nimport os\n")
        self.assert_named(words, "tools/a.py:1: no docstring")

    def test_a_document_has_one_title_and_it_comes_first(self):
        self.plant("a.md", "# A\n\n```\n# not one\n```\n")
        self.plant("b.md", "# B\n\n# C\n")
        self.plant("c.md", "text\n\n# C\n")
        self.plant("d.md", "text\n")
        self.assert_named(words, "b.md:3: 2 titles", "c.md:1: 1 titles", "d.md:1: 0 titles")


class DeadFilesTests(PlantedTestCase):
    def test_a_source_that_no_other_file_uses_is_named(self):
        self.plant("Sources/A/Used.swift", "struct Used { func go() {} }\n")
        self.plant("Sources/A/Lost.swift", "struct Lost { var nowhere = Used() }\n")
        self.plant("Sources/A/Main.swift", "@main struct Main {}\n")
        self.assert_named(dead, "Sources/A/Lost.swift: nothing it declares is used")

    def test_a_fixture_may_be_named_by_its_folder(self):
        self.plant("Tests/ATests/A.swift", 'let a = "Vectors"\nlet b = "golden"\n')
        self.plant("Tests/ATests/Fixtures/Vectors/one.json", "{}\n")
        self.plant("Tests/ATests/Fixtures/golden.json", "{}\n")
        self.plant("Tests/ATests/Fixtures/lost.json", "{}\n")
        self.assert_named(dead, "Tests/ATests/Fixtures/lost.json: no other file names it")

    def test_a_script_that_nothing_names_and_an_empty_file_are_named(self):
        self.plant("tools/lost", "true\n")
        self.plant("tools/run", "true\n")
        self.plant("Sources/A/Empty.swift", "\n")
        self.plant("README.md", "# A\n\ntools/run\n")
        self.assert_named(dead, "Sources/A/Empty.swift: is empty",
                          "tools/lost: no other file names it")


if __name__ == "__main__":
    unittest.main()
