"""Fills the database of cve-bin-tool from NVD records as lines, offline: fill_cve_bin_tool.py HOME FILE.ndjson[.gz]

The program reads it from HOME/.cache/cve-bin-tool. It knows no AND and no surroundings: each vulnerable CPE name becomes
a row, as the program's own import does.
"""

import gzip
import json
import os
import pathlib
import re
import sqlite3
import sys

home, file = pathlib.Path(sys.argv[1]), sys.argv[2]
folder = home / ".cache" / "cve-bin-tool"
folder.mkdir(parents=True, exist_ok=True)
os.environ["HOME"] = str(home)

from cve_bin_tool.cvedb import CVEDB, DBNAME  # noqa: E402

BOUNDS = ("versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding")


def main():
    opened = gzip.open if file.endswith(".gz") else open
    database = sqlite3.connect(folder / DBNAME)
    for create in CVEDB.TABLE_SCHEMAS.values():
        database.execute(create)
    ranges = 0
    with opened(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            note = record["_annotation"]
            row = (note["cve_id"], "unknown", note.get("description", ""), 0, 3, "", "NVD", note.get("modified", ""))
            database.execute("INSERT OR REPLACE INTO cve_severity VALUES (?,?,?,?,?,?,?,?)", row)
            for configuration in record["cve"].get("configurations", []):
                for node in configuration.get("nodes", []):
                    for match in node.get("cpeMatch", []):
                        if not match.get("vulnerable"):
                            continue
                        parts = [part.replace("\\", "") for part in re.split(r"(?<!\\):", match["criteria"])]
                        bounds = [match.get(bound) or "" for bound in BOUNDS]
                        row = (note["cve_id"], parts[3], parts[4], parts[5], *bounds, "NVD")
                        database.execute("INSERT INTO cve_range VALUES (?,?,?,?,?,?,?,?,?)", row)
                        ranges += 1
    database.commit()
    for create in CVEDB.INDEXES.values():
        database.execute(create)
    database.commit()
    print(ranges)


main()
