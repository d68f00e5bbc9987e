"""The main job on real input: a real application deployed, upgraded, saved and rolled back."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest

from tests.processes import PATIENCE_SECONDS, get
from tests.project import STELE, ProjectTestCase, eventually
import end_project

V1, V2 = "0.64.8", "0.65.5"
SWITCHES = 10
REQUESTS = 10_000
UPGRADE_STEPS = 5
SAFE, HELD, LOCKED, CONFIGURATION, INTERRUPTED = 7, 1, 9, 78, 130
DIFFERENT, INCONCLUSIVE = 2, 3


class WalkTests(ProjectTestCase):
    def begin(self, environment: str, version: str = "v1") -> None:
        """A ledger, a build, and that build running."""
        self.stele("init", "tamma")
        self.build(version)
        self.stele("deploy", environment, "--yes")

    def test_ten_switches_under_load_lose_no_request(self):
        self.begin("production")
        self.build("v2")
        load = self.load("production", "--at-least", str(REQUESTS))
        for _ in range(SWITCHES // 2):
            self.stele("deploy", "production", "--yes")
            self.assertEqual(self.version("production"), V2)
            self.stele("rollback", "production", "--yes")
            self.assertEqual(self.version("production"), V1)

        said = self.report(load)

        self.assertEqual(said["failed"], 0, said)
        self.assertGreaterEqual(said["requests"], REQUESTS)
        self.assertEqual(set(said["versions"]), {V1, V2})
        self.stele("verify")

    def test_a_bad_build_goes_back_by_itself_and_no_request_is_lost(self):
        self.begin("production", "v2")
        before = {process.pid for process in self.running()}
        self.build("v3")
        load = self.load("production")

        self.stele("deploy", "production", "--yes", expecting=SAFE)

        said = self.report(load)
        self.assertEqual((said["failed"], set(said["versions"])), (0, {V2}), said)
        self.assertEqual({process.pid for process in self.running()}, before)
        self.stele("verify")

    def test_a_bad_build_is_held_where_nobody_asked_for_automatic_rollback(self):
        self.begin("development")
        self.build("v3")
        self.stele("deploy", "development", expecting=HELD)
        self.stele("rollback", "development")
        self.assertEqual(self.version("development"), V1)

    def test_a_first_deployment_that_is_bad_is_stopped_and_leaves_nothing_running(self):
        self.stele("init", "tamma")
        self.build("v3")
        self.stele("deploy", "staging", expecting=HELD)
        self.assertEqual(self.running(), [])

    def test_a_deployment_killed_at_any_step_is_recovered_and_nothing_unknown_runs(self):
        self.begin("staging")
        self.build("v2")
        known = len(self.running())
        self.environment["LLVM_PROFILE_FILE"] = str(self.folder / "killed-%p.profraw")
        for step in range(1, UPGRADE_STEPS + 1):
            with self.subTest(step=step):
                self.kill_at(f"{step}/{UPGRADE_STEPS}", "staging")

                self.stele("recover", "staging")

                self.assertEqual(self.version("staging"), V2)
                running = {process.pid for process in self.running()}
                self.assertEqual(len(running), known)
                self.assertLessEqual(running, self.pids_in_ledger())
                self.stele("verify")
                self.stele("rollback", "staging")

    def kill_at(self, step: str, environment: str) -> None:
        """Starts a deployment and kills it without a word when it says that it is at `step`."""
        driver = self.start(STELE, "deploy", environment, cwd=self.project, env=self.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(driver.stderr.close)
        for line in driver.stderr:
            if f" {step}" in line.partition(":")[0]:
                driver.kill()
                break
        self.assertEqual(driver.wait(), -signal.SIGKILL, f"it never was at step {step}")

    def test_who_turns_back_after_a_deadline_gets_what_ran_and_nothing_else_runs(self):
        self.edit(self.project / "config/application.yaml",
                  {"startupDeadlineSeconds: 15": "startupDeadlineSeconds: 2"})
        self.begin("development")
        before = {process.pid for process in self.running()}
        self.build("v2")
        self.environment["LLVM_PROFILE_FILE"] = str(self.folder / "killed-%p.profraw")
        self.kill_at("1/", "development")
        time.sleep(3)

        self.stele("recover", "development", "--abort")

        self.assertEqual(self.version("development"), V1)
        self.assertEqual({process.pid for process in self.running()}, before)
        self.stele("verify")

    def orchestrators(self) -> set[int]:
        return {process.pid for process in self.running()
                if any("/bin/serve" in one for one in process.arguments)}

    def test_going_back_from_a_hold_keeps_what_is_there_and_needs_no_file(self):
        self.begin("development")
        before = self.orchestrators()
        self.build("v3")
        self.stele("deploy", "development", expecting=HELD)
        self.assertLessEqual({process.pid for process in self.running()}, self.pids_in_ledger())
        (self.project / "config/application.yaml").write_text("application: [not, a, name]\n")

        self.stele("rollback", "development")

        self.assertEqual(self.version("development"), V1)
        self.assertEqual(self.orchestrators(), before)
        replayed = self.stele("replay", "development")
        self.assertIn("what ran before is asked for", replayed)
        self.stele("verify")

    def test_who_interrupts_a_rollout_is_told_what_goes_on_and_what_to_type(self):
        self.begin("staging")
        self.build("v2")
        cases = [("deploy", signal.SIGINT), ("recover", signal.SIGTERM), ("recover", signal.SIGINT)]
        for command, request in cases:
            with self.subTest(command=command, request=request):
                said = self.interrupt(command, request)

                deployment = self.deployments("staging")[-1]
                self.assertIn(f"nobody drives deployment {deployment} now", said)
                self.assertIn("what runs goes on running", said)
                self.assertIn("`stele recover staging --abort`", said)
                self.assertIsNotNone(self.version("staging"))
        self.stele("recover", "staging")
        self.assertEqual(self.version("staging"), V2)
        said = self.interrupt("rollback", signal.SIGTERM)
        self.assertIn("Interrupted: nobody drives deployment", said)
        self.stele("recover", "staging")
        self.assertEqual(self.version("staging"), V1)
        self.stele("verify")

    def interrupt(self, command: str, request: signal.Signals) -> str:
        """Runs a command, sends it a signal once it drives the rollout; what it says then."""
        driver = self.start(STELE, command, "staging", cwd=self.project, env=self.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(driver.stderr.close)
        for line in driver.stderr:
            if re.match(r"\w+ 1/\d", line):
                driver.send_signal(request)
                break
        said = driver.stderr.read()
        self.assertEqual(driver.wait(), INTERRUPTED, said)
        return said

    def test_a_flag_reaches_the_application_and_a_rollback_takes_it_back(self):
        self.begin("staging")
        self.assertTrue(self.suggests_facets())
        self.stele("flag", "set", "staging", "facets-by-default", "false")
        self.assertTrue(self.suggests_facets())
        self.stele("deploy", "staging")
        self.assertFalse(self.suggests_facets())
        self.stele("rollback", "staging")
        self.assertTrue(self.suggests_facets())
        self.stele("verify")

    def suggests_facets(self) -> bool:
        """Whether the running application has the flag `facets-by-default`."""
        return json.loads(get(self.url("staging") + "/-/settings.json")[1])["suggest_facets"]

    def test_a_second_application_in_an_environment_is_refused(self):
        self.begin("staging")
        self.edit(self.project / "config/application.yaml",
                  {"application: tamma": "application: other"})
        known = {process.pid for process in self.running()}
        self.build("v2")
        self.stele("deploy", "staging", expecting=CONFIGURATION)
        self.stele("rollback", "staging", expecting=CONFIGURATION)
        self.assertEqual({process.pid for process in self.running()}, known)
        self.assertEqual(self.version("staging"), V1)

    def kill(self, environment: str, word: str) -> set[int]:
        """Kills what runs for an environment with `word` among its arguments, without a word."""
        pids = {process.pid for process in end_project.belonging_to(self.folder)
                if any(word in one for one in process.arguments)
                and any(environment in one for one in process.arguments)}
        self.assertTrue(pids, f"no {word} of {environment} runs")
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    def place(self, environment: str) -> dict:
        """What `stele status` says of an environment."""
        return self.answer("status", environment)["environments"][0]

    def test_an_agent_that_was_killed_is_missed_and_the_next_one_keeps_everything(self):
        self.begin("staging")
        replicas = {process.pid for process in self.running()}
        self.kill("staging", "agent")
        eventually("a missing agent", lambda: not self.place("staging")["agent"]["running"])
        self.assertIn("stele agent staging", self.stele("status", "staging"))
        self.assertEqual(self.version("staging"), V1)

        victim = min(replicas)
        os.kill(victim, signal.SIGKILL)
        self.start(STELE, "agent", "staging", cwd=self.project, env=self.environment,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        eventually("a replica in its place", lambda: len(self.running()) == len(replicas)
                   and victim not in {process.pid for process in self.running()})
        eventually("all in the ledger", lambda: {process.pid for process in self.running()}
                   <= self.pids_in_ledger())
        self.assertTrue(self.place("staging")["agent"]["running"])
        eventually("an answer", lambda: self.version("staging") == V1)
        self.stele("verify")

    def test_an_agent_that_was_killed_is_brought_back_by_the_next_rollout(self):
        self.begin("staging")
        self.build("v2")
        self.kill("staging", "agent")
        self.stele("deploy", "staging")
        self.assertTrue(self.place("staging")["agent"]["running"])
        self.assertEqual(self.version("staging"), V2)
        self.stele("verify")

    def test_a_router_that_was_killed_comes_back_and_both_are_recorded(self):
        self.begin("staging")
        self.kill("staging", "haproxy")
        eventually("an answer", lambda: self.version("staging") == V1)
        eventually("the router in the ledger", lambda: "router.started" in self.stele("log"))
        self.assertIn("router.stopped", self.stele("log"))
        self.assertTrue(self.place("staging")["router"]["running"])
        self.stele("verify")

    def test_a_replica_that_hangs_gets_no_requests_until_it_answers_again(self):
        self.begin("production")
        hanging = next(one.pid for one in self.running()
                       if any("/bin/serve" in argument for argument in one.arguments))

        def states() -> list[str]:
            return [one["state"] for one in self.place("production")["health"]
                    if one["component"] == "orchestrator"]

        os.kill(hanging, signal.SIGSTOP)
        eventually("an unhealthy replica", lambda: sorted(states()) == ["healthy", "unhealthy"])
        self.assertEqual({self.version("production") for _ in range(100)}, {V1})
        os.kill(hanging, signal.SIGCONT)

        eventually("two healthy replicas", lambda: states() == ["healthy", "healthy"])
        self.stele("verify")

    def test_a_rollout_whose_agent_is_killed_ends_with_a_true_verdict(self):
        self.begin("staging")
        self.build("v2")
        known = len(self.running())
        driver = self.start(STELE, "deploy", "staging", cwd=self.project, env=self.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually("a new replica", lambda: len(self.running()) > known)
        self.kill("staging", "agent")

        verdict = driver.wait(timeout=PATIENCE_SECONDS * 3)

        self.assertIn(verdict, (0, SAFE))
        self.assertEqual(self.version("staging"), V2 if verdict == 0 else V1)
        running = {process.pid for process in self.running()}
        self.assertEqual(len(running), known)
        self.assertLessEqual(running, self.pids_in_ledger())
        self.assertTrue(self.place("staging")["agent"]["running"])
        self.stele("verify")

    def test_what_served_is_kept_up_while_nobody_recovers_a_deployment(self):
        self.begin("staging")
        self.build("v2")
        replicas = {process.pid for process in self.running()}
        self.kill_at(f"1/{UPGRADE_STEPS}", "staging")
        victims = {pid for pid in replicas if pid in {one.pid for one in self.running()}}
        for pid in victims:
            os.kill(pid, signal.SIGKILL)

        eventually("an answer", lambda: self.version("staging") == V1)

        self.assertEqual(self.place("staging")["deployment"]["driven"], False)
        self.stele("recover", "staging")
        self.assertEqual(self.version("staging"), V2)
        eventually("nothing else", lambda: len(self.running()) == len(replicas))
        self.assertLessEqual({one.pid for one in self.running()}, self.pids_in_ledger())
        self.stele("verify")

    def test_a_second_deployment_is_refused_while_one_is_under_way(self):
        self.begin("staging")
        self.build("v2")
        first = self.start(STELE, "deploy", "staging", cwd=self.project, env=self.environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        known = len(self.running())
        eventually("a new replica", lambda: len(self.running()) > known)
        self.stele("deploy", "staging", expecting=LOCKED)
        self.assertEqual(first.wait(timeout=PATIENCE_SECONDS * 2), 0)

    def test_a_canary_is_refused_before_anything_changes(self):
        self.stele("init", "tamma")
        self.build("v1")
        self.edit(self.project / "config/environments/base.yaml",
                  {"strategy: blue-green": "strategy: canary"})
        self.stele("deploy", "staging", expecting=CONFIGURATION)
        self.assertEqual(self.running(), [])

    def test_a_replay_needs_the_ledger_alone(self):
        self.begin("staging")
        deployment = self.deployments("staging")[-1]
        replay = self.stele("replay", deployment)
        end_project.end_project(self.folder)

        copy = self.folder / "copy"
        shutil.copytree(self.project / ".stele", copy / ".stele",
                        ignore=shutil.ignore_patterns("run", "artifacts", "vault*"))
        self.project = copy
        self.environment["XDG_CONFIG_HOME"] = str(self.folder / "no-keys")

        self.assertEqual(self.stele("replay", deployment), replay)

    def ask(self, environment: str, question: dict) -> dict:
        """Asks an environment's agent something over its socket, behind the back of `stele`."""
        until = int((time.clock_gettime(time.CLOCK_BOOTTIME) + PATIENCE_SECONDS) * 1000)
        line = json.dumps(question | {"untilMs": until, "version": 1}, sort_keys=True,
                          separators=(",", ":"), ensure_ascii=False)
        with socket.socket(socket.AF_UNIX) as agent:
            agent.settimeout(PATIENCE_SECONDS)
            agent.connect(str(self.project / f".stele/run/{environment}/agent.sock"))
            agent.sendall(line.encode() + b"\n")
            with agent.makefile() as answers:
                return json.loads(answers.readline())["answer"]

    def instances(self, environment: str) -> set[str]:
        """What runs, by what its agent says."""
        return {one["spec"]["instance"]
                for one in self.ask(environment, {"ask": "running"})["replicas"]}

    def replaced(self, spec: dict, other: dict) -> bool:
        """Whether another replica runs in the place of one, before its agent has started that."""
        self.ask("staging", {"ask": "stop", "graceMs": 5000, "instance": spec["instance"]})
        try:
            return bool(self.ask("staging", {"ask": "start", "spec": other}))
        except KeyError:
            return False

    def sorts(self, expecting: int) -> set[str]:
        """What `stele drift` finds in staging, by how it differs."""
        said = self.answer("drift", "staging", expecting=expecting)
        return {finding["sort"] for finding in said["findings"]}

    def test_what_somebody_changed_behind_the_ledger_is_found_and_brought_back(self):
        self.begin("staging")
        self.assertEqual(self.sorts(expecting=0), set())
        specs = [one["spec"] for one in self.ask("staging", {"ask": "running"})["replicas"]]
        serving = next(one for one in specs if one["component"] == "orchestrator")
        working = next(one for one in specs if one["component"] == "workers")
        other = [one | {"value": one["value"].replace('"retentionDays":', '"retentionDays":1')}
                 if one["name"] == "STELE_CONFIGURATION" else one for one in serving["variables"]]
        eventually("another one in its place", lambda: self.replaced(
            serving, serving | {"variables": other}))
        self.ask("staging", {"ask": "start", "spec": working | {"instance": "workers-stray"}})
        files = self.project / "config/environments/base.yaml"
        before = files.read_text()
        self.edit(files, {"healthCheckInterval: 0.2": "healthCheckInterval: 0.3"})
        self.assertNotEqual(files.read_text(), before)
        eventually("an answer", lambda: self.version("staging") == V1)

        # The agent ends by itself what no entry knows of.
        eventually("the end of the stray",
                   lambda: "workers-stray" not in self.instances("staging"))

        found = self.sorts(expecting=DIFFERENT)

        self.assertEqual(found, {"changed", "notDeployed"})
        self.assertLess(self.place("staging")["accuracy"]["accuracyPpm"], 1_000_000)
        self.stele("sync", "staging", "--plan", expecting=DIFFERENT)
        load = self.load("staging")
        self.stele("sync", "staging")
        said = self.report(load)
        self.assertEqual((said["failed"], set(said["versions"])), (0, {V1}), said)
        self.assertEqual(self.sorts(expecting=DIFFERENT), {"notDeployed"})
        files.write_text(before)
        self.assertEqual(self.sorts(expecting=0), set())
        self.assertEqual(self.place("staging")["accuracy"]["accuracyPpm"], 1_000_000)
        self.assertEqual(self.instances("staging"), {spec["instance"] for spec in specs})
        self.assertIn("drift.resolved", self.stele("log"))
        self.stele("verify")

    def test_a_scan_without_an_agent_is_no_pass_and_a_sync_starts_one(self):
        self.begin("staging")
        self.kill("staging", "agent")
        victim = min(process.pid for process in self.running())
        os.kill(victim, signal.SIGKILL)

        said = self.answer("drift", "staging", expecting=INCONCLUSIVE)

        self.assertEqual({one["part"] for one in said["findings"]}, {"replicas", "router"})
        self.stele("sync", "staging", "--plan", expecting=INCONCLUSIVE)
        self.stele("sync", "staging")
        self.assertEqual(self.sorts(expecting=0), set())
        self.assertEqual(self.version("staging"), V1)
        self.stele("verify")


if __name__ == "__main__":
    unittest.main()
