"""Imports against the package table, both ways, and the setting that makes warnings errors."""

import unittest

from tests.planted import PlantedTestCase, TOOLS
from checks import imports, package_table
from checks.tree import Tree

STRICT = [{"kind": {"treatAllWarnings": {"_0": "error"}}, "tool": "swift"}]


def target(name, kind="regular", imports_=(), settings=None, path=None) -> dict:
    """One target as `swift package dump-package` prints it."""
    return {
        "name": name, "type": kind, "path": path,
        "dependencies": [{"byName": [one, None]} for one in imports_],
        "settings": STRICT if settings is None else settings,
    }


class ImportsTests(PlantedTestCase):
    def found(self, *targets: dict) -> list[str]:
        table = package_table.targets({"targets": list(targets)})
        return [str(one) for one in sorted(imports.findings(Tree(self.root), table))]

    def test_a_table_that_agrees_with_the_sources_is_quiet(self):
        self.plant("Sources/A/A.swift", "import Foundation\n")
        self.plant("Sources/B/B.swift", "@testable import A\nimport struct GRDB.Row\n")
        self.plant("migrations/M.swift", "import Foundation\n")
        grdb = {"product": ["GRDB", "GRDB.swift", None, None]}
        b = target("B", imports_=("A",))
        b["dependencies"].append(grdb)
        self.assertEqual(self.found(target("A"), b, target("M", path="migrations")), [])

    def test_an_undeclared_import_is_named_where_it_stands(self):
        self.plant("Sources/A/A.swift", "import B\n")
        self.plant("Sources/B/B.swift", "// import A\nprivate import C\n")
        self.assertEqual(
            [line.split(",")[0] for line in self.found(target("A", imports_=("B",)), target("B"))],
            ["Sources/B/B.swift:2: B imports `C`"])

    def test_a_declared_import_that_nothing_uses_is_named(self):
        self.plant("Sources/A/A.swift", "let a = 1\n")
        self.assertEqual(
            self.found(target("A", imports_=("B",))),
            ["Package.swift: A declares `B` and never imports it: delete it from its row"])

    def test_a_test_target_need_not_use_all_it_may(self):
        self.plant("Tests/ATests/A.swift", "import Testing\nimport C\n")
        found = self.found(target("ATests", "test", imports_=("A",)))
        self.assertEqual(len(found), 1, found)
        self.assertIn("ATests imports `C`", found[0])

    def test_a_target_that_lets_warnings_pass_is_named(self):
        self.plant("Sources/A/A.swift", "let a = 1\n")
        warn = [{"kind": {"treatAllWarnings": {"_0": "warning"}}, "tool": "swift"}]
        found = self.found(target("A", settings=warn), target("C", "system", settings=[]))
        self.assertEqual([line.split(":")[1] for line in found], [" A lets warnings pass"])

    def test_a_swift_file_outside_every_target_is_named(self):
        self.plant("Sources/Lost/L.swift", "let a = 1\n")
        self.assertEqual([line.split(":")[0] for line in self.found()], ["Sources/Lost/L.swift"])

    def test_the_projects_own_table_can_be_read(self):
        names = {one.name: one for one in package_table.read(TOOLS.parent)}
        if "Migrations" in names:
            self.assertEqual(names["Migrations"].folder, "migrations")
        self.assertTrue(all(one.warnings_are_errors for one in names.values() if one.is_compiled))


if __name__ == "__main__":
    unittest.main()
