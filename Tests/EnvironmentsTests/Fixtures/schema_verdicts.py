"""Which YAML files check-jsonschema refuses: SCHEMA FILE… prints a JSON list of their names."""

import json
import subprocess
import sys
from pathlib import Path

schema, *files = sys.argv[1:]
run = subprocess.run(
    [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, "--output-format", "json",
     *files], capture_output=True, text=True, check=False)
if run.returncode not in (0, 1):
    sys.exit(run.stderr or run.stdout)
said = json.loads(run.stdout)
refused = {Path(error["filename"]).name for error in said["errors"] + said.get("parse_errors", [])}
print(json.dumps(sorted(refused)))
