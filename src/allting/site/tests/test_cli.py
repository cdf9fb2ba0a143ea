"""The ``allting`` command ends quietly when nobody reads what it prints any more."""

import os
import sys

import pytest

from allting.site import cli


@pytest.fixture
def run(monkeypatch):
    """Run a command that prints into a pipe; ``closed`` before it starts, as ``| head`` does when it has enough."""

    def main(command, *, closed):
        reads, writes = os.pipe()
        if closed:
            os.close(reads)
        with os.fdopen(writes, "w", buffering=1) as out:
            monkeypatch.setattr(sys, "stdout", out)
            monkeypatch.setattr(sys, "argv", ["allting", "rules", "list"])
            monkeypatch.setattr(cli, "execute_from_command_line", lambda words: command(out))
            cli.main()

    yield main
    monkeypatch.undo()


def test_a_closed_pipe_is_no_fault(run):
    with pytest.raises(SystemExit) as ended:
        run(lambda out: out.write("more than it reads\n"), closed=True)
    assert ended.value.code == cli.CLOSED


def test_another_connection_that_breaks_is_told_of(run):
    def breaks(out):
        raise BrokenPipeError("of the mail server")

    with pytest.raises(BrokenPipeError, match="mail server"):
        run(breaks, closed=False)
