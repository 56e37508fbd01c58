"""The press office: events, statements, quotes and outcomes.

Imports run one way, from the top of this map to its end:

visibility.py   THE GATE: Status, the request's one moment, what is public at a moment
roles.py        which role holds which permission; the actors without an account
languages.py    translated columns, ready languages, transliteration for addresses
alphabet.py     the order of the alphabet of each language, as keys that databases sort by
markup.py       rich text to safe HTML; the only mark_safe
addresses.py    addresses in full, from SITE_URL
clients.py      who asks: a client's address, and the number of its request
typography.py   quotation marks, and where no line breaks
dates.py        dates that may be a day, a month or a year, written as CLDR has them
bibtex.py       entries for BibTeX
figures.py      numbers and dates read out of a text, in each language
blobs.py        uploaded bytes, immutable, named by checksum
bucket.py       the same in an S3-compatible store
missed.py       the one line that every 404 leaves in the log
models/         NOUNS: publication, content, outcomes, reference, media, record, desk, audit
audit/          who did what, when and from where: append-only, chained
editions.py     snapshot(record), apply(record, snapshot), digests
latest.py       what changed last in the public record
facets.py       under which values lists find an item, and how many there are of each
search/         the words of what is approved, found through the gate
versions/       since when there is each language version, which is behind
indexing.py     keeps lists, counts and search with the records: the end of every verb
sight.py        who of the staff may see what before its release, and who did
cards.py        the picture that goes with a shared link
differences/    what changed between two snapshots, word by word; three-way merge
resemblance.py  whether a text is nearly identical to an earlier release
guards/         questions that an approver must answer
changekinds.py  what each kind of change may touch, and what readers are told of it
notifications.py who is told what, on the desk and by mail
publishing/     VERBS: save, submit, approve, propose, apply_change, withdraw …; the MOVES table
announcing/     hubs of WebSub are told what has become public
preview/        items shown before their release, by link or to staff; the site at a moment
signin/         how staff sign in, stay signed in, and show anew who they are
exporting/      the public record at one moment, as files
admin/          THE STAFF DOOR
opendata/       the public record as plain data, in all languages; what machines are answered
public/         THE PUBLIC DOOR: all that an anonymous visitor can reach, only via .public()
templatetags/   how templates write names, dates and text; no queries
management/     thin commands: parse, call a verb, print one sentence
desk.py         the admin's site: the desk on its first page, search and notifications beside it

Two promises decide every trade-off. Never early, never late: nothing embargoed can be
learned before its moment, and at its moment it is everywhere. Nothing is lost or silently
changed: every saved text is an edition, and two people stand behind every public word.
"""
