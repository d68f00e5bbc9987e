"""What PyYAML makes of layered configuration files: one `path=value` a line, sorted.

    python3 yaml_leaves.py LOWER UPPER    UPPER's maps go over LOWER's
"""

import sys

import yaml


def merged(lower, upper):
    if not (isinstance(lower, dict) and isinstance(upper, dict)):
        return upper
    return {name: merged(lower.get(name), upper[name]) if name in upper else lower[name]
            for name in {**lower, **upper}}


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}" if path else name)
    elif value is not None:
        yield path, text(value)


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


layers = [yaml.safe_load(open(path, encoding="utf-8")) for path in sys.argv[1:]]
for path, value in sorted(leaves(merged(*layers))):
    print(f"{path}={value}")
