"""What several tests of pages share."""

import pytest

from tests.pages.verdict import Judge


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge()
