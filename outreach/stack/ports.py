"""Ports on loopback."""

import socket

from outreach.errors import OutreachError

HOST = "127.0.0.1"
_TRIES = 200
_promised: list[socket.socket] = []


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody uses; it is promised to this process until that ends.

    Between this answer and the program that listens there, another process may ask: it gets another port, because the
    UDP port of the same number is held here (it needs no files, and goes with the process). Raises OutreachError where
    all are busy.
    """
    for port in range(wanted, wanted + _TRIES):
        promise = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            promise.bind((HOST, port))
            with socket.socket(socket.AF_INET) as asking:
                asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                asking.bind((HOST, port))
        except OSError:
            promise.close()
            continue
        _promised.append(promise)
        return port
    raise OutreachError(f"All ports from {wanted} to {wanted + _TRIES - 1} are busy.")


def answers(port: int) -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return False
    return True
