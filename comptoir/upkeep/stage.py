"""The two places of a restoring: the schema that the pages work in, and the one where the new rows are made ready.

All is made in a schema beside, at leisure, and put in the place of what was there in one short transaction. Whoever
dies before leaves the old as it was; the half-made schema is in nobody's way and goes at the next restoring.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

STAGE = "comptoir_restoring"
HOUSE = 0x636F6D70746F6972
"""Of the database: the lock that a backup shares and that restoring and changing the tables hold alone."""

_OBJECTS = """
WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = %(schema)s),
found(kind, name, identity, oid, class) AS (
    SELECT 'TABLE', relname, format('%%I', relname), oid, 'pg_class'::regclass FROM pg_class
    WHERE relnamespace = (TABLE here) AND relkind IN ('r', 'p') AND NOT relispartition
  UNION ALL
    SELECT 'SEQUENCE', relname, format('%%I', relname), oid, 'pg_class'::regclass FROM pg_class
    WHERE relnamespace = (TABLE here) AND relkind = 'S' AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid
        AND d.deptype IN ('a', 'i'))
  UNION ALL
    SELECT 'ROUTINE', proname, format('%%I(%%s)', proname, pg_get_function_identity_arguments(oid)), oid,
           'pg_proc'::regclass
    FROM pg_proc WHERE pronamespace = (TABLE here) AND prokind IN ('f', 'p')
  UNION ALL
    SELECT 'TYPE', t.typname, format('%%I', t.typname), t.oid, 'pg_type'::regclass
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typnamespace = (TABLE here) AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')
)
SELECT kind, name, identity FROM found
WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = class AND e.objid = found.oid AND e.deptype = 'e')
ORDER BY array_position(ARRAY['TABLE', 'SEQUENCE', 'ROUTINE', 'TYPE'], kind), identity
"""
_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES = (
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL"
)
_FOREIGN = """
SELECT format('ALTER TABLE %%I.%%I DROP CONSTRAINT %%I', n.nspname, c.relname, k.conname),
       format('ALTER TABLE %%I.%%I ADD CONSTRAINT %%I %%s', n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND k.contype = 'f' AND k.conparentid = 0
"""
_INDEXES = """
SELECT format('DROP INDEX %%I.%%I', n.nspname, i.relname), pg_get_indexdef(x.indexrelid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE n.nspname = %s AND NOT i.relispartition AND NOT x.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid)
"""


def columns(cursor: Any, schema: str) -> dict[str, list[str]]:
    """The tables of a schema with the columns that are stored, not computed."""
    return dict(cursor.execute(_COLUMNS, [schema]).fetchall())


def sequences(cursor: Any, schema: str) -> dict[str, int]:
    """The last number that each sequence gave."""
    return dict(cursor.execute(_SEQUENCES, [schema]).fetchall())


def home(cursor: Any) -> str:
    """The schema that the pages work in."""
    return str(cursor.execute("SELECT current_schema()").fetchone()[0])


def objects(cursor: Any, schema: str) -> list[tuple[str, str, str]]:
    """What is in a schema and belongs to no extension: kind, name, and how to name it in a statement."""
    return list(cursor.execute(_OBJECTS, {"schema": schema}).fetchall())


def clear(cursor: Any) -> None:
    """Make the schema beside anew, empty, and work in it from now on."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {STAGE} CASCADE")
    cursor.execute(f"CREATE SCHEMA {STAGE}")
    cursor.execute(f"SET search_path TO {STAGE}")


def half_made(cursor: Any) -> bool:
    """Whether an interrupted restoring left its schema."""
    return bool(cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [STAGE]).fetchone()[0])


def bare(cursor: Any) -> list[str]:
    """Take away what makes loading slow and its order matter; the statements that bring it back."""
    found = [*cursor.execute(_FOREIGN, [STAGE]).fetchall(), *cursor.execute(_INDEXES, [STAGE]).fetchall()]
    for drop, _add in found:
        cursor.execute(drop)
    indexes = [add for _drop, add in found if not add.startswith("ALTER TABLE")]
    return [*indexes, *(add for _drop, add in found if add.startswith("ALTER TABLE"))]


def triggers(cursor: Any, on: bool) -> None:
    """Have the triggers of the schema beside work, or rest."""
    word = "ENABLE" if on else "DISABLE"
    for table in columns(cursor, STAGE):
        cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(word)))


def swap(cursor: Any, into: str) -> None:
    """Put what is in the schema beside in the place of what has the same names. In the caller's transaction."""
    coming = objects(cursor, STAGE)
    named = {(kind, name) for kind, name, _identity in coming}
    target = sql.Identifier(into)
    leaving = [(kind, identity) for kind, name, identity in objects(cursor, into) if (kind, name) in named]
    # Functions stand on tables and types, and triggers of the tables on them.
    for word, end in (("ROUTINE", "CASCADE"), ("TABLE", ""), ("SEQUENCE", ""), ("TYPE", "")):
        every = [_in(target, identity) for kind, identity in leaving if kind == word]
        if every:
            cursor.execute(sql.SQL(f"DROP {word} {{}} {end}").format(sql.SQL(", ").join(every)))
    for kind, _name, identity in coming:
        one = _in(sql.Identifier(STAGE), identity)
        cursor.execute(sql.SQL("ALTER {} {} SET SCHEMA {}").format(sql.SQL(kind), one, target))
    cursor.execute(f"DROP SCHEMA {STAGE}")


def _in(schema: sql.Identifier, identity: str) -> sql.Composed:
    """A thing of a schema; the identity is one that PostgreSQL itself quoted."""
    return sql.SQL("{}.{}").format(schema, sql.SQL(identity))
