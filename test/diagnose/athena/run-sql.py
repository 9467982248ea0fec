"""Reads lines as Athena would and runs a view over them: the columns by the regular expression of the CREATE TABLE. Writes
the rows of the query, their cells apart by U+001F.

    run-sql.py JOB.json ROWS    {"lines": path, "regex", "columns": [[name, type]], "table", "statements": [...], "query"}
"""

import json
import sys

import duckdb

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)

db = duckdb.connect()
db.execute("SET threads TO 2")
# A group that took no part is an empty text here and NULL there.
names = [name for name, _ in job["columns"]]
types = {"string": "varchar", "int": "integer", "bigint": "bigint", "double": "double"}
columns = ", ".join(
    f"TRY_CAST(nullif(g.{name}, '') AS {types[kind]}) AS {name}" for name, kind in job["columns"]
)
db.execute("CREATE TABLE raw (n BIGINT, line VARCHAR)")
db.execute(
    "INSERT INTO raw SELECT row_number() OVER () - 1, line FROM read_csv(?, columns={'line': 'VARCHAR'}, delim='\x01', quote='', escape='', header=false, new_line='\\n', max_line_size=4000000)",
    [job["lines"]],
)
literal = lambda text: "'" + text.replace("'", "''") + "'"
groups = "[" + ", ".join(literal(name) for name in names) + "]"
db.execute(
    f"CREATE TABLE {job['table']} AS SELECT n, replace(substr(time, 1, 10), '-', '/') AS day, * EXCLUDE n FROM (SELECT n, {columns} FROM "
    f"(SELECT n, regexp_extract(line, {literal('^(?:' + job['regex'] + ')$')}, {groups}) AS g FROM raw))"
)
for statement in job["statements"]:
    db.execute(statement)
with open(sys.argv[2], "w", encoding="utf-8", newline="\n") as out:
    for row in db.execute(job["query"]).fetchall():
        out.write("\x1f".join("" if value is None else str(value) for value in row) + "\n")
