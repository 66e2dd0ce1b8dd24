"""The comparison of two sites finds each kind of difference."""

from pathlib import Path

from tests.properdocs import differences


def site(folder: Path, **files: bytes) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_every_difference_between_two_sites_is_named(tmp_path: Path) -> None:
    first = site(tmp_path / "mkdocs", same=b"1", text=b"a\nb\n", picture=b"\xff", gone=b"")
    second = site(tmp_path / "properdocs", same=b"1", text=b"a\nc\n", picture=b"\xfe", new=b"")
    assert list(differences(first, second)) == [
        "gone: only with mkdocs",
        "new: only with properdocs",
        "picture:\n    1 and 1 bytes",
        "text:\n    @@ -2 +2 @@\n    -b\n    +c",
    ]
    assert list(differences(first, first)) == []
