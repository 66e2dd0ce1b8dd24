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


def test_the_builders_name_is_no_difference_but_all_beside_it_is(tmp_path: Path) -> None:
    line = b'<meta name="generator" content="%s"><p>%s</p>'
    first = site(tmp_path / "mkdocs", equal=line % (b"mkdocs-1", b"a"), page=line % (b"m", b"a"))
    second = site(
        tmp_path / "properdocs", equal=line % (b"properdocs-1", b"a"), page=line % (b"p", b"b")
    )
    assert [text.partition(":")[0] for text in differences(first, second)] == ["page"]
