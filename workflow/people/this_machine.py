"""What counts as this machine. The local mode has no passwords, so it serves nobody else."""

from ipaddress import ip_address


def is_loopback_address(address: str | None) -> bool:
    """True for 127.0.0.0/8, ::1 (also as ::ffff:127.x) and the name localhost; False for None, which means
    every interface.
    """
    if address is None:
        return False
    if address.lower().rstrip(".") == "localhost":
        return True
    try:
        number = ip_address(address.strip("[]"))
    except ValueError:
        return False
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback


def is_loopback_host(host: str) -> bool:
    """The same for a Host header: an address or name with or without a port."""
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        port = port.removeprefix(":")
    else:
        name, _, port = host.partition(":")
    return is_loopback_address(name) and (port == "" or port.isdigit())
