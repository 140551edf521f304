"""How a process of the local stage serves: until it is asked to stop, whenever that is."""

import signal
import socket

import uvicorn


def serve(config: uvicorn.Config, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT, finish the running calls, and return.

    Parameters:
        config: of the server.
        listener: a socket that listens already; by default the host and port of ``config``.
    """
    server = uvicorn.Server(config)

    def stop(*_: object) -> None:
        server.should_exit = True

    # Uvicorn listens for these signals only while it serves: one that comes before must not be lost, and one that it
    # raises once more when it has stopped is no failure.
    for asked_to_stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked_to_stop, stop)
    server.run(sockets=[listener] if listener else None)
