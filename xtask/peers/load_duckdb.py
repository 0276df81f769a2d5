"""Loads a year of RS system CSV files into a DuckDB file, one table a file, and nothing more.

usage: load_duckdb.py FOLDER OUTPUT_FOLDER
"""

import pathlib
import sys

import duckdb

source, output = map(pathlib.Path, sys.argv[1:3])
database = output / "year.duckdb"
database.unlink(missing_ok=True)

connection = duckdb.connect(str(database))
for path in sorted(source.glob("*.csv")):
    table = path.name.split("_", 1)[0]
    connection.execute(
        f'CREATE TABLE "{table}" AS SELECT * FROM read_csv(?, header = true, all_varchar = true)', [str(path)]
    )
connection.close()
