"""A release verified, on a terminal."""

from pathlib import Path
from typing import Annotated

import typer

from touchstone.cli.printing import say, say_filled
from touchstone.cli.verbs import Json, document, refuse
from touchstone.english import many

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a release")]
Kept = Annotated[str, typer.Option("--digest", help="the release's digest as it was kept elsewhere", metavar="SHA256")]
SignedBy = Annotated[
    Path | None, typer.Option("--signer", help="public keys whose signature counts: a .pub, or allowed signers", metavar="FILE")
]


def verify(folder: Folder, digest: Kept = "", signer: SignedBy = None, as_json: Json = False) -> None:
    """Does a release hold? Its folder is enough: digests, the gold from its labels, every figure, every page.

    Exit 1 names each file or cell that does not hold.

    Example: touchstone verify exports/pilot-release-1 --digest 5f2a…
    """
    from touchstone.releasing.signatures import read_signers  # what checks a release takes a moment to import
    from touchstone.releasing.verifying.verify import verify as verified

    found = verified(folder, digest, read_signers(signer) if signer else None)
    if as_json:
        document(found.as_json())
    else:
        if found.digest:
            say(f"{found.name or folder}: digest {found.digest}")
        if found.signed_by:
            say(f"signed by {found.signed_by}")
        for each in found.findings:
            say_filled(each.in_words(), "  ", "    ")
        for sentence in found.not_checked:
            say_filled(f"! not checked: {sentence}")
    if not found.holds:
        refuse(f"{folder} does not hold: {many(len(found.findings), 'finding')}; take it from where it was published")
    if not as_json:
        say("it holds" if digest or signer else "it holds; whether it is the one that was given out, --digest or --signer says")
