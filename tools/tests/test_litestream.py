"""Litestream replicates what `stele backup` copied, to a folder and to S3, and that comes back.

Below SQLite 3.51.3 it may not replicate the live file: two that checkpoint can corrupt it.
"""

import json
import subprocess
import sys
import unittest
import urllib.request
from pathlib import Path

from tests.processes import PATIENCE_SECONDS, free_port, get
from tests.project import ProjectTestCase, eventually

PROGRAMS = Path(sys.executable).parent
DATABASES = ("ledger.sqlite", "vault.sqlite")


class LitestreamTests(ProjectTestCase):
    def setUp(self):
        super().setUp()
        self.stele("init", "tamma")
        self.stele("config", "apply", "development", "--reason", "for a start")
        self.copy, self.fetched = self.folder / "copy", self.folder / "fetched"
        self.stele("backup", str(self.copy))

    def test_a_folder_of_replicas_brings_the_ledger_back(self):
        self.comes_back(lambda name: {"url": f"file://{self.folder}/replicas/{name}"})

    def test_a_bucket_of_replicas_brings_the_ledger_back(self):
        endpoint = self.object_store("ledger")
        self.comes_back(lambda name: {
            "type": "s3", "bucket": "ledger", "path": name, "endpoint": endpoint,
            "region": "us-east-1", "force-path-style": True, "access-key-id": "none",
            "secret-access-key": "none"})

    def comes_back(self, replica) -> None:
        """Replicates the copy, loses the ledger, restores what the replica has, and goes on."""
        config = self.folder / "litestream.yml"  # JSON is YAML
        config.write_text(json.dumps({"dbs": [
            {"path": str(self.copy / name), "replica": replica(name)} for name in DATABASES]}))
        self.litestream("replicate", "-once", "-force-snapshot", "-config", str(config))
        before = self.answer("verify")
        for name in (*DATABASES, "anchor"):
            for path in self.project.glob(f".stele/{name}*"):
                path.unlink()
        self.fetched.mkdir()
        for name in DATABASES:
            self.litestream("restore", "-config", str(config), "-o", str(self.fetched / name),
                            str(self.copy / name))

        restored = self.answer("restore", str(self.fetched))

        # One entry more: who restored it.
        self.assertEqual(restored["size"], before["size"] + 1)
        after = self.answer("verify")
        self.assertEqual((after["verdict"], after["size"]), ("verified", before["size"] + 1))
        self.assertEqual(after["checks"]["sealedValues"], before["checks"]["sealedValues"])
        self.assertGreater(after["checks"]["sealedValues"], 0)
        self.stele("config", "apply", "staging")
        self.stele("verify")

    def litestream(self, *arguments: str) -> None:
        # Its environment is ours: with AWS_CA_BUNDLE set, its S3 client refuses to start.
        said = subprocess.run([PROGRAMS / "litestream", *arguments], env=self.environment,
                              capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def object_store(self, bucket: str) -> str:
        """Starts an S3 of this test's own, with one bucket; its address."""
        port = free_port()
        self.start(PROGRAMS / "moto_server", "-H", "127.0.0.1", "-p", port, env=self.environment,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        endpoint = f"http://127.0.0.1:{port}"
        eventually("the object store answers", lambda: get(endpoint)[0] == 200)
        request = urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            self.assertEqual(answer.status, 200)
        return endpoint


if __name__ == "__main__":
    unittest.main()
