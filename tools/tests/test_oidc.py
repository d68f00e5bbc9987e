"""A job without a key acts by its OIDC token, made by another implementation, on real commands."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
import unittest
import warnings
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.project import COMMAND_SECONDS_MAX, STELE, ProjectTestCase
import end_project

ISSUER, AUDIENCE = "https://token.actions.githubusercontent.com", "stele"
SUBJECT = "repo:shop/web:environment:staging"
USAGE, DATA, TRY_AGAIN, PERMISSION = 64, 65, 75, 77
LOGIN = "octocat-who-pushed"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class OIDCTests(ProjectTestCase):
    def setUp(self):
        super().setUp()
        # Forges sign with RS256; Ed25519 has a new name (RFC 9864), which nobody writes yet.
        warnings.filterwarnings("ignore", "EdDSA is deprecated")
        self.keys = {
            "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
            "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
            "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"}),
        }
        self.said = ""
        self.shown = 0
        self.stele("init", "tamma")
        self.publish()
        self.stele("access", "issuer", "add", ISSUER, "--audience", AUDIENCE, "--jwks", "keys.json")
        self.job = self.answer(
            "access", "identity", "add", "--issuer", ISSUER, "--claim", f"sub={SUBJECT}",
            "--claim", "repository_id=17")["actor"]

    def publish(self) -> None:
        """The issuer's public keys, as it publishes them."""
        keys = [key.as_dict(private=False) for key in self.keys.values()]
        (self.project / "keys.json").write_text(json.dumps({"keys": keys}, indent=2))

    def grant(self, role: str) -> None:
        self.stele("access", "grant", self.job, "--role", role, "--environment", "staging")

    def claims(self, **other) -> dict:
        """What a forge tells of a job; a claim that is None is left out."""
        self.shown += 1
        now = int(time.time())
        told = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": now + 300, "iat": now,
            "nbf": now - 5, "jti": f"token-{self.shown}", "repository_id": "17",
            "repository": "shop/web", "run_id": "4711", "run_attempt": "1", "actor": LOGIN,
            "environment": "staging",
        } | other
        return {name: value for name, value in told.items() if value is not None}

    def token(self, algorithm: str = "RS256", header: dict | None = None, **claims) -> str:
        key = self.keys[algorithm]
        return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": "JWT"} | (header or {}),
                          self.claims(**claims), key, algorithms=[algorithm])

    def by_hand(self, header: dict, sign) -> str:
        """A token that no library makes."""
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, self.claims()))
        return f"{signed}.{encoded(sign(signed.encode()))}"

    def by_token(self, token: str, *arguments: str, expecting: int = 0) -> str:
        """Runs one command as a job does; all that it says."""
        ran = subprocess.run(
            [STELE, *arguments], cwd=self.project, env=self.environment | {
                "STELE_OIDC_TOKEN": token},
            capture_output=True, text=True, input="a value\n", timeout=COMMAND_SECONDS_MAX)
        said = ran.stdout + ran.stderr
        self.assertEqual(ran.returncode, expecting, f"{arguments}\n{said}\n{self.logs()}")
        for part in token.split("."):
            self.assertFalse(len(part) > 20 and part in said, said)
        return said

    def set_flag(self, name: str, token: str, expecting: int = 0) -> str:
        return self.by_token(token, "flag", "set", "staging", name, "true", "--new",
                             expecting=expecting)

    def events(self, kind: str) -> list[dict]:
        lines = self.stele("log", "--kind", kind, "--output", "jsonl").splitlines()
        return [json.loads(line) for line in lines]

    def test_a_job_deploys_by_token_and_nothing_of_it_is_left(self):
        self.grant("deployer")
        self.build("v1")
        token = self.token()

        self.by_token(token, "deploy", "staging")

        started = [event for event in self.events("deployment.started")
                   if event["kind"] == "deployment.started.v1"][-1]
        self.assertEqual(started["behalf"], self.job)
        shown = self.stele("show", str(started["position"]))
        self.assertIn(f"{self.job}, attested by {started['actor']}", shown)
        self.assertIn(hashlib.sha256(token.encode()).hexdigest(), shown)
        self.assertNotIn(f"signed by  {self.job}", shown)
        [attested] = self.events("access.attested")
        self.assertEqual(attested["data"]["jti"], "token-1")
        self.assertIn({"name": "run_id", "value": "4711"}, attested["data"]["claims"])
        self.assertIn("verified", self.stele("verify"))
        self.assert_nowhere(token)

    def assert_nowhere(self, token: str) -> None:
        """No file has it or whose login it names; no argument, and no replica's variable."""
        for path in Path(self.folder).rglob("*"):
            if path.is_file() and ".stele" in path.parts:
                content = path.read_bytes()
                for word in (token.split(".")[2], token.split(".")[1], LOGIN):
                    self.assertNotIn(word.encode(), content, path)
        for process in end_project.belonging_to(self.folder):
            self.assertFalse(any(token in one for one in process.arguments))
        for process in self.running():
            variables = Path(f"/proc/{process.pid}/environ").read_bytes()
            self.assertNotIn(token.encode(), variables)

    def test_every_algorithm_is_believed_and_a_file_like_a_variable(self):
        self.grant("deployer")
        for number, algorithm in enumerate(self.keys):
            self.set_flag(f"flag-{number}", self.token(algorithm))
        file = self.project / "token"
        file.write_text(self.token() + "\n")
        arguments = ("flag", "set", "staging", "last", "true", "--new", "--oidc-token-file",
                     "token")
        file.chmod(0o644)
        refused = self.stele_says(*arguments)
        self.assertIn("0644", refused.stderr)
        self.assertNotEqual(refused.returncode, 0)
        file.chmod(0o600)
        self.stele(*arguments)
        self.stele("verify")
        self.assertEqual(len(self.events("access.attested")), 4)

    def stele_says(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([STELE, *arguments], cwd=self.project, env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def test_what_proves_nobody_is_refused_in_words_that_do_not_repeat_it(self):
        self.grant("deployer")
        now = int(time.time())
        public = self.keys["RS256"].as_pem(private=False)
        foreign = RSAKey.generate_key(2048, {"kid": "foreign"})
        good = self.token()
        head, body, signature = good.split(".")
        altered = encoded(json.dumps(self.claims(repository_id="18")).encode())
        refusals = [
            ("expired at", PERMISSION, self.token(exp=now - 120, iat=now - 500, nbf=now - 500)),
            ("counts from", PERMISSION, self.token(nbf=now + 600)),
            ("for another audience", PERMISSION, self.token(aud="sigstore")),
            ("for another audience", PERMISSION, self.token(aud=[AUDIENCE, "other"])),
            ("issuer that is not trusted", PERMISSION, self.token(iss="https://evil.example")),
            ("issuer that is not trusted", PERMISSION, self.token(iss=ISSUER + "/")),
            ("another algorithm", PERMISSION, self.by_hand(
                {"alg": "HS256", "kid": "rsa"},
                lambda text: hmac.digest(public, text, "sha256"))),
            ("another algorithm", PERMISSION, self.by_hand(
                {"alg": "none", "kid": "rsa"}, lambda text: b"x")),
            ("names no key", PERMISSION, jwt.encode(
                {"alg": "RS256", "kid": "foreign"}, self.claims(), foreign)),
            ("not signed by the key", PERMISSION, jwt.encode(
                {"alg": "RS256", "kid": "rsa"}, self.claims(), foreign)),
            ("not signed by the key", PERMISSION, f"{head}.{altered}.{signature}"),
            ("proves nobody", PERMISSION, self.token(repository_id="18")),
            ("proves nobody", PERMISSION, self.token(sub="repo:shop/web:pull_request")),
            ("proves nobody", PERMISSION, self.token(repository_id=None)),
            ("`sub`", DATA, self.token(sub=None)),
            ("`exp`", DATA, self.token(exp=str(now + 300))),
            ("`crit`", DATA, self.by_hand(
                {"alg": "RS256", "kid": "rsa", "crit": ["b64"]}, lambda text: b"x")),
            ("2 parts", DATA, f"{head}.{body}"),
            ("3 parts", DATA, f"{head}.{body}."),
            ("base64url", DATA, good + "="),
            ("header", DATA, f"{encoded(b'[]')}.{body}.{signature}"),
            ("bytes", DATA, good + "A" * 20_000),
        ]
        size = self.answer("verify")["size"]
        for words, status, token in refusals:
            with self.subTest(words=words):
                self.assertIn(words, self.set_flag("refused", token, expecting=status))
        self.assertEqual(self.answer("verify")["size"], size)
        self.set_flag("good", good)

    def test_a_job_does_what_it_is_granted_and_nothing_that_takes_an_own_key(self):
        said = self.set_flag("early", self.token(), expecting=PERMISSION)
        self.assertIn(f"denied to {self.job}: noGrant", said)
        self.grant("administrator")
        token = self.token()
        self.set_flag("granted", token)
        for line in ("approve staging", "secret set staging api-token",
                     "review close staging 1 --finding justified --rationale so"):
            with self.subTest(line=line):
                said = self.by_token(token, *line.split(), expecting=PERMISSION)
                self.assertIn("ownKeyNeeded", said)
        both = subprocess.run(
            [STELE, "flag", "set", "staging", "both", "true", "--new"], cwd=self.project,
            env=self.environment | {"STELE_OIDC_TOKEN": token, "STELE_KEY": "some.pem"},
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(both.returncode, USAGE, both.stderr)
        self.stele("verify")

    def test_a_job_does_not_act_by_the_administrators_key_that_lies_beside_it(self):
        token = self.token()
        before = len(self.events("access.granted"))
        for line in (f"access grant {self.job} --role administrator --environment all",
                     f"access issuer rm {ISSUER}", f"access identity rm {self.job} 1",
                     "key add --role actor --key new.pem", "key revoke 00 --reason left",
                     "key rotate-log"):
            with self.subTest(line=line):
                said = self.by_token(token, *line.split(), expecting=USAGE)
                self.assertIn("unset STELE_OIDC_TOKEN", said)
        self.assertEqual(len(self.events("access.granted")), before)

    def test_a_repository_that_is_built_does_not_see_the_token(self):
        self.grant("deployer")
        self.build("v1")
        seen = self.project / "seen"
        hook = self.project / "hook"
        hook.write_text(f"#!/bin/sh\nenv > {seen}\n")
        hook.chmod(0o700)
        for line in ("init -q .", f"config core.fsmonitor {hook}", "config user.name N",
                     "config user.email n@example.org", "commit -q --allow-empty -m first"):
            subprocess.run(["git", *line.split()], cwd=self.project, check=True)
        token = self.token()

        self.by_token(token, "build", str(self.folder / "artifacts" / "v1"))

        self.assertIn("PATH=", seen.read_text())
        self.assertNotIn(token, seen.read_text())

    def test_a_job_of_gitlab_is_whom_its_project_and_branch_prove(self):
        issuer, subject = "https://gitlab.example", "project_path:shop/web:ref_type:branch:ref:main"
        self.stele("access", "issuer", "add", issuer, "--audience", AUDIENCE, "--jwks", "keys.json")
        job = self.answer("access", "identity", "add", "--issuer", issuer, "--claim",
                          f"sub={subject}", "--claim", "project_id=42", "--claim",
                          "ref_protected=true")["actor"]
        self.stele("access", "grant", job, "--role", "deployer", "--environment", "staging")
        told = {"iss": issuer, "sub": subject, "project_id": "42", "pipeline_id": "9001",
                "job_id": "77", "user_login": LOGIN, "user_email": f"{LOGIN}@example.org",
                "run_id": None, "run_attempt": None, "repository_id": None}
        self.assertIn("proves nobody", self.set_flag(
            "open", self.token(ref_protected="false", **told), expecting=PERMISSION))

        self.set_flag("protected", self.token(ref_protected="true", **told))

        [attested] = self.events("access.attested")
        self.assertEqual(attested["data"]["actor"], job)
        named = {claim["name"]: claim["value"] for claim in attested["data"]["claims"]}
        self.assertEqual(named, {"sub": subject, "project_id": "42", "ref_protected": "true",
                                 "pipeline_id": "9001", "job_id": "77"})
        self.stele("verify")

    def test_commands_of_one_job_at_once_record_its_token_once(self):
        self.grant("deployer")
        environment = self.environment | {"STELE_OIDC_TOKEN": self.token()}
        jobs = [self.start(STELE, "flag", "set", "staging", f"flag-{number}", "true", "--new",
                           cwd=self.project, env=environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL) for number in range(4)]
        # Flags are one configuration: whoever is overtaken is told to try again.
        self.assertLessEqual({job.wait() for job in jobs}, {0, TRY_AGAIN})
        self.assertEqual(len(self.events("access.attested")), 1)
        self.stele("verify")

    def test_what_is_taken_away_counts_at_once_and_verify_still_holds(self):
        self.grant("deployer")
        token = self.token()
        self.set_flag("first", token)
        self.keys["RS256"] = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
        self.publish()
        self.stele("access", "issuer", "add", ISSUER, "--audience", AUDIENCE, "--jwks", "keys.json")

        self.assertIn("names no key", self.set_flag("second", token, expecting=PERMISSION))
        token = self.token()
        self.set_flag("second", token)
        listed = self.answer("access", "identity", "list")["identities"]
        self.stele("access", "identity", "rm", self.job, str(listed[0]["number"]))
        self.assertIn("proves nobody", self.set_flag("third", token, expecting=PERMISSION))
        self.stele("access", "issuer", "rm", ISSUER)
        self.assertIn("not trusted", self.set_flag("third", token, expecting=PERMISSION))
        self.stele("verify")


if __name__ == "__main__":
    unittest.main()
