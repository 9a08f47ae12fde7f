"""The image of deploy/Containerfile, built on a Debian made here, and a process of it that answers."""

import os
import subprocess
import sys
import time

import pytest

from tests.deploy.proxies import asked, program
from tests.support.app_server import free_port
from tests.support.browsing import PROJECT

BASE, IMAGE = "localhost/touchstone-base", "localhost/touchstone"
PACKAGES = "--include=python3,python3-venv,ca-certificates"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


@pytest.fixture(scope="module")
def buildah(tmp_path_factory):
    """buildah(...) runs it over a folder of its own, without a daemon; what it printed."""
    path, folder = program("buildah"), tmp_path_factory.mktemp("buildah")
    places = ["--root", str(folder / "root"), "--runroot", str(folder / "run"), "--storage-driver", "vfs"]

    def run(*arguments: str, seconds: int = 900) -> str:
        done = subprocess.run([path, *places, *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == 0, f"buildah {arguments[0]}: {(done.stdout + done.stderr)[-3000:]}"
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    run.command = [path, *places]
    return run


@pytest.fixture(scope="module")
def base(buildah, tmp_path_factory) -> str:
    """A Debian to build on, with this machine's certificate authorities: an index of packages may be known by one of its own."""
    archive = tmp_path_factory.mktemp("debian") / "debian.tar"
    command = [program("mmdebstrap"), "--variant=minbase", PACKAGES, "bookworm", str(archive)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if made.returncode:
        pytest.skip(f"mmdebstrap made no Debian: {made.stderr.strip().splitlines()[-1]}")
    container = buildah("from", "scratch")
    buildah("add", container, str(archive), "/")
    archive.unlink()
    if os.path.exists(AUTHORITIES):
        buildah("copy", container, AUTHORITIES, AUTHORITIES)
        buildah("config", "--env", f"SSL_CERT_FILE={AUTHORITIES}", container)
    buildah("commit", "--rm", container, BASE)
    return BASE


@pytest.mark.timeout(1800)
def test_the_image_is_built_answers_and_cannot_write_its_own_program(buildah, base, tmp_path):
    how = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"BASE={base}"]
    buildah("bud", *how, "-f", "deploy/Containerfile", "-t", IMAGE, ".")
    container = buildah("from", IMAGE)
    inside = ["run", "--isolation", "chroot", container, "--"]
    assert buildah(*inside, "id", "-u") == "10001"
    writable = "for each in app.py web .venv rubric_versions exports /data; do test -w $each && echo $each; done | tr '\\n' ' '"
    assert buildah(*inside, "sh", "-c", writable) == "/data"
    buildah(*inside, "sh", "-c", "! test -e tests && ! test -e .git && .venv/bin/python manage.py migrate")
    port = free_port()
    settings = ["--env", "TOUCHSTONE_PUBLIC_URL=https://touch.example.org"]
    served = [*buildah.command, "run", "--isolation", "chroot", *settings, container, "--", ".venv/bin/python", "-m", "streamlit"]
    with (tmp_path / "log").open("wb") as log:
        served += ["run", "app.py", "--server.address", "127.0.0.1", "--server.port", str(port)]
        process = subprocess.Popen(served, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 90
        probe = [sys.executable, "scripts/probe.py", f"http://127.0.0.1:{port}/health/live"]
        while subprocess.run(probe, cwd=PROJECT, capture_output=True).returncode:
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()[-3000:]
            time.sleep(0.3)
        assert asked(f"http://127.0.0.1:{port}/health/ready").json() == {"status": "ok"}
        buildah(*inside, ".venv/bin/python", "scripts/probe.py", f"http://127.0.0.1:{port}/health/live")
    finally:
        process.terminate()
        process.wait(30)
    said = subprocess.run([*buildah.command, "inspect", IMAGE], capture_output=True, text=True).stdout
    assert "scripts/probe.py" in said, "its health check"
