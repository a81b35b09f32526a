"""The query language: what people write to find messages, and the one evaluator that decides what matches.

`parse` reads a text or raises `Wrong`; a `Query` says whether it matches a `Document`, where, and what an index has to
look for. The reference for users is docs/queries.md.
"""

from comptoir.reading.query.document import Document
from comptoir.reading.query.fields import FIELDS, Field
from comptoir.reading.query.problems import FACTS, WARNINGS, Code, Problem, Wrong
from comptoir.reading.query.query import Query, parse
from comptoir.reading.query.strokes import Stroke, part, strokes

__all__ = [
    "FACTS",
    "FIELDS",
    "WARNINGS",
    "Code",
    "Document",
    "Field",
    "Problem",
    "Query",
    "Stroke",
    "Wrong",
    "parse",
    "part",
    "strokes",
]
