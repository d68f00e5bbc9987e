"""The example application by itself: two good releases, one bad, and workers that load once."""

import json
import multiprocessing
import os
import sqlite3
import subprocess
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

from tests.processes import EXAMPLE, ProcessTestCase, eventually, free_port, get
from tests.project import STELE

HEALTH = "/-/versions.json"


class ExampleTests(ProcessTestCase):
    def artifacts(self, version: str):
        folder = self.folder / version
        subprocess.run([EXAMPLE / "build-artifacts", version, folder], check=True)
        return folder

    def serve(self, program, **variables) -> str:
        """Starts a component with nothing but what its artifact and `variables` bring."""
        port = free_port()
        environment = {"PATH": os.environ["PATH"], "PORT": str(port),
                       "DATABASE": str(self.folder / "data" / "site.db")} | variables
        self.start(program, env=environment,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return f"http://127.0.0.1:{port}"

    def test_two_releases_of_a_real_application_say_their_version(self):
        for version, expected in (("v1", "0.64.8"), ("v2", "0.65.5")):
            url = self.serve(self.artifacts(version) / "orchestrator/bin/serve")
            status, text = eventually("an answer", lambda: answer(url))
            self.assertEqual((status, json.loads(text)["datasette"]["version"]), (200, expected))

    def test_the_bad_release_starts_and_fails_every_request(self):
        url = self.serve(self.artifacts("v3") / "orchestrator/bin/serve")
        self.assertEqual(eventually("an answer", lambda: answer(url))[0], 500)

    def test_two_workers_on_one_inbox_load_every_file_once_and_datasette_shows_it(self):
        release = self.artifacts("v1")
        inbox = self.folder / "inbox"
        urls = [self.serve(release / "workers/bin/work", INBOX=str(inbox), INTERVAL="0.1")
                for _ in range(2)]
        for url in urls:
            self.assertEqual(eventually("health", lambda: answer(url))[0], 200)
        for number in range(20):
            (inbox / f"part{number}.tmp").write_text(f"name,size\na{number},{number}\n")
            (inbox / f"part{number}.tmp").rename(inbox / f"part{number}.csv")
        (inbox / "again.csv").write_text("name,size\na0,0\n")
        (inbox / "wrong.csv").write_text("Not a name!\n1\n")

        loaded = "SELECT count(*), sum(rows) FROM loaded"
        eventually("20 files loaded", lambda: self.ask(loaded) == (20, 20))

        self.assertEqual(self.ask("SELECT name, size FROM part7"), ("a7", 7))
        rows = [json.loads(get(url + HEALTH)[1])["rows_loaded"] for url in urls]
        self.assertEqual(sum(rows), 20)
        site = self.serve(release / "orchestrator/bin/serve")
        eventually("an answer", lambda: answer(site))
        self.assertEqual(json.loads(get(site + "/site/part7.json?_shape=array")[1]),
                         [{"rowid": 1, "name": "a7", "size": 7}])

    def test_workers_that_start_together_on_a_new_database_all_live(self):
        work = module(self.artifacts("v1") / "workers/bin/work")
        processes = multiprocessing.get_context("fork")
        for start in range(20):
            gate = processes.Barrier(2)
            workers = [processes.Process(target=set_up, args=(gate, work, self.folder / str(start)))
                       for _ in range(2)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            self.assertEqual([worker.exitcode for worker in workers], [0, 0])

    def test_building_again_from_nothing_gives_the_same_bytes(self):
        build_artifacts = module(EXAMPLE / "build-artifacts")
        build_artifacts.build("v2", again := self.folder / "again")
        difference = ["diff", "--recursive", "--brief", self.artifacts("v2"), again]
        self.assertEqual(subprocess.run(difference, capture_output=True, text=True).stdout, "")

    def test_its_editor_schemas_are_those_that_the_program_prints(self):
        for subject in ("layer", "application", "policy"):
            printed = subprocess.run([STELE, "config", "schema", subject], check=True,
                                     capture_output=True, text=True).stdout
            kept = (EXAMPLE / "config" / "schema" / f"{subject}.json").read_text()
            self.assertEqual(kept, printed, f"write it again: stele config schema {subject}")

    def test_every_file_names_the_schema_that_an_editor_checks_it_by(self):
        for file in (EXAMPLE / "config").rglob("*.yaml"):
            first = file.read_text().split("\n")[0]
            self.assertTrue(first.startswith("# yaml-language-server: $schema="), file)
            self.assertTrue((file.parent / first.split("=")[1]).is_file(), file)

    def test_a_new_project_gets_its_own_ports_and_data_folder(self):
        project = self.folder / "project"
        said = subprocess.run([EXAMPLE / "new-project", project, "--ports", "7001,7002,7003"],
                              check=True, capture_output=True, text=True).stdout
        text = (project / "config/application.yaml").read_text()
        self.assertEqual(said.split("\n")[1], "staging 7002")
        self.assertIn("port: {development: 7001, staging: 7002, production: 7003}", text)
        self.assertIn(f"DATABASE: {project.resolve()}/data/${{ENVIRONMENT}}/site.db", text)
        self.assertNotIn("/var/lib", text)

    def ask(self, question: str):
        with sqlite3.connect(self.folder / "data" / "site.db", timeout=30) as connection:
            row = connection.execute(question).fetchone()
        connection.close()
        return row


def module(program):
    """A program without an ending, as a module of its own."""
    loader = SourceFileLoader(program.name.replace("-", "_"), str(program))
    loaded = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(loaded)
    return loaded


def set_up(gate, work, folder) -> None:
    """What a worker does first, at the same moment as another."""
    gate.wait()
    work.Inbox(folder / "inbox", folder / "site.db")


def answer(url: str):
    """Status and text once somebody answers, else None."""
    status, text = get(url + HEALTH)
    return (status, text) if status else None


if __name__ == "__main__":
    unittest.main()
