"""A second implementation of the directory digest, version 1, from its description alone.

    python3 directory_digest.py DIRECTORY    prints 64 hexadecimal digits
"""

import hashlib
import os
import stat
import sys


def entries(root: bytes, below: bytes = b""):
    for name in os.listdir(os.path.join(root, below)):
        path = below + b"/" + name if below else name
        full = os.path.join(root, path)
        status = os.lstat(full)
        if stat.S_ISDIR(status.st_mode):
            yield path, b"d " + path + b"\0"
            yield from entries(root, path)
        elif stat.S_ISLNK(status.st_mode):
            yield path, b"l " + path + b"\0" + os.readlink(full) + b"\0"
        else:
            content = open(full, "rb").read()
            mark = "x" if status.st_mode & 0o100 else "-"
            head = f"f {mark} {len(content)} {hashlib.sha256(content).hexdigest()} "
            yield path, head.encode() + path + b"\0"


manifest = b"".join(text for _, text in sorted(entries(os.fsencode(sys.argv[1]))))
print(hashlib.sha256(b"stele/directory/v1\n" + manifest).hexdigest())
