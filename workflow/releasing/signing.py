"""Sign a release with an SSH key, by ssh-keygen: the key never comes into this program."""

import shutil
import subprocess
from pathlib import Path

from touchstone.errors import Refused
from touchstone.releasing.manifest import FILE, SIGNATURE, read_manifest
from touchstone.releasing.signatures import NAMESPACE, check_signature

LONGEST = 300  # seconds: a passphrase may be asked for


def sign_release(folder: Path, key: Path) -> str:
    """Sign the manifest of the release in `folder`; who signed, in words. Raises Refused where there is no release or no key,
    where it is signed already, and where ssh-keygen does not sign."""
    manifest, signature = folder / FILE, folder / SIGNATURE
    if not manifest.is_file() or manifest.is_symlink():
        raise Refused(f"{folder} holds no {FILE}; name the folder of a release")
    read_manifest(manifest.read_bytes())
    if signature.exists():
        raise Refused(f"{folder} is signed already; verify it, or take {SIGNATURE} away to sign it anew")
    if not key.is_file():
        raise Refused(f"there is no key {key}; name the file of an SSH key, or its .pub where an agent has it")
    program = shutil.which("ssh-keygen")
    if program is None:
        raise Refused("signing takes ssh-keygen, which is not on this machine; install OpenSSH, or sign on another")
    command = [program, "-Y", "sign", "-f", str(key.resolve()), "-n", NAMESPACE, FILE]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise Refused(f"ssh-keygen did not sign ({type(wrong).__name__}); try again") from None
    if done.returncode or not signature.is_file():
        told = " ".join(done.stderr.split())[:200] or "it says nothing"
        raise Refused(f"ssh-keygen did not sign with {key}: {told}")
    return check_signature(signature.read_bytes(), manifest.read_bytes(), None)
