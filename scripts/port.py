"""Says in a sentence when the port for the app cannot be had, before anything is installed or written.

python3 scripts/port.py 8501
"""

import socket
import sys


def port_problem(text: str) -> str | None:
    """Why 127.0.0.1:`text` cannot be listened on, with the way out; None when it can."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        return f"PORT takes a number from 1 to 65535, not {text!r}: make run PORT=8502"
    port = int(text)
    other = port + 1 if 1024 <= port < 65535 else 8502
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # The server sets it too: without it a port whose last visitor left a minute ago counts as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()
        except PermissionError:
            return f"Port {port} needs root: take one from 1024 on, make run PORT={other}"
        except OSError:
            return f"Port {port} of 127.0.0.1 is taken: stop what listens there, or make run PORT={other}"
    return None


if __name__ == "__main__":
    sys.exit(port_problem(sys.argv[1]))
