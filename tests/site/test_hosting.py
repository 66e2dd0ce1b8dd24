"""The documented server: nginx with the files of hosting/, and what they promise."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT, BuiltSite
from tests.site.conftest import HEADERS, PATIENCE, Reader

HOSTING = ROOT / "hosting"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def port(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx with the very configuration, but for the port and the places of this machine."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("no nginx was found: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copytree(HOSTING, folder, dirs_exist_ok=True)
    port = free_port()
    configuration = folder / "nginx.conf"
    text = configuration.read_text(encoding="utf-8")
    for there, here in {
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/srv/site": str(built_site.folder),
        "/tmp/nginx": f"{folder}/nginx",
    }.items():
        assert there in text
        text = text.replace(there, here)
    configuration.write_text(text, encoding="utf-8")
    as_user = "user root; " if os.name == "posix" and os.geteuid() == 0 else ""
    server = subprocess.Popen([program, "-c", str(configuration), "-g", f"{as_user}daemon off;"])
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            assert server.poll() is None, "nginx does not accept its configuration"
            assert time.monotonic() < end
            time.sleep(0.05)
    yield port
    server.terminate()
    server.wait()


def ask(port: int, path: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def cached(port: int, path: str) -> str | None:
    answer = ask(port, path)
    assert answer.status == 200, path
    assert {name: answer.getheader(name) for name in HEADERS} == HEADERS
    return answer.getheader("Cache-Control")


def test_the_policy_is_strict() -> None:
    policy = HEADERS["Content-Security-Policy"]
    directives = {name: rest for name, _, rest in (d.partition(" ") for d in policy.split("; "))}
    assert directives["default-src"] == "'self'"
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert not re.search(r"https?:|\*", policy)
    for text in HOSTING.glob("*.conf"):  # a header of a location would hide all others
        inside = re.findall(r"location [^{]+\{([^}]*)\}", text.read_text(encoding="utf-8"))
        assert not any("add_header" in location for location in inside)


def test_it_compresses_and_says_what_may_be_kept(port: int, built_site: BuiltSite) -> None:
    assert cached(port, "/") == "no-cache"
    assert cached(port, "/en/logistic/") == "no-cache"
    assert cached(port, "/assets/site.css") == "no-cache"
    hashed = [*built_site.folder.glob("assets/javascripts/bundle.*.min.js")]
    hashed += [*built_site.folder.glob("assets/drawings/*.js")][:1]
    hashed += built_site.folder.glob("run/*/start.js")
    for path in hashed:
        name = "/" + path.relative_to(built_site.folder).as_posix()
        assert cached(port, name) == "public, max-age=31536000, immutable"
    for path in ("/en/logistic/", "/assets/site.css", "/search/search_index.json"):
        assert ask(port, path).getheader("Content-Encoding") == "gzip", path


def test_types_are_those_that_browsers_ask_for(port: int, built_site: BuiltSite) -> None:
    known = set(re.findall(r"(\w+)(?=[^/\n]*;)", (HOSTING / "mime.types").read_text("utf-8")))
    served = {path.suffix[1:] for path in built_site.folder.rglob("*") if path.is_file()}
    assert served <= known
    assert ask(port, "/").getheader("Content-Type") == "text/html; charset=utf-8"
    script = next(built_site.folder.glob("assets/javascripts/bundle.*.min.js"))
    kind = ask(port, f"/assets/javascripts/{script.name}").getheader("Content-Type")
    assert kind == "application/javascript; charset=utf-8"


def test_what_is_not_there_is_said_in_the_language_of_the_address(port: int) -> None:
    for path, language in (("/lost/", "zh"), ("/en/lost/", "en")):
        with pytest.raises(HTTPError) as told:
            urlopen(f"http://127.0.0.1:{port}{path}")
        assert told.value.code == 404
        assert f'<html lang="{language}"' in told.value.read().decode("utf-8")
    assert ask(port, "/.git/config").status == 404
    assert ask(port, "/en/logistic").getheader("Location") == "/en/logistic/"


def test_a_page_reads_without_a_fault(port: int, reader: Reader) -> None:
    address = f"http://127.0.0.1:{port}/"
    visit = Reader(reader.browser, address).open("en/lstm/")
    visit.page.wait_for_selector("article .katex")
    assert (visit.errors, visit.foreign) == ([], [])
