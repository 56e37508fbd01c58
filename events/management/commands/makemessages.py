"""`manage.py makemessages`: Django's own, without its guesses."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Collect the texts to translate. A text that is new stays empty: one that is guessed from
    another that looks like it (fuzzy) may say the opposite, and is easily overlooked."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
