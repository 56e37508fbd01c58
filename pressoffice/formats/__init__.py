"""How Django's own forms and lists write dates and numbers, where it lacks a language or has
another country's way. Pages of readers and of the desk take theirs from CLDR: events/dates.py."""
