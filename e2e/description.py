"""Holds the API against its own description: Schemathesis asks for everything the OpenAPI document promises, without a
token and as somebody of the secretariat, on a database of its own. No answer may be a 5xx, and none may break the
document."""

import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("SHIRUBE_BIN", "target/debug/shirube"))
# How many requests an operation is asked at most; more in a long run.
EXAMPLES = os.environ.get("SHIRUBE_API_EXAMPLES", "12")


def shirube(database, *args):
    return subprocess.run(
        [PROGRAM, "--db", database, "--quiet", *args], check=True, capture_output=True, text=True
    ).stdout.strip()


def serve(database):
    server = subprocess.Popen(
        [PROGRAM, "--db", database, "--lang", "en", "serve", "--listen", "127.0.0.1:0", "--requests-per-minute", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in server.stderr:
        if found := re.match(r"serving: (http://[^/]+)", line):
            return server, found[1]
    sys.exit("the server did not start")


def ask(url, *args):
    checks = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
              "response_headers_conformance"]
    command = ["schemathesis", "run", f"{url}/api/v1/openapi.json", "--checks", ",".join(checks), "--max-examples", EXAMPLES,
               "--workers", "2", "--request-timeout", "20", "--suppress-health-check", "all", "--no-color", *args]
    return subprocess.run(command).returncode


def main():
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "shirube.db")
        shirube(database, "people", "add", "kakunin", "--member", "mhlw:secretariat", "--member", "mhlw:ministry")
        token = shirube(database, "people", "token", "kakunin", "--scope", "write")
        server, url = serve(database)
        try:
            failed = ask(url) or ask(url, "--header", f"Authorization: Bearer {token}")
        finally:
            server.terminate()
            server.wait()
    sys.exit(failed)


if __name__ == "__main__":
    main()
