"""Signatures of SSH keys over a manifest, as `ssh-keygen -Y sign` makes them, verified without that program.

The format is OpenSSH's (PROTOCOL.sshsig): a key signs its namespace, a hash and the digest of the message. A signature counts
here if its namespace is ours, its key is one of the signers' and it is written exactly as it would be written again.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from touchstone.errors import Refused

NAMESPACE = "touchstone-release"
MAGIC = b"SSHSIG"
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
KEYS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
LINE = 70  # letters


class Signer(NamedTuple):
    """A public key, as its bytes are on the wire, and whose it is said to be."""

    name: str
    key: bytes

    @property
    def fingerprint(self) -> str:
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.key).digest()).decode().rstrip("=")


class SshSignature(NamedTuple):
    """The parts of a signature."""

    key: bytes
    namespace: str
    hash_name: str
    algorithm: str
    value: bytes


def signers_in(text: str, name: str) -> list[Signer]:
    """The signers of a file: public keys ("ssh-ed25519 AAAA… comment"), or allowed signers of ssh-keygen ("names key"), a line
    each. `name`: of the file. Raises Refused for a line that is neither."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        place = next((at for at, word in enumerate(words) if word in KEYS), None)
        options = [] if place is None else [word for word in words[1:place] if word != f'namespaces="{NAMESPACE}"']
        if place is None or options or len(words) < place + 2:
            raise Refused(
                f"line {number} of {name} is no public key; a line takes a key as in a file that ends in .pub, of "
                f"{', '.join(KEYS)}, or names before it"
            )
        try:
            key = base64.b64decode(words[place + 1], validate=True)
        except binascii.Error:
            raise Refused(f"the key on line {number} of {name} is cut off or changed; copy it again") from None
        found.append(Signer(words[0] if place else " ".join(words[2:]) or name, key))
    if not found:
        raise Refused(f"{name} holds no public key; name a file that ends in .pub, or one of allowed signers")
    return found


def read_signers(file: Path) -> list[Signer]:
    """As `signers_in`, of a file."""
    try:
        if file.stat().st_size > 1_000_000:
            raise Refused(f"{file.name} is too large for a file of public keys; name one that ends in .pub")
        return signers_in(file.read_text("utf-8"), file.name)
    except UnicodeDecodeError:
        raise Refused(f"{file.name} holds no public key; name a file that ends in .pub, or one of allowed signers") from None
    except OSError as wrong:
        raise Refused(f"{file} cannot be read ({wrong.strerror}); name a file of public keys") from None


def check_signature(source: bytes, message: bytes, signers: Sequence[Signer] | None) -> str:
    """Who signed the message, in words. `signers` None: anybody. Raises Refused where the signature does not hold or its key is
    nobody's of them."""
    found = parse(source)
    key = Signer("", found.key)
    if found.namespace != NAMESPACE:
        raise Refused(f"was made for {found.namespace[:60]!r}, not for a release; sign it again with sign-release")
    named = next((each for each in signers or () if each.key == found.key), None)
    if signers is not None and named is None:
        raise Refused(f"is by the key {key.fingerprint}, which is none of the signers'")
    _verify(found, message)
    return f"{named.name} ({key.fingerprint})" if named else f"the key {key.fingerprint}; whose it is takes a signer to say"


def parse(source: bytes) -> SshSignature:
    """The parts of a signature file. Raises Refused where it is none, or one bit of it is another."""
    try:
        lines = source.decode("ascii").split("\n")
        if lines[0] != BEGIN or lines[-2:] != [END, ""]:
            raise ValueError("no such frame")
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
        rest = blob.removeprefix(MAGIC)
        if len(rest) == len(blob) or rest[:4] != b"\0\0\0\x01":
            raise ValueError("another version")
        (key, namespace, reserved, hash_name, value), end = _strings(rest[4:], 5)
        (algorithm, signed), more = _strings(value, 2)
        made = SshSignature(key, namespace.decode(), hash_name.decode(), algorithm.decode("ascii"), signed)
        if end or more or reserved or armoured(blob) != source:
            raise ValueError("something else in it")
    except (ValueError, UnicodeError, IndexError):
        raise Refused("is no signature, or was changed since it was written; sign again, or take it from its signer") from None
    return made


def armoured(blob: bytes) -> bytes:
    """A signature as its file."""
    text = base64.b64encode(blob).decode()
    return "\n".join([BEGIN, *(text[at : at + LINE] for at in range(0, len(text), LINE)), END, ""]).encode()


def _strings(data: bytes, number: int) -> tuple[list[bytes], bytes]:
    """So many strings, each behind its length, and what follows them. Raises ValueError where they are cut off."""
    found = []
    for _ in range(number):
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 or len(data) < 4 + size:
            raise ValueError("cut off")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found, data


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _verify(found: SshSignature, message: bytes) -> None:
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    except ImportError:
        raise Refused("cannot be checked here: install touchstone[signatures], or check it with ssh-keygen -Y verify") from None
    if found.hash_name not in HASHES:
        raise Refused(f"is over a hash called {found.hash_name[:30]!r}; SHA-256 or SHA-512 is taken")
    digest = HASHES[found.hash_name](message).digest()
    signed = MAGIC + b"".join(map(_string, (found.namespace.encode(), b"", found.hash_name.encode(), digest)))
    try:
        _verify_by(found, signed)
    except InvalidSignature:
        raise Refused("does not hold: the manifest or the signature was changed after it was signed") from None
    except (UnsupportedAlgorithm, ValueError):
        raise Refused(
            f"is by a key of a kind that is not read here ({found.algorithm[:40]}); take one of {', '.join(KEYS)}"
        ) from None


def _verify_by(found: SshSignature, signed: bytes) -> None:
    """Raises InvalidSignature; UnsupportedAlgorithm or ValueError for a key of another kind."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    (kind,), _ = _strings(found.key, 1)
    key: Any = load_ssh_public_key(kind + b" " + base64.b64encode(found.key))
    if isinstance(key, ed25519.Ed25519PublicKey) and found.algorithm == "ssh-ed25519":
        key.verify(found.value, signed)
    elif isinstance(key, rsa.RSAPublicKey) and found.algorithm in ("rsa-sha2-256", "rsa-sha2-512"):
        hash_: hashes.HashAlgorithm = hashes.SHA256() if found.algorithm.endswith("256") else hashes.SHA512()
        key.verify(found.value, signed, padding.PKCS1v15(), hash_)
    elif isinstance(key, ec.EllipticCurvePublicKey) and found.algorithm == kind.decode("ascii"):
        (r, s), rest = _strings(found.value, 2)
        if rest:
            raise ValueError("something behind the signature")
        size = key.curve.key_size
        hash_ = hashes.SHA256() if size <= 256 else hashes.SHA384() if size <= 384 else hashes.SHA512()
        numbers = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        key.verify(numbers, signed, ec.ECDSA(hash_))
    else:
        raise ValueError("another kind of key")
