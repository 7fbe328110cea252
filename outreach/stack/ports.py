"""Ports on loopback."""

import socket

from outreach.errors import OutreachError

HOST = "127.0.0.1"


def free_port(wanted: int, tries: int = 50) -> int:
    """The wanted port, or the next one that nobody uses. Raises OutreachError where all are busy."""
    for port in range(wanted, wanted + tries):
        with socket.socket(socket.AF_INET) as asking:
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asking.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OutreachError(f"All ports from {wanted} to {wanted + tries - 1} are busy.")


def answers(port: int) -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return False
    return True
