"""The server ends when it is told to, at whatever moment that is."""

from __future__ import annotations

import subprocess
import sys

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
