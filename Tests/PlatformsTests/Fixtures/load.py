"""Closed-loop load that never retries: load.py PORT CLIENTS, until SIGTERM.

Each client sends its next POST on the same connection when the last one is answered. At the end it
prints a line for each version that answered and one for each failure: `ok VERSION COUNT` and
`lost REASON COUNT`.
"""

import collections
import http.client
import signal
import sys
import threading

port, clients = int(sys.argv[1]), int(sys.argv[2])
counts = collections.Counter()
lock = threading.Lock()
over = threading.Event()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # Waited for below.


def client():
    own = collections.Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    while not over.is_set():
        try:
            connection.request("POST", "/", body=b"x")
            answer = connection.getresponse()
            body = answer.read().decode()
            own[f"ok {body}" if answer.status == 200 else f"lost {answer.status}"] += 1
        except Exception as error:
            own[f"lost {type(error).__name__}"] += 1
            connection.close()
    with lock:
        counts.update(own)


threads = [threading.Thread(target=client) for _ in range(clients)]
for thread in threads:
    thread.start()
signal.sigwait({signal.SIGTERM})
over.set()
for thread in threads:
    thread.join()
for name, count in sorted(counts.items()):
    print(name, count)
