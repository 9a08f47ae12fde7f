"""Passwords: which will do, and what is stored of them."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from touchstone.errors import Refused
from workflow.names import fold

SHORTEST, LONGEST = 12, 200  # characters
# argon2id with 19 MiB, two passes, one lane (OWASP's first choice): 25 ms of one core, the library's own default 190.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A hash holds a core and 19 MiB: of a flood of tries two are hashed at a time, and the others wait.
_at_once = BoundedSemaphore(2)


def hashed(password: str) -> str:
    """What is stored of a password."""
    with _at_once:
        return _hasher.hash(_as_typed(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether this is the password that `stored` was made of. Without one, no; which takes as long."""
    with _at_once:
        try:
            right = _hasher.verify(stored or _of_nobody(), _as_typed(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None and len(_as_typed(password)) <= LONGEST


def is_outdated(stored: str) -> bool:
    """Whether it was made with other parameters than are in use now."""
    return _hasher.check_needs_rehash(stored)


@cache
def _of_nobody() -> str:
    return _hasher.hash("no password of anybody")


def _as_typed(password: str) -> str:
    """The same letters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def fit_password(name: str, password: str, again: str) -> str:
    """The password as chosen by the person of that name. Raises Refused for one that is soon guessed, or typed in two ways."""
    seen = "".join(each for each in _as_typed(password) if unicodedata.category(each)[0] not in "CZ")
    if len(seen) < SHORTEST:
        raise Refused(f"A password has at least {SHORTEST} characters; three or four words that do not belong together are good.")
    if len(_as_typed(password)) > LONGEST:
        raise Refused(f"A password has at most {LONGEST} characters.")
    if len(set(seen.casefold())) < 5 or fold(password) in fold(name) * 4 or fold(password).replace(fold(name), "").isdigit():
        raise Refused("This password is soon guessed: it is one of few letters, or little more than your name. Take another.")
    if password != again:
        raise Refused("The two are not the same. Type the new password twice.")
    return password
