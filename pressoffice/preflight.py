"""What `make` looks at before it starts, so that it can say in one sentence what is in the way.

Runs on the system's Python, whichever that is, before anything is installed: it uses nothing but
the standard library and no syntax newer than Python 3.6.
"""

import contextlib
import importlib.util
import os
import socket
import sys


def obstacle(port: str = "") -> str:
    """Return the sentence that says what is in the way; "" where nothing is."""
    if sys.version_info < (3, 11):
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            f"Python 3.11 or newer is needed, and {sys.executable} is {version}: "
            "name another, as in `make run PYTHON=python3.12`."
        )
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        return (
            "Python cannot make an environment here: install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv)."
        )
    # Texts under embargo lie in var/: not for every account of the machine.
    for directory, mode in ((".venv", 0o755), ("var", 0o750)):
        with contextlib.suppress(OSError):
            os.makedirs(directory, mode=mode, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            return (
                f"No permission to write to {os.path.abspath(directory)}: "
                "run this as the directory's owner."
            )
    return port_obstacle(port) if port else ""


def port_obstacle(port: str) -> str:
    """Return the sentence that says why nothing can listen on the port; "" where it can."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT is {port!r}: it must be a number between 1 and 65535."
    with socket.socket() as probe:
        # As gunicorn does: connections that are still closing do not keep a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"Port {port} is reserved: choose another, as in `make run PORT=8001`."
        except OSError:
            return (
                f"Port {port} is busy: stop what uses it, or choose another, "
                "as in `make run PORT=8001`."
            )
    return ""


if __name__ == "__main__":
    sys.exit(obstacle(*sys.argv[1:2]) or 0)
