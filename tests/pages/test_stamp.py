"""A one-sided edit makes the stamp stale; renewing it asks for a change, or for a reason."""

import subprocess
from pathlib import Path

from engine.languages.stamp import content_hash
from tests.conftest import Project


def git(project: Project, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(
        ["git", *identity, *arguments], cwd=project.root, check=True, capture_output=True
    )


def in_step(project: Project) -> None:
    project.stamp()
    assert "not stamped" not in project.run("engine.review").stdout
    git(project, "init", "-q")
    git(project, "add", "docs")
    git(project, "commit", "-qm", "in step")


def test_a_one_sided_edit_is_found_with_both_paths_and_the_command(project: Project) -> None:
    in_step(project)
    project.append("\nMore.\n", "en")
    review = project.run("engine.review")
    assert review.returncode == 1
    assert "docs/zh/index.md:1: docs/en/index.md has changed" in review.stdout
    assert "python -m engine.languages.stamp docs/zh/index.md" in review.stdout


def test_renewing_shows_the_change_and_refuses_an_unchanged_page(project: Project) -> None:
    in_step(project)
    project.append("\nMore.\n", "en")
    renewal = project.run("engine.languages.stamp", str(project.page("zh")))
    assert renewal.returncode == 1
    assert "+More." in renewal.stdout
    assert "refused" in renewal.stdout
    assert "has changed" in project.run("engine.review").stdout


def test_renewing_takes_a_changed_page(project: Project) -> None:
    in_step(project)
    project.append("\nMore.\n", "en")
    project.append("\n更多。\n", "zh")
    for language in ("zh", "en"):
        assert project.run("engine.languages.stamp", str(project.page(language))).returncode == 0
    assert project.run("engine.review").returncode == 0


def test_a_reason_is_taken_and_kept(project: Project) -> None:
    in_step(project)
    project.replace("prediction", "forecast", "en")
    renewal = project.run("engine.languages.stamp", str(project.page("zh")), "--reason", "only: English")
    assert renewal.returncode == 0
    assert "reason: 'only: English'" in project.page("zh").read_text(encoding="utf-8")
    assert project.run("engine.review").returncode == 0


def test_front_matter_and_newlines_do_not_count() -> None:
    assert content_hash("---\ntitle: a\n---\nx\ny\n") == content_hash(
        "---\ntitle: b\n---\nx\r\ny\r\n"
    )
    assert content_hash("x") != content_hash("y")


def test_outputs_are_updated_on_both_pages_and_stay_in_step(project: Project) -> None:
    in_step(project)
    for language in ("zh", "en"):
        path: Path = project.page(language)
        path.write_text(path.read_text(encoding="utf-8").replace("\n0.50\n", "\n0.4\n"), "utf-8")
    project.stamp()
    assert project.run("pytest", "docs", "-q").returncode == 1
    assert project.run("pytest", "docs", "-q", "--update-outputs").returncode == 0
    for language in ("zh", "en"):
        assert "\n0.50\n" in project.page(language).read_text(encoding="utf-8")
    assert project.run("pytest", "docs", "-q").returncode == 0
    assert project.run("engine.review").returncode == 0
