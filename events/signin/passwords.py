"""One text for each password, however a keyboard composed it."""

import unicodedata
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher


def normalised(password: str) -> str:
    """The form that is hashed: "й" typed as one character or as two is the same password (NIST
    SP 800-63B-4, 3.1.1.2, which asks for NFKC or NFKD)."""
    return unicodedata.normalize("NFKC", password)


class NormalisingHasher(PBKDF2PasswordHasher):
    """Django's own hasher, for the normalised text: here, because every way to set or to check a
    password comes through it, those of the console too. What it stores reads as Django's does."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """The hash of the normalised password; `verify` encodes too, and compares."""
        encoded: Any = super().encode(normalised(password), salt, iterations)
        return str(encoded)
