"""Holds the API against its own description: Schemathesis asks for what the OpenAPI document promises, without a token and
as somebody of the secretariat, on a database of its own. No answer may be a 5xx, and none may break the document.

Registers differ by their declaration alone, so usually some that together have every kind of field and right are asked, the
same questions every time; `--long` asks all of them, other questions every time. What Schemathesis takes for wrong and is
not stands in schemathesis.toml."""

import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get("SHIRUBE_BIN", "target/debug/shirube"))
LONG = "--long" in sys.argv[1:]
# How many requests an operation is asked at most, besides those that try the edges of each parameter.
EXAMPLES = os.environ.get("SHIRUBE_API_EXAMPLES", "20" if LONG else "8")
# Open to all with tables and lists; with states and a field that few see; seen by its owner and the secretariat; a
# checklist shown to some; changed by its owner; a place that everything refers to.
REGISTERS = ["follow-up-row", "call", "supply-report", "cyber-checklist", "device-case", "organisation"]
# The server has this long to begin.
PATIENCE = 30


def shirube(database, *args):
    command = [PROGRAM, "--db", database, "--quiet", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def serve(database, log):
    """A server with its address. What it says goes to a file: a pipe that nobody empties would stop it."""
    command = [PROGRAM, "--db", database, "--lang", "en", "serve", "--listen", "127.0.0.1:0", "--requests-per-minute", "0"]
    with open(log, "w") as said:
        server = subprocess.Popen(command, stderr=said)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with open(log) as said:
            if found := re.search(r"^serving: (http://[^/]+)", said.read(), re.MULTILINE):
                return server, found[1]
        time.sleep(0.05)
    server.kill()
    with open(log) as said:
        sys.exit(f"the server did not start: {said.read()}")


def ask(folder, url, *args):
    """Whether nothing was found. Schemathesis leaves its notes where it runs: in a folder that goes away."""
    command = ["schemathesis", "--config-file", os.path.join(HERE, "schemathesis.toml"), "run", f"{url}/api/v1/openapi.json",
               "--max-examples", EXAMPLES, "--workers", "1", "--request-timeout", "20", "--suppress-health-check", "all",
               "--warnings", "off", "--no-color", *args]
    if not LONG:
        chosen = "|".join(REGISTERS)
        command += ["--generation-deterministic", "--exclude-path-regex", f"^/registers/(?!({chosen})(/|$))"]
    return subprocess.run(command, cwd=folder).returncode == 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "shirube.db")
        shirube(database, "people", "add", "kakunin", "--member", "mhlw:secretariat", "--member", "mhlw:ministry")
        token = shirube(database, "people", "token", "kakunin", "--scope", "write")
        server, url = serve(database, os.path.join(folder, "log"))
        try:
            kept = [ask(folder, url), ask(folder, url, "--header", f"Authorization: Bearer {token}")]
            kept.append(server.poll() is None)
        finally:
            server.terminate()
            server.wait()
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
