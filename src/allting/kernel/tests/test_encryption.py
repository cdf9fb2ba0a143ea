import pytest

from allting.kernel import encryption
from allting.kernel.keys import file_key, text_key


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    return settings.KEY_FOLDER


def test_contents_open_again_only_in_their_own_place():
    sealed = encryption.seal_json({"name": "Kari Å"}, "case:1")
    assert encryption.unseal_json(sealed, "case:1") == {"name": "Kari Å"}
    with pytest.raises(encryption.NotReadable):
        encryption.unseal(sealed, "case:2")


@pytest.mark.parametrize("place", [0, 3, 12, 30, 70, -1])
def test_a_changed_byte_is_noticed(place):
    sealed = bytearray(encryption.seal(b"secret contents", "x"))
    sealed[place] ^= 1
    with pytest.raises(encryption.NotReadable):
        encryption.unseal(bytes(sealed), "x")


def test_nothing_of_the_contents_shows():
    assert b"Kari" not in encryption.seal(b"Kari " * 50, "x")


def test_after_a_new_key_the_old_contents_still_open():
    before = encryption.seal(b"old", "x")
    encryption.add_key()
    after = encryption.seal(b"new", "x")
    assert before[1:9] != after[1:9]
    assert (encryption.unseal(before, "x"), encryption.unseal(after, "x")) == (b"old", b"new")


def test_a_key_that_others_can_read_is_refused(folder):
    path = folder / "django.key"
    first = text_key(path)
    assert text_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(PermissionError):
        file_key(path, bytes)
