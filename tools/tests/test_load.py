"""The load generator tells every lost request, and takes nothing else for one."""

import re
import socketserver
import threading
import unittest

from tests import planted  # noqa: F401  puts tools/ on the path
import load

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n%s\r\n{"v":"1"}'


class LoadTests(unittest.TestCase):
    def asked(self, answers: list[bytes], requests: int | None, connections: int = 1,
              least: int = 0, seconds: float | None = None) -> dict:
        """Runs the load against a server that gives `answers` in turn; b"" hangs up.

        It gives none before all connections are there: on a busy machine the first could be done
        before the last has begun.
        """
        turns = iter(answers)
        everyone = threading.Barrier(connections)
        self.connections = 0

        class Server(socketserver.StreamRequestHandler):
            def handle(handler):
                self.connections += 1
                everyone.wait(timeout=240)
                while handler.rfile.readline():
                    while handler.rfile.readline().strip():
                        pass
                    answer = next(turns, ANSWER % b"")
                    handler.wfile.write(answer)
                    if not answer or b"close" in answer:
                        return

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
        server.daemon_threads = True
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        asking = load.Load(url, re.compile(rb'"v":"(\d+)"'), requests, least)
        return load.run(asking, connections, seconds)

    def test_every_answered_request_counts_with_its_version(self):
        said = self.asked([], 20, connections=4)
        self.assertEqual((said["requests"], said["failed"], said["versions"]), (20, 0, {"1": 20}))
        self.assertEqual(self.connections, 4)

    def test_an_answer_that_is_not_good_is_a_failure(self):
        said = self.asked([b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"], 3)
        self.assertEqual((said["failed"], said["statuses"]), (1, {"503": 1, "200": 2}))
        self.assertEqual(said["firstFailures"], ["503: no"])

    def test_a_connection_dropped_before_the_answer_is_a_failure_and_not_retried(self):
        said = self.asked([ANSWER % b"", b""], 4)
        self.assertEqual((said["requests"], said["failed"]), (4, 1))
        self.assertEqual(said["statuses"], {"200": 3, "none": 1})

    def test_a_connection_dropped_inside_an_answer_is_a_failure(self):
        half = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nx"
        said = self.asked([half], 2)
        self.assertEqual((said["requests"], said["failed"]), (2, 1))

    def test_a_connection_closed_as_announced_is_no_failure(self):
        said = self.asked([ANSWER % b"Connection: close\r\n"], 3)
        self.assertEqual((said["requests"], said["failed"], self.connections), (3, 0, 2))

    def test_a_load_that_is_stopped_early_still_makes_its_least_number_of_requests(self):
        said = self.asked([], None, least=50, seconds=0)
        self.assertGreaterEqual(said["requests"], 50)
        self.assertEqual(said["failed"], 0)


if __name__ == "__main__":
    unittest.main()
