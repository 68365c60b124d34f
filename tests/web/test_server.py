"""The server ends when it is told to, at whatever moment that is, and answers at once."""

from __future__ import annotations

import socket
import subprocess
import sys

from afterbell.web import server

PROGRAM = """
import os, signal, sys
from contextlib import asynccontextmanager
from afterbell.web import server

@asynccontextmanager
async def around():
    yield
    print("left")

with server.bind("127.0.0.1", 0) as listening:
    server.run([], around(), listening, lambda: os.kill(os.getpid(), signal.SIGTERM))
"""


def test_a_signal_before_the_first_answer_ends_it_too():
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30, check=True)
    assert said.stdout == "left\n"


def test_small_answers_do_not_wait_for_an_acknowledgement():
    with server.bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _address = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
