"""A web replica: answers every GET and POST on 127.0.0.1:$PORT with its VERSION.

/slow?ms=N answers after N ms. SIGTERM ends it.
"""

import os
import signal
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        if self.path.startswith("/slow?ms="):
            time.sleep(int(self.path.split("=")[1]) / 1000)
        body = os.environ.get("VERSION", "none").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
# At once: an interpreter that is taken down aborts at times while daemon threads still answer.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
server.serve_forever(poll_interval=0.05)
