"""A real node of OpenSearch for the tests that need one, and a port before it that can be closed."""

import select
import socket
import socketserver
import threading
from contextlib import suppress

import pytest

from ecom67.base.errors import CliError
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import HOST
from ecom67.local.standins.opensearch.node import missing, node
from tests.free_ports import free_ports


def node_or_skip(tmp_path_factory: pytest.TempPathFactory) -> StageProcess:
    """Return a node that is not running yet; skips the test, and says why, where there cannot be one."""
    if lack := missing():
        pytest.skip(lack)
    try:
        return node(tmp_path_factory.mktemp("opensearch"), free_ports().shop, quick_start=True)
    except CliError as fault:
        pytest.skip(str(fault))


class Relay:
    """A port before a server: closed, the server is away for its clients, without a start that takes long.

    Parameters:
        to: the server's port.
    """

    def __init__(self, to: int) -> None:
        self.port = free_ports().shop
        self._to = to
        self._listener: _Listener | None = None

    def open(self) -> None:
        """Take connections."""
        self._listener = _Listener(self.port, self._to)
        threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """End all connections and refuse others, as a server that has ended does; does nothing where it is closed."""
        if self._listener is not None:
            self._listener.end()
            self._listener = None


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, to: int) -> None:
        super().__init__((HOST, port), _Connection)
        self.to = to
        self.connections: set[socket.socket] = set()

    def end(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Connection(socketserver.BaseRequestHandler):
    server: _Listener

    def handle(self) -> None:
        with socket.create_connection((HOST, self.server.to)) as upstream:
            other = {self.request: upstream, upstream: self.request}
            self.server.connections |= other.keys()
            with suppress(OSError):
                while all(self._pass_on(ready, other[ready]) for ready in select.select(list(other), [], [])[0]):
                    pass
            self.server.connections -= other.keys()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> bytes:
        received = source.recv(1 << 16)
        target.sendall(received)
        return received
