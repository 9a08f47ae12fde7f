"""The two files of a seal: an age file that its keeper's key opens, and a manifest that everybody may have.

What cryptography does here: nobody without the key reads the age file, and nobody can change what was sealed without another
root. What it does not do: enforce a date. Whoever has the key can open the file on any day; the keeper is named for that reason.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyrage

from touchstone.bench.sealing.commitments import SealedTask, canary_of, root_of
from touchstone.errors import Problem, Refused

FORMAT = "touchstone seal 1"
POLICY = "The date is a promise of the keeper, who has the key: cryptography cannot enforce it."


@dataclass(frozen=True)
class SealManifest:
    """What is public of a seal. `until`: the day it is meant to stay sealed until; None where none was named."""

    partition: str
    keeper: str
    until: date | None
    sealed_on: date
    recipient: str
    root: str
    canary: str
    commitments: tuple[str, ...]

    def as_bytes(self) -> bytes:
        told = {
            "format": FORMAT,
            "partition": self.partition,
            "keeper": self.keeper,
            "until": None if self.until is None else self.until.isoformat(),
            "policy": POLICY,
            "sealed_on": self.sealed_on.isoformat(),
            "recipient": self.recipient,
            "tasks": len(self.commitments),
            "root": self.root,
            "canary": self.canary,
            "commitments": list(self.commitments),
        }
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def manifest_of(
    tasks: Sequence[SealedTask], *, partition: str, keeper: str, until: date | None, sealed_on: date, recipient: str
) -> SealManifest:
    commitments = tuple(each.commitment for each in tasks)
    root = root_of(commitments)
    return SealManifest(partition, keeper, until, sealed_on, recipient, root, canary_of(root), commitments)


def read_manifest(source: bytes) -> SealManifest:
    """Raises Refused for what is no manifest, or one that does not hold in itself."""
    try:
        given = json.loads(source)
        if given["format"] != FORMAT:
            raise ValueError
        found = SealManifest(
            str(given["partition"]),
            str(given["keeper"]),
            None if given["until"] is None else date.fromisoformat(given["until"]),
            date.fromisoformat(given["sealed_on"]),
            str(given["recipient"]),
            str(given["root"]),
            str(given["canary"]),
            tuple(map(str, given["commitments"])),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("this is not the manifest of a seal; name the file that ends with .manifest.json") from None
    if found.root != root_of(found.commitments) or found.canary != canary_of(found.root):
        raise Refused(
            f"the manifest of {found.partition} was changed: its root or its canary does not follow from its commitments"
        )
    return found


def new_key() -> tuple[str, str]:
    """A new key: the secret, which its keeper keeps elsewhere, and the recipient that a partition is sealed for."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def check_recipient(recipient: str) -> str:
    """The recipient without spaces around it. Raises Refused where it is none."""
    if not recipient.strip():
        raise Refused("the keeper's public key is missing: it begins with age1 and is made by age-keygen")
    try:
        pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise Refused(
            f"{recipient.strip()[:80]!r} is no public key of age; it begins with age1 and is made by age-keygen"
        ) from None
    return recipient.strip()


def encrypted(tasks: Sequence[SealedTask], manifest: SealManifest) -> bytes:
    """The age file: a line a task, each with the canary."""
    lines = [{"canary": manifest.canary, "salt": each.salt, "task": each.task, "drafts": list(each.drafts)} for each in tasks]
    plaintext = "".join(json.dumps(each, ensure_ascii=True) + "\n" for each in lines).encode()
    made: bytes = pyrage.encrypt(plaintext, [pyrage.x25519.Recipient.from_str(manifest.recipient)])
    return made


def decrypted(source: bytes, key: str, manifest: SealManifest) -> list[SealedTask]:
    """The tasks of an age file. Raises Refused where the key is none or another, where the file is none, and, with every
    difference, where it does not hold what the manifest commits to."""
    secret = next((line.strip() for line in key.splitlines() if line.strip().startswith("AGE-SECRET-KEY-")), "")
    try:
        identity = pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError:
        raise Refused("the key file holds no secret key of age; it is the line that begins with AGE-SECRET-KEY-") from None
    try:
        plaintext = pyrage.decrypt(source, [identity])
    except pyrage.DecryptError as wrong:
        raise Refused(
            f"the sealed file cannot be opened with this key ({str(wrong).lower()}); take the key of {manifest.keeper}"
        ) from None
    try:
        lines = [json.loads(line) for line in plaintext.decode().splitlines()]
        tasks = [SealedTask(str(each["salt"]), each["task"], each["drafts"]) for each in lines]
        commitments = [each.commitment for each in tasks]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("the sealed file holds no tasks as a seal has them; it was made by another program") from None
    if problems := _differing(commitments, manifest):
        raise Refused(f"the sealed file is not what the manifest of {manifest.partition} commits to", problems)
    return tasks


def _differing(commitments: Sequence[str], manifest: SealManifest) -> list[Problem]:
    known = set(manifest.commitments)
    problems = [
        Problem(at, "this task is none that was sealed, or was changed")
        for at, each in enumerate(commitments, 1)
        if each not in known
    ]
    missing = len(known - set(commitments))
    if missing:
        problems.append(Problem(None, f"{missing:,} of {len(known):,} sealed tasks are missing or changed"))
    if not problems and root_of(commitments) != manifest.root:
        problems.append(Problem(None, "the tasks are in another order, or one is there twice"))
    return problems


def as_records(tasks: Sequence[SealedTask]) -> list[dict[str, Any]]:
    """Tasks and drafts as the lines of files that import."""
    return [dict(record) for each in tasks for record in (each.task, *each.drafts)]
