"""Debian's clamd (``clamav-daemon``) with one signature of our own: EICAR's words, wherever they stand in a file."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_SIGNATURE = f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n"


@contextmanager
def clamd(folder: Path) -> Iterator[tuple[str, str]]:
    """A running daemon; its addresses: TCP, and a Unix socket."""
    program = shutil.which("clamd")
    assert program is not None, "install clamav-daemon"
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(_SIGNATURE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    conf = folder / "clamd.conf"
    conf.write_text(
        f"Foreground yes\nDatabaseDirectory {folder / 'signatures'}\nLocalSocket {folder / 'clamd.ctl'}\n"
        f"TCPAddr 127.0.0.1\nTCPSocket {port}\nStreamMaxLength 3M\nTemporaryDirectory {folder}\n"
    )
    process = subprocess.Popen([program, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(300):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "clamd did not start"
            time.sleep(0.1)
        yield f"127.0.0.1:{port}", str(folder / "clamd.ctl")
    finally:
        process.terminate()
        process.wait(20)
