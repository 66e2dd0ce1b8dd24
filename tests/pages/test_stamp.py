"""A one-sided edit makes its section's stamp stale, and nothing but a look at both renews it."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.languages import stamp as command
from engine.languages.sections import sections_of
from engine.languages.stamps import Pair, stamp_faults, without_page
from engine.running.collector import pages_sybil
from engine.running.update_outputs import OutputUpdates
from tests.small_site import SmallSite

PAGE = """---
title: {word}
---

# {word} {{#title}}

{word} one.

## {word} {{#symbols}}

{word} two.

## {word} {{#code}}

{word} three.

```pycon
>>> print(1 + 1)
2
```
"""
CHINESE, ENGLISH = PAGE.format(word="词"), PAGE.format(word="word")
ZH, EN = "docs/zh/demo.md", "docs/en/demo.md"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """One page in both languages, stamped and committed."""
    made = SmallSite(tmp_path)
    made.both("demo", CHINESE, ENGLISH)
    stamp(made)
    made.commit("in step")
    return made


def stamp(site: SmallSite, reason: str = "") -> bool:
    return command.stamp(Pair(site, "demo"), reason)


def messages(site: SmallSite) -> list[str]:
    return [str(fault) for fault in stamp_faults(site, "demo")]


def test_a_stamped_page_is_in_step(site: SmallSite) -> None:
    assert messages(site) == []
    written = (site.docs / "in_step" / "demo.yml").read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if not line.startswith(" ")] == [
        "title:",
        "symbols:",
        "code:",
    ]


def test_a_page_without_stamps_is_told_so(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.both("demo", CHINESE, ENGLISH)
    assert "never been stamped" in messages(site)[0]
    assert "make stamp PAGE=demo" in messages(site)[0]


def test_a_one_sided_edit_names_both_places_and_the_command(site: SmallSite) -> None:
    site.replace(EN, "word two.", "word 2.")
    (message,) = messages(site)
    assert message.startswith(
        "docs/zh/demo.md:9: section #symbols has changed in docs/en/demo.md:9"
    )
    assert "make stamp PAGE=demo" in message


def test_front_matter_and_line_ends_do_not_count(site: SmallSite) -> None:
    site.replace(EN, "title: word", "title: other")
    path = site.root / EN
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert messages(site) == []


def test_stamping_shows_the_change_and_refuses_one_side(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replace(EN, "word two.", "word 2.")
    assert not stamp(site)
    told = capsys.readouterr()
    assert "-word two.\n+word 2." in told.out
    assert "refused" in told.err
    assert messages(site) != []


def test_stamping_takes_a_section_that_changed_on_both_sides(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replace(EN, "word two.", "word 2.")
    site.replace(ZH, "词 two.", "词 2.")
    site.replace(ZH, "词 one.", "词 1.")
    assert not stamp(site)
    told = capsys.readouterr()
    assert "-word two.\n+word 2." in told.out
    assert "-词 two.\n+词 2." in told.out
    (message,) = messages(site)
    assert message.startswith("docs/en/demo.md:5: section #title has changed in docs/zh/demo.md:5")


def test_a_reason_is_kept_until_the_section_changes_again(site: SmallSite) -> None:
    site.replace(EN, "word two.", "word 2.")
    assert stamp(site, "only: English")
    assert messages(site) == []
    assert Pair(site, "demo").stamps["symbols"].reason == "only: English"
    site.replace(EN, "word 2.", "word II.")
    site.replace(ZH, "词 two.", "词 II.")
    assert stamp(site)
    assert Pair(site, "demo").stamps["symbols"].reason == ""


def test_a_reason_for_one_page_leaves_no_hole_for_the_other(site: SmallSite) -> None:
    site.replace(ZH, "词 two.", "词 2.")
    assert stamp(site, "only a typo in Chinese")
    site.replace(EN, "word two.", "word -2.")
    assert not stamp(site)
    assert len(messages(site)) == 1


def test_a_section_that_is_new_in_one_language_is_refused(site: SmallSite) -> None:
    new = "\n## New {#new}\n\nText.\n"
    site.write(EN, ENGLISH + new)
    assert not stamp(site)
    site.write(ZH, CHINESE + new)
    assert "is new here" in messages(site)[0]
    assert stamp(site)
    site.write(ZH, CHINESE)
    assert "section #new is gone from docs/zh/demo.md" in messages(site)[0]
    site.write(EN, ENGLISH)
    assert stamp(site)
    assert "new" not in Pair(site, "demo").stamps


def test_a_commit_may_say_that_a_change_is_one_languages_own(site: SmallSite) -> None:
    site.replace(ZH, "词 two.", "词 two!")
    site.commit("Mend a typo\n\nOne language: typo in Chinese")
    assert messages(site) == []
    site.replace(ZH, "词 two!", "词 two?")
    site.commit("Mend another\n\nOne language: and again")
    assert messages(site) == []


def test_what_no_commit_says_so_of_is_not_accepted(site: SmallSite) -> None:
    site.replace(ZH, "词 two.", "词 two!")
    site.commit("Mend a typo")
    assert len(messages(site)) == 1
    site.commit("One language: another commit")
    assert len(messages(site)) == 1
    site.replace(ZH, "词 two!", "词 two?")
    site.commit("One language: the second step alone")
    assert len(messages(site)) == 1


def test_after_an_accepted_change_the_other_language_is_still_watched(site: SmallSite) -> None:
    site.replace(ZH, "词 two.", "词 two!")
    site.commit("One language: typo in Chinese")
    site.replace(EN, "word two.", "word -2.")
    assert len(messages(site)) == 1
    assert not stamp(site)


def test_a_commit_that_changes_both_languages_cannot_say_so(site: SmallSite) -> None:
    site.replace(ZH, "词 two.", "词 2.")
    site.replace(EN, "word two.", "word -2.")
    site.commit("One language: it is not")
    assert len(messages(site)) == 1


def test_stamps_of_a_page_that_is_gone_are_found(site: SmallSite) -> None:
    assert without_page(site) == []
    for path in (ZH, EN):
        (site.root / path).unlink()
    (fault,) = without_page(site)
    assert fault.path.name == "demo.yml"


@pytest.mark.parametrize(
    ("mine", "theirs"), [("one", "two"), ("two", "three"), ("one", "three"), ("three", "two")]
)
def test_branches_that_change_different_sections_merge(
    site: SmallSite, mine: str, theirs: str
) -> None:
    for branch, word in (("mine", mine), ("theirs", theirs)):
        site.git("checkout", "-q", "-b", branch, "main")
        for path in (ZH, EN):
            site.replace(path, f" {word}.", f" {word} of {branch}.")
        assert stamp(site, "")
        site.commit(branch)
    site.git("merge", "-q", "mine", "-m", "merge")
    assert messages(site) == []
    assert "of mine" in (site.root / EN).read_text(encoding="utf-8")


def test_a_conflict_in_the_stamps_says_what_to_do(site: SmallSite) -> None:
    for branch in ("mine", "theirs"):
        site.git("checkout", "-q", "-b", branch, "main")
        for path in (ZH, EN):
            site.replace(path, " two.", f" two of {branch}.")
        assert stamp(site)
        site.commit(branch)
    with pytest.raises(subprocess.CalledProcessError):
        site.git("merge", "mine")
    assert "git checkout --ours docs/in_step/demo.yml" in messages(site)[0]
    for path in (ZH, EN):
        site.git("checkout", "--theirs", path)
    site.git("checkout", "--ours", "docs/in_step/demo.yml")
    assert stamp(site)
    assert messages(site) == []


def test_a_wrong_name_is_one_clear_error(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.root)
    assert command.main(["dema"]) == 1
    assert capsys.readouterr().err == "no page is called 'dema'\n    → name one of demo\n"
    for name in ("demo", EN, str(site.root / ZH), "./docs/en/demo.md"):
        assert command.main([name]) == 0
    (site.root / EN).unlink()
    assert command.main(["demo"]) == 1
    assert "docs/en/demo.md" in capsys.readouterr().err


def test_outputs_written_in_both_languages_stay_in_step(site: SmallSite) -> None:
    for path in (ZH, EN):
        site.replace(path, "\n2\n", "\n3\n")
    assert stamp(site)
    update(site, ZH, EN)
    assert "\n2\n" in (site.root / EN).read_text(encoding="utf-8")
    assert messages(site) == []


def test_outputs_written_in_one_language_alone_are_out_of_step(site: SmallSite) -> None:
    for path in (ZH, EN):
        site.replace(path, "\n2\n", "\n3\n")
    assert stamp(site)
    update(site, EN)
    assert len(messages(site)) == 1


def update(site: SmallSite, *pages: str) -> None:
    updates = OutputUpdates(site)
    collector = pages_sybil(site, lambda code, shown, got: updates.add(code, got))
    for page in pages:
        for example in collector.parse(site.root / page).examples():
            example.evaluate()
    updates.write()


def test_stamping_tells_of_pages_in_step_and_of_other_faults(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.root)
    site.both("other", "# 词 {#title}\n", "# Word {#title}\n")
    site.both("third", CHINESE, ENGLISH)
    assert command.main(["demo", "third"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["third: stamped #title, #symbols, #code", "1 page in step already"]
    assert command.main([]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["other: stamped #title", "2 pages in step already"]
    assert told[2].startswith("other: 6 other faults")  # title, description, navigation, twice
    assert told[3] == "    → make review PAGE=other"


ANCHORS = st.lists(st.sampled_from("abcdefg"), unique=True, min_size=1, max_size=5)
#: No fences or formulas: one that is left open takes in the headings below it.
TEXTS = st.text("xyz >-\n", max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(anchors=ANCHORS, above=TEXTS, data=st.data())
def test_sections_are_all_of_a_page_and_change_one_by_one(
    anchors: list[str], above: str, data: st.DataObject, tmp_path: Path
) -> None:
    site = SmallSite(tmp_path)
    path = site.docs / "en" / "cut.md"
    parts = {"": above} | {name: data.draw(TEXTS) for name in anchors}
    changed = data.draw(st.sampled_from(anchors))

    def page(changed_text: str) -> str:
        texts = parts | {changed: parts[changed] + changed_text}
        return "---\ntitle: t\n---\n" + "\n\n".join(
            f"## H {{#{name}}}\n\n{text}" if name else text for name, text in texts.items()
        )

    before = sections_of(site, page(""), path)
    after = sections_of(site, page(" more"), path)
    assert "\n".join(s.text for s in before.values()).strip() == page("")[17:].strip()
    assert [key for key in after if before.get(key) != after[key]] == [changed]
