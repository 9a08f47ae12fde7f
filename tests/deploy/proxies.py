"""The proxies of deploy/, run as an ordinary program on ports of 127.0.0.1 with a certificate of their own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.browsing import PROJECT

DEPLOY = PROJECT / "deploy"
NAME = "touchstone.example.org"
SHOWN_PORTS = ("127.0.0.1:8501", "127.0.0.1:8502")  # what stands in the files


def program(name: str) -> str:
    """Where a program is; a test that needs one that is not here is skipped, and says which."""
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        return found
    pytest.skip(f"{name} is not on this machine")


def certificate(folder: Path) -> None:
    """fullchain.pem and privkey.pem for localhost, signed by nobody."""
    made = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    said = [program("openssl"), *made, "-addext", "subjectAltName=DNS:localhost", *files]
    subprocess.run(said, check=True, capture_output=True)


def changed(text: str, to: dict[str, str]) -> str:
    """The file with what a person changes in it. Each must stand in it, or the file is another than these tests think."""
    for was, now in to.items():
        assert was in text, was
        text = text.replace(was, now)
    return text


def nginx_files(folder: Path, port: int, plain: int, apps: tuple[int, int]) -> list[str]:
    """The command that runs nginx in the foreground over deploy/nginx.conf."""
    certificate(folder)
    to = dict(zip(SHOWN_PORTS, (f"127.0.0.1:{each}" for each in apps), strict=True))
    to |= {NAME: "localhost", "listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "listen 80": f"listen 127.0.0.1:{plain}"}
    (folder / "touchstone.conf").write_text(
        changed((DEPLOY / "nginx.conf").read_text(), {**to, "/etc/touchstone/tls": str(folder)})
    )
    temporary = "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{ access_log off;\n{temporary}"
    (folder / "nginx.conf").write_text(f"{whole}include {folder}/touchstone.conf; }}\n")
    return [program("nginx"), "-e", f"{folder}/error.log", "-p", f"{folder}", "-c", f"{folder}/nginx.conf"]


def caddy_files(folder: Path, port: int, plain: int, apps: tuple[int, int]) -> list[str]:
    """The command that runs Caddy in the foreground over deploy/Caddyfile."""
    certificate(folder)
    to = dict(zip(SHOWN_PORTS, (f"127.0.0.1:{each}" for each in apps), strict=True))
    to[f"{NAME} {{"] = f"https://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {folder}/fullchain.pem {folder}/privkey.pem"
    whole = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {plain}\n}}\n"
    (folder / "Caddyfile").write_text(whole + changed((DEPLOY / "Caddyfile").read_text(), to))
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


FILES = {"nginx": nginx_files, "caddy": caddy_files}


@contextmanager
def running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """Within: the proxy answers at `url`. Ended by its own process id."""
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        wait_for(url, process, folder)
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if asked(f"{url}/health/ready").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    logs = [each.read_text(errors="replace")[-2000:] for each in (folder / "proxy.log", folder / "error.log") if each.exists()]
    raise RuntimeError("the proxy did not answer:\n" + "\n".join(logs))


def asked(url: str, method: str = "GET", **more) -> httpx.Response:
    return httpx.request(method, url, verify=False, trust_env=False, timeout=20, **more)
