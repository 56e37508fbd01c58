"""The index of words in the database: how it is written and how it is asked.

PostgreSQL keeps the words of an entry in its column `vector`, SQLite in the table
events_entry_words under the entry's id; see migration 0003. Terms come ready-made from
`search.folding` and `search.query`: letters, digits, "." and "_" alone, so that nothing in them
can be taken for the syntax of either database.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func

from .query import Group

# Where the words of an entry stand, and PostgreSQL's weights for it.
COLUMNS = {"title": "A", "quote": "B", "body": "C"}
# PostgreSQL refuses a vector of more than 1 MB; what is beyond is found by neither database.
# A text of the longest that can be stored fills it only where no word comes twice.
MOST_BYTES = 700_000

Terms = Mapping[str, Iterable[str]]


class Matches(Func):
    """The condition on entries: of each group one term is there, of `excluded` none; in one
    column ("title", "quote") or in any."""

    output_field = BooleanField()
    # The plus sign keeps SQLite from looking up every match under every publication.
    in_words = (
        "+%(expressions)s IN (SELECT rowid FROM events_entry_words WHERE events_entry_words MATCH "
    )

    def __init__(self, groups: tuple[Group, ...], excluded: Group = (), column: str = "") -> None:
        super().__init__(F("pk"))
        self.groups, self.excluded, self.column = groups, excluded, column

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """The entry's id among those that FTS5 finds."""
        sql, params = self.as_sql(compiler, connection, template=self.in_words + "%%s)")
        return sql, [*params, fts5(self.groups, self.excluded, self.column)]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """The entry's vector, which stands in the table beside its id."""
        own_id: Any = self.source_expressions[0]
        alias = compiler.quote_name_unless_alias(own_id.alias)
        query = tsquery(self.groups, self.excluded, self.column)
        return f"({alias}.vector @@ %s::tsquery)", [query]


def fts5(groups: Iterable[Group], excluded: Group = (), column: str = "") -> str:
    """The query in the language of FTS5."""

    def any_of(terms: Group) -> str:
        found = (f'"{t[:-1]}" *' if t.endswith("*") else f'"{t}"' for t in terms)
        return f"({' OR '.join(found)})"

    query = f"({' AND '.join(any_of(group) for group in groups)})"
    if excluded:
        query = f"{query} NOT {any_of(excluded)}"
    return f"{column} : ({query})" if column else query


def tsquery(groups: Iterable[Group], excluded: Group = (), column: str = "") -> str:
    """The query as PostgreSQL writes its tsquery."""
    weight = COLUMNS.get(column, "")

    def one(term: str) -> str:
        flags = ("*" if term.endswith("*") else "") + weight
        return f"'{term.removesuffix('*')}'" + (f":{flags}" if flags else "")

    def any_of(terms: Group) -> str:
        return f"({' | '.join(one(term) for term in terms)})"

    query = " & ".join(any_of(group) for group in groups)
    return f"{query} & !{any_of(excluded)}" if excluded else query


def _bounded(terms: Terms) -> dict[str, list[str]]:
    """The terms that there is room for, those of the title first."""
    room = MOST_BYTES
    kept: dict[str, list[str]] = {}
    for column in COLUMNS:
        kept[column] = []
        for term in terms[column]:
            room -= len(term.encode()) + 8
            if room < 0:
                break
            kept[column].append(term)
    return kept


def _vector(terms: Mapping[str, Iterable[str]]) -> str:
    """A tsvector, written out. Where in a text a word stands is not kept: a position tells the
    columns apart, no more."""
    places: dict[str, list[str]] = {}
    for number, (column, weight) in enumerate(COLUMNS.items(), 1):
        for term in terms[column]:
            places.setdefault(term, []).append(f"{number}{weight}")
    return " ".join(f"'{term}':{','.join(found)}" for term, found in places.items())


def stored(terms: Terms) -> tuple[str, ...]:
    """What the index keeps of an entry with these terms: on PostgreSQL its vector, written out;
    on SQLite the terms of each column."""
    bounded = _bounded(terms)
    if connection.vendor == "postgresql":
        return (_vector(bounded),)
    return tuple(" ".join(bounded[column]) for column in COLUMNS)


def write(entries: Mapping[int, Terms]) -> None:
    """Put entries into the index, by their ids, in place of what it has of them."""
    if connection.vendor == "sqlite":
        remove(entries)
    keep({pk: stored(terms) for pk, terms in entries.items()})


def keep(entries: Mapping[int, tuple[str, ...]]) -> None:
    """Put into the index what is `stored` of entries that it has nothing of."""
    if not entries:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "update events_entry set vector = %s::tsvector where id = %s",
                [(*vector, pk) for pk, vector in entries.items()],
            )
            return
        cursor.executemany(
            "insert into events_entry_words (rowid, title, quote, body) values (%s, %s, %s, %s)",
            [(pk, *columns) for pk, columns in entries.items()],
        )


def remove(pks: Iterable[int]) -> None:
    """Take entries out of the index. On PostgreSQL a row takes its words with it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                "delete from events_entry_words where rowid = %s", [(pk,) for pk in pks]
            )


def remove_lost() -> None:
    """Take words out of the index whose entry is gone with what it belonged to."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from events_entry_words where rowid not in (select id from events_entry)"
            )
