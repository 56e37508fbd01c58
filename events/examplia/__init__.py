"""Examplia: an archive of any size, of a ministry that there is not, to try and to measure with.

words.py       what its people, places and texts are called, in three languages
people.py      who and what its texts name, through the verbs
texts.py       its events and statements, in memory, each from the seed and its number alone
inhand.py      relations whose rows are not in the database yet
pouring.py     rows by the thousand into either database
archive.py     the archive as a whole: editions, lists, counts and search, as the verbs have them
"""
