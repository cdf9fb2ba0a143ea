"""An HSM for tests: SoftHSM2 (Debian's ``softhsm2``), with one token for as long as the process lives."""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from unittest import mock

from allting.kernel.device import Device

PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/local/lib/softhsm")
TOKEN, PIN = "allting", "4711"


@cache
def device() -> Device:
    """The library reads where its tokens are when it is initialised; somebody may have loaded it before us."""
    import pkcs11

    module = next((Path(one, "libsofthsm2.so") for one in PLACES if Path(one, "libsofthsm2.so").exists()), None)
    assert module is not None, "install softhsm2"
    folder = Path(tempfile.mkdtemp(prefix="allting-softhsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN]
    with mock.patch.dict(os.environ, SOFTHSM2_CONF=str(conf)):
        subprocess.run(command, check=True, capture_output=True)
        pkcs11.lib(str(module)).reinitialize()
    return Device(str(module), TOKEN, PIN)
