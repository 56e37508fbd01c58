"""What `make` looks at before it starts, so that it can say in one sentence what is in the way.

Runs on the system's Python, whichever that is, before anything is installed: nothing but the
standard library, and no syntax newer than it checks for.
"""

import importlib.util
import os
import socket
import sys


def obstacle(port=None):
    """Return the sentence that says what is in the way, or None."""
    if sys.version_info < (3, 11):
        return "Python 3.11 or newer is needed, and {} is {}.{}: name one, as in `make run PYTHON=python3.12`.".format(  # noqa: E501, UP032
            sys.executable, *sys.version_info[:2]
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            return "Python cannot make an environment: install its venv module (Debian, Ubuntu: apt install python3-venv)."  # noqa: E501
    for directory in (".venv", "var"):
        try:
            os.makedirs(directory, exist_ok=True)
        except OSError:
            pass
        if not os.access(directory, os.W_OK | os.X_OK):
            return "No permission to write to {}: run this as the owner of the directory.".format(  # noqa: UP032
                os.path.abspath(directory)
            )
    return port_obstacle(port) if port is not None else None


def port_obstacle(port):
    """Return the sentence that says why nothing can listen on the port, or None."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        return "PORT is {!r}: it must be a number between 1 and 65535.".format(port)  # noqa: UP032
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return "Port {} is reserved for the system: choose another, as in `make run PORT=8001`.".format(port)  # noqa: E501, UP032
        except OSError:
            return "Port {} is busy: stop what uses it, or choose another, as in `make run PORT=8001`.".format(port)  # noqa: E501, UP032
    return None


if __name__ == "__main__":
    sys.exit(obstacle(*sys.argv[1:2]))
