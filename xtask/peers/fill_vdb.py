"""Fills AppThreat's vulnerability database from OSV records in folders, offline: fill_vdb.py HOME FOLDER...

The database is what `vdb` and `depscan` read from VDB_HOME. GitHub aliases are left out, because the program drops
PYSEC and GO records that have one, and would be compared on less data.
"""

import datetime
import json
import os
import pathlib
import sys

home = sys.argv[1]
os.makedirs(home, exist_ok=True)
os.environ["VDB_HOME"] = home
os.environ["NVD_START_YEAR"] = "1999"

import yaml  # noqa: E402
from vdb.lib import db6  # noqa: E402
from vdb.lib.osv import OSVSource  # noqa: E402


def records(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix == ".json":
                yield json.loads(path.read_text(encoding="utf-8"))
            elif path.suffix in (".yaml", ".yml"):
                yield json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), default=str))


def main():
    db6.get()
    db6.clear_all()
    source, batch, kept = OSVSource(), [], 0
    for record in records(sys.argv[2:]):
        record["aliases"] = [alias for alias in record.get("aliases") or [] if not alias.startswith("GHSA")]
        record.setdefault("published", record.get("modified"))
        try:
            batch.extend(source.convert(record))
            kept += 1
        except Exception as error:  # a record it cannot take is its loss, told
            print(f"{record.get('id')}: {error}", file=sys.stderr)
        if len(batch) >= 500:
            source.store(batch)
            batch.clear()
    source.store(batch)
    db6.optimize_and_close_all()
    meta = {"created_utc": datetime.datetime.now(datetime.timezone.utc).isoformat(), "sources": ["OSV"]}
    pathlib.Path(home, "vdb.meta").write_text(json.dumps(meta), encoding="utf-8")
    print(kept)


main()
