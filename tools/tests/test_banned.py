"""Every banned call is named with its replacement, where it stands and nowhere else."""

import unittest

from tests.planted import PlantedTestCase
from checks import banned, concurrency

# Put together here, so that this file does not hold what it plants.
UNFINISHED = "TO" + "DO"
HOME = "/ho" + "me/ann/ledger"


class BannedCallsTests(PlantedTestCase):
    def test_each_banned_call_is_named_with_what_to_write_instead(self):
        self.plant("Sources/A/A.swift", "\n".join([
            'print("x")', 'fatalError("x")', "let a = try! b()", "let c = d as! E",
            "public struct F {}", "let g = Date()", "let h = ContinuousClock.now",
            "let i = Int.random(in: 0..<2)", "Task.detached { }", "do { } catch { }",
            "struct KeyManager {}", "let j = ContinuousClock().now", ""]))
        found = self.found_by(banned)
        self.assertEqual(len(found), 12, found)
        for line, words in zip(sorted(found, key=lambda line: int(line.split(":")[1])), [
            "return the text", "throw an error", "a function that throws", "use `as?`",
            "`package` between modules", "take the time as a parameter",
            "take the time as a parameter", "RandomSource", "child tasks live in a group",
            "return it or handle it", "say the noun", "take the time as a parameter",
        ]):
            self.assertIn(words, line)

    def test_a_method_or_a_word_that_only_looks_banned_is_left_alone(self):
        self.plant("Sources/A/A.swift", 'report.print(x)\nlet s = "try! print("  // fatalError(\n'
                   "func `print`() {}\nlet time(nilly) = 1\nlet publicKey = 2\n")
        self.assert_named(banned)

    def test_tests_may_print_and_read_the_clock_but_not_force(self):
        self.plant("Tests/ATests/A.swift", "print(Date())\nlet a = try! b()\n")
        self.assert_named(banned, "Tests/ATests/A.swift:2: `try!` is banned")

    def test_a_test_that_is_left_out_is_named(self):
        self.plant("Tests/ATests/A.swift", '@Test(.disabled("later")) func `a b c`() {}\n')
        self.assert_named(banned, "Tests/ATests/A.swift:1: `.disabled(` leaves a test out")

    def test_a_pure_module_neither_waits_nor_opens_files(self):
        self.plant("Sources/Rollouts/R.swift", "func f() async { }\nlet f = FileManager.self\n")
        self.plant("Sources/Platforms/P.swift", "func f() async { }\n")
        self.assert_named(banned, "Sources/Rollouts/R.swift:1: `async` does not belong",
                          "Sources/Rollouts/R.swift:2: `FileManager` does not belong")

    def test_an_exception_is_a_place_with_a_reason(self):
        self.plant("Sources/stele/main.swift", 'print("x")\n')
        self.assert_named(banned)

    def test_unfinished_work_is_named_in_any_text(self):
        self.plant("README.md", f"# A\n\n{UNFINISHED}: more\n")
        self.plant("tools/a.sh", 'mktemp -d "x.XXXXXX"\n')
        self.assert_named(banned, f"README.md:3: `{UNFINISHED}`: finish it")

    def test_a_path_of_one_machine_is_named(self):
        self.plant("tools/a.sh", f'cat "{HOME}"\ncat /usr{HOME}\n')
        self.assert_named(banned, "tools/a.sh:1: ")

    def test_fixtures_are_not_judged(self):
        self.plant("Tests/ATests/Fixtures/a.swift", "try! " + UNFINISHED + " " + HOME + "\n")
        self.assert_named(banned)


class PromisesTests(PlantedTestCase):
    def test_a_promise_without_a_reason_is_named(self):
        self.plant("Sources/A/A.swift", "\nfinal class A: @unchecked Sendable {\n}\n"
                   "nonisolated(unsafe) var b = 1  // it is\n")
        self.assert_named(concurrency, "Sources/A/A.swift:2: `@unchecked Sendable`",
                          "Sources/A/A.swift:4: `nonisolated(unsafe)`")

    def test_the_reason_may_stand_before_after_or_beside(self):
        self.plant("Sources/A/A.swift", "final class A: @unchecked Sendable {\n"
                   "  // Everything in it is behind one lock.\n}\n\n"
                   "// The pointer is set once, before any thread.\n"
                   "nonisolated(unsafe) let b = 1\n\n"
                   "nonisolated(unsafe) let c = 1  // never written after start\n")
        self.assert_named(concurrency)


if __name__ == "__main__":
    unittest.main()
