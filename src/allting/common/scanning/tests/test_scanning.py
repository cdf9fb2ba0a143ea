"""Files are looked through by a real ClamAV daemon; EICAR is refused, and so is all when nobody answers."""

import pytest

from allting.common.scanning import api, doctor
from allting.common.scanning.scanners import eicar
from allting.common.scanning.tests.factories import EICAR, clamd
from allting.kernel.problems import Unavailable

PDF = b"%PDF-1.7\n" + b"words " * 50_000


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    with clamd(tmp_path_factory.mktemp("clamd")) as found:
        yield found


@pytest.fixture(params=["tcp", "socket"])
def daemon(request, addresses, settings):
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", addresses[request.param == "socket"]


def test_clamd_finds_eicar_and_nothing_in_a_document(daemon):
    assert api.check(EICAR).startswith("Eicar-Test-Signature")
    assert api.check(b"%PDF-1.7\n" + EICAR).startswith("Eicar-Test-Signature")
    assert api.check(PDF) == ""
    assert api.check(b"") == ""


def test_what_the_daemon_does_not_take_is_not_taken(daemon):
    with pytest.raises(Unavailable):
        api.check(b"%PDF-" + bytes(4 * 1024 * 1024))  # larger than its StreamMaxLength
    [finding] = doctor.scanner()
    assert (finding.level, "ClamAV" in finding.text) == ("ok", True)


@pytest.mark.parametrize("where", ["127.0.0.1:1", "/nowhere/clamd.ctl", "nonsense"])
def test_without_an_answer_nothing_is_taken_and_doctor_says_so(settings, where):
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", where
    with pytest.raises(Unavailable) as raised:
        api.check(PDF)
    assert raised.value.code == "no-scanner"
    assert [one.level for one in doctor.scanner()] == ["error"]


def test_an_answer_that_makes_no_sense_is_none(settings):
    import socket
    import threading

    settings.SCANNER = "clamd"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"

        def answer():
            line, _who = server.accept()
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Unavailable):
            api.check(b"x")
        thread.join()


def test_none_is_warned_of_and_one_that_does_not_exist_is_an_error(settings):
    settings.SCANNER = ""
    assert api.check(EICAR) == ""
    assert [one.level for one in doctor.scanner()] == ["warning"]
    settings.SCANNER = "nobody"
    assert [one.level for one in doctor.scanner()] == ["error"]


def test_the_demos_own_knows_eicar_only(settings):
    settings.SCANNER = "eicar"
    assert api.check(b"%PDF-" + EICAR) == "Eicar-Test-Signature"
    assert api.check(PDF) == ""
    assert "EICAR" in eicar.version()
