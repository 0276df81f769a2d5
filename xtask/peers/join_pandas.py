"""Joins a year of RS system CSV files per programme, as analysts do: every group read into a data frame, grouped by
budget-programme number, and one nested object per programme written as a line of JSON.

usage: join_pandas.py FOLDER OUTPUT_FOLDER
"""

import json
import pathlib
import sys

import pandas

ID = "予算事業ID"

source, output = map(pathlib.Path, sys.argv[1:3])

programmes = {}
for path in sorted(source.glob("*.csv")):
    group = path.name.split("_", 1)[0]
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for number, rows in frame.groupby(ID, sort=False):
        programmes.setdefault(number, {})[group] = rows.to_dict("records")

with open(output / "year.ndjson", "w", encoding="utf-8") as lines:
    for number in sorted(programmes, key=int):
        lines.write(json.dumps({ID: number, **programmes[number]}, ensure_ascii=False) + "\n")
