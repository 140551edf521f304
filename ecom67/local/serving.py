"""Runs a web server of the local stage, with a clean stop at any time."""

import signal
import socket

import uvicorn


def serve(config: uvicorn.Config, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT, finish the running requests, and return.

    Parameters:
        config: the configuration of Uvicorn.
        listener: a listening socket; default: the host and port of ``config``.
    """
    server = uvicorn.Server(config)

    def stop(*_: object) -> None:
        server.should_exit = True

    # Uvicorn handles these signals only while it serves: an earlier one must not be lost, and one that Uvicorn raises
    # again after it has stopped must not count as a failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run(sockets=[listener] if listener else None)
