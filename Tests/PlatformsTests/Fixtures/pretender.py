"""Says hello like an agent: pretender.py RUN_DIRECTORY. Only one lives in a directory."""

import fcntl
import os
import socket
import sys
import time

os.chdir(sys.argv[1])
lock = open("agent.lock", "w")
for attempt in range(200):  # Who looks whether an agent is there holds the lock for a moment.
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        break
    except OSError:
        time.sleep(0.01)
else:
    sys.exit(9)
ticks = open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]
answer = (
    '{"answer":{"agent":{"environment":"staging","incarnation":"1","pid":%d,"startTicks":%s}},"version":1}\n'
    % (os.getpid(), ticks)
)
listener = socket.socket(socket.AF_UNIX)
if os.path.exists("agent.sock"):  # Of one that was killed.
    os.unlink("agent.sock")
listener.bind("agent.sock")
listener.listen()
while True:
    connection, _ = listener.accept()
    connection.recv(65536)
    connection.sendall(answer.encode())
    connection.close()
