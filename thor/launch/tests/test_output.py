"""Each line of output stands whole under its process's name."""

import io
import os

from thor.launch.output import Prefixed


def test_pieces_become_lines() -> None:
    """A line that comes in pieces is written once; two processes' pieces never mix; a rest is kept until the end."""
    out = io.StringIO()
    stream = Prefixed("web", 6, out)
    stream({"pid": 1, "name": "stdout", "data": b"hel"})
    stream({"pid": 1, "name": "stderr", "data": b"warned\n"})
    stream({"pid": 1, "name": "stdout", "data": b"lo\nun"})
    assert out.getvalue() == "web    | warned\nweb    | hello\n"
    stream.close()
    assert out.getvalue().endswith("web    | un\n")


def test_bytes_that_are_no_text_do_not_stop_the_desk() -> None:
    """They are shown as replacement characters."""
    out = io.StringIO()
    Prefixed("web", 3, out)({"pid": 1, "name": "stdout", "data": b"\xff\n"})
    assert out.getvalue() == "web | \ufffd\n"


def test_a_reader_that_went_away_does_not_stop_the_desk() -> None:
    """`make run | head` closes the pipe; the processes go on."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        stream = Prefixed("web", 3, out)
        for _ in range(2):
            stream({"pid": 1, "name": "stdout", "data": b"still here\n"})
