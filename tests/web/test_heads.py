"""The head of a request has a size and a time, for everybody who can reach the port."""

from __future__ import annotations

import socket
import threading

import pytest
import uvicorn
from starlette.responses import Response
from starlette.routing import Route

from afterbell.web import heads, server

GOOD = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\nhello"


@pytest.fixture
def connect(monkeypatch):
    """Connect to a server that has little patience."""
    monkeypatch.setattr(heads, "PATIENCE", 0.05)
    app = server.app([Route("/", lambda _request: Response("in"), methods=["POST"])])
    with server.bind("127.0.0.1", 0) as listening:
        config = uvicorn.Config(app, http=heads.Heads, lifespan="off", log_config=None, access_log=False)
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        yield lambda: socket.create_connection(listening.getsockname(), timeout=60)
        running.should_exit = True
        thread.join()


def until_closed(connection):
    """Return what is answered until the other side closes."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionError:
        pass
    return said


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n", GOOD + b"GET "])
def test_a_head_that_does_not_end_is_not_waited_for(connect, begun):
    with connect() as connection:
        connection.sendall(begun)
        assert until_closed(connection).count(b"HTTP/1.1 200") == begun.count(GOOD)


@pytest.mark.parametrize("piece", [b"x-a: b\r\n", b"y" * 1000])
def test_a_head_without_end_is_cut_off(connect, monkeypatch, piece):
    monkeypatch.setattr(heads, "PATIENCE", 600)
    with connect() as connection:
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nx: ")
            for _ in range(64):
                connection.sendall(piece * (1024 * 1024 // len(piece)))
        except ConnectionError:
            return
        assert until_closed(connection) == b""


def test_requests_one_after_the_other_are_answered(connect, monkeypatch):
    monkeypatch.setattr(heads, "PATIENCE", 600)
    with connect() as connection:
        for _ in range(3):
            connection.sendall(GOOD)
            said = b""
            while not said.endswith(b"in"):
                said += connection.recv(65536)
            assert said.startswith(b"HTTP/1.1 200")
        large = (
            b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 300000\r\nconnection: close\r\n\r\n"
            + b"x" * 300_000
        )
        connection.sendall(large)
        assert until_closed(connection).startswith(b"HTTP/1.1 200")
