"""Secrets that somebody else keeps: variables, files, Vault, and AWS Secrets Manager by moto.

There is no Vault in Debian or PyPI: what answers for it is a server of this file, which knows one
secret and one token as its API describes them.
"""

import http.server
import json
import os
import secrets
import subprocess
import threading
import unittest
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from tests.processes import eventually
from tests.project import STELE, ProjectTestCase
from tests.test_secrets import environment

ENVIRONMENT, REGION, CONFIGURATION = "staging", "eu-central-1", 78
TOKEN = "a-token-of-vault"


class Vault(http.server.BaseHTTPRequestHandler):
    """`GET /v1/secret/data/shop/web` of a key-value store of version 2."""

    values: dict[str, str] = {}

    def do_GET(self):
        if self.headers["X-Vault-Token"] != TOKEN:
            return self.send_error(403)
        if self.path != "/v1/secret/data/shop/web":
            return self.send_error(404)
        text = json.dumps({"data": {"data": self.values, "metadata": {"version": 1}}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class ReferenceTests(ProjectTestCase):
    def setUp(self):
        super().setUp()
        self.values = {name: f"planted-{secrets.token_hex(8)}"
                       for name in ("env", "file", "vault", "whole", "field")}
        # moto keeps what it was given for as long as this process lives.
        self.names = [f"shop/{secrets.token_hex(4)}" for _ in range(2)]
        self.environment |= {
            "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": self.aws(), "VAULT_ADDR": self.vault(), "VAULT_TOKEN": TOKEN,
            "SHOP_TOKEN": self.values["env"],
        }
        path = self.folder / "token"
        path.touch(0o600)
        path.write_text(self.values["file"] + "\n")
        self.references = {
            "BY_VARIABLE": "env:SHOP_TOKEN", "BY_FILE": f"file:{path}",
            "BY_VAULT": "vault:secret/shop/web#token", "BY_AWS": f"aws-sm:{self.names[0]}",
            "BY_AWS_FIELD": f"aws-sm:{self.names[1]}#token",
        }
        self.write(self.references)
        self.stele("init", "tamma")
        self.build("v1")

    def aws(self) -> str:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        self.addCleanup(server.stop)
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        client = boto3.client("secretsmanager", region_name=REGION, endpoint_url=url,
                              aws_access_key_id="test", aws_secret_access_key="test")
        client.create_secret(Name=self.names[0], SecretString=self.values["whole"])
        client.create_secret(
            Name=self.names[1], SecretString=json.dumps({"token": self.values["field"]}))
        return url

    def vault(self) -> str:
        Vault.values = {"token": self.values["vault"]}
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vault)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def write(self, references: dict[str, str]) -> None:
        application = self.project / "config" / "application.yaml"
        lines = [line for line in application.read_text().splitlines()
                 if not line.startswith("    secrets:")]
        place = lines.index("    replicas: resources.orchestrator.replicas")
        lines.insert(place, f"    secrets: {json.dumps(references)}")
        application.write_text("\n".join(lines) + "\n")

    def test_what_others_keep_reaches_the_application_and_nothing_else(self):
        self.stele("deploy", ENVIRONMENT)

        replica = eventually("it runs", lambda: [
            one for one in self.running() if any("/bin/serve" in word for word in one.arguments)])
        variables = dict(one.split("=", 1) for one in environment(replica[0].pid))
        self.assertEqual(
            {name: variables[name] for name in self.references},
            dict(zip(self.references, self.values.values())))
        shown = json.dumps(self.answer("config", "show", ENVIRONMENT))
        self.assertIn("vault:secret/shop/web#token", shown)
        for path in Path(self.project).rglob("*"):
            if path.is_file() and not path.is_symlink():
                for value in self.values.values():
                    self.assertNotIn(value.encode(), path.read_bytes(), path)
        self.stele("verify")

    def test_a_reference_that_gives_nothing_is_said_before_anything_changes(self):
        for reference, words in (
                ("env:NOT_THERE", "no such variable"), ("vault:secret/shop/other#token", "404"),
                ("vault:secret/shop/web#other", "no such field"),
                ("aws-sm:shop/other", "answers with status"),
                (f"aws-sm:{self.names[1]}#other", "no such field"),
                (f"file:{self.folder}/token", "0644"), (f"file:{self.folder}/other", "other")):
            with self.subTest(reference):
                os.chmod(self.folder / "token", 0o644)
                self.write({"TOKEN": reference})
                said = self.failing("deploy", ENVIRONMENT)
                self.assertIn(reference, said)
                self.assertIn(words, said)
        self.environment["VAULT_ADDR"] = "http://vault.example"
        self.write({"TOKEN": "vault:secret/shop/web#token"})
        self.assertIn("neither https nor on this machine", self.failing("deploy", ENVIRONMENT))
        self.assertNotIn("deployment.started", self.stele("log"))

    def failing(self, *arguments: str) -> str:
        """What a command says that is to exit with 78."""
        said = subprocess.run([STELE, *arguments], cwd=self.project, env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(said.returncode, CONFIGURATION, said.stderr)
        return said.stderr


if __name__ == "__main__":
    unittest.main()
