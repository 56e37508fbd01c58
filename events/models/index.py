"""What lists, counts and search read: derived from the records, made anew by `reindex`.

Nothing here decides what is public. Every row leads to the publication that holds it, and a
query passes the gate there; approval writes the rows, so that a release has nothing to do.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .content import Statement
from .publication import GatedQuerySet, Publication


class Plain(models.Func):
    """A column's value, by which SQLite looks no rows up: for a condition that most rows fulfil,
    where it takes it for one of few."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """The plus sign changes nothing but that."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class Derived(models.Model):
    """A row that borrows the gate of what it was derived from.

    `model` and `uid` are the item's: an event, a statement, a quote or an outcome. An outcome
    that a statement announces waits for that statement too.
    """

    model = models.CharField(max_length=12)
    uid = models.UUIDField()
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="+", null=True)
    announced_in = models.ForeignKey(Statement, models.CASCADE, related_name="+", null=True)

    GATES = ("publication", "announced_in")
    objects = GatedQuerySet.as_manager()

    class Meta:
        abstract = True


def announced(name: str) -> models.Index:
    """The index by what announces a row, of those alone that have it: they are few, which SQLite
    cannot tell of an index that holds the others too."""
    return models.Index(fields=("announced_in",), name=name,
                        condition=Q(announced_in__isnull=False))  # fmt: skip


class Mark(Derived):
    """One value under which lists find an item: the country "TJ", the month "2007-10".

    Reference rows are known by their addresses, which never change once in use; countries by
    their code in small letters. A column per facet would not do: an item has many countries.
    """

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("uid", "facet", "value"), name="mark_once"),)
        indexes = (
            models.Index(fields=("model", "facet", "value", "uid"), name="mark_found_by"),
            announced("mark_announced"),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.uid}: {self.facet} {self.value}"


class Tally(models.Model):
    """How many approved items bear a mark, released or not yet: see `facets.counts`."""

    model = models.CharField(max_length=12)
    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=80)
    number = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("model", "facet", "value"), name="tally_once"),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.facet} {self.value}: {self.number}"


class Entry(Derived):
    """What search finds: one item in one of the languages that readers may read.

    `heading` and `text` are plain text as readers see it, for results and their snippets.
    `title`, `quote` and `body` are the same words folded (see search.folding), a space around
    each: exact phrases are looked up there. The database's own index of words stands beside
    the table: the column `vector` on PostgreSQL, the table events_entry_words on SQLite.
    Persons, organisations, countries, topics and series have entries too, held by no
    publication: whoever asks for them must ask whether something public names them.
    """

    language = models.CharField(max_length=8)
    date = models.DateField(null=True)
    heading = models.TextField()
    text = models.TextField()
    title = models.TextField()
    quote = models.TextField()
    body = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("uid", "language"), name="entry_once"),)
        indexes = (
            models.Index(F("date").desc(), "uid", name="entry_newest"),
            announced("entry_announced"),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.uid}, {self.language}"


class Word(models.Model):
    """A word of some entry, folded, for "did you mean". It may come from a hidden text: nothing
    is offered before a gated query has found it.

    One slip of the finger leaves the beginning or the end of a word as it was.
    """

    word = models.CharField(max_length=40, unique=True)
    length = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=2)
    tail = models.CharField(max_length=2)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        default_permissions = ()
        indexes = (
            models.Index(fields=("head", "length"), name="word_head"),
            models.Index(fields=("tail", "length"), name="word_tail"),
        )

    def __str__(self) -> str:
        return self.word
