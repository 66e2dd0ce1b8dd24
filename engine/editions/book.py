"""The built pages of one language as the parts of a book: one text, whose links lead inside it.

A page is read from its HTML and written anew as XHTML, which HTML's own parsers read alike.
Anchors get their page's name before them, so that all pages fit into one document; a link leads
to another place of the book, to the site where its address is known, or is plain text. Controls
are left out, what is folded stands open, of a series all frames are shown, and solutions go to
the end of the book.
"""

from __future__ import annotations

import base64
import posixpath
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from engine.editions.failure import CannotMake
from engine.git import told
from engine.paths import CONFIGURATIONS, FOLDERS
from engine.readable.tags import VOID
from engine.site import Site

TEXT = {
    "zh": {"solutions": "练习的解答", "solution": "解答在书末", "back": "回到题目"},
    "en": {
        "solutions": "Solutions to the exercises",
        "solution": "Its solution is at the end of the book",
        "back": "back to the exercise",
    },
}

PART = re.compile(r"^  - (?P<part>[^:\n]+):$|^\s+- (?:.*: )?(?P<name>[\w/-]+)\.(?:md|py)$", re.M)

#: What can only be used in a browser, and what no reader of a book needs.
LEFT_OUT_TAGS = frozenset({"-comment", "script", "style", "button", "form", "input"})
LEFT_OUT_CLASSES = frozenset({"headerlink", "md-source-file", "report", "annotation"})

#: Elements that a book has no use for, of which the content stays.
UNWRAPPED = frozenset({"noscript"})

#: What is written as another element: what folds in a browser stands open on paper.
RENAMED = {"details": "div", "summary": "p", "frame-series": "span"}
CLASSES = {"details": "admonition", "summary": "admonition-title", "frame-series": "series"}

#: MathML of a formula: what holds text alone, and what holds as many elements as it has places.
TOKENS = frozenset({"mi", "mo", "mn", "mtext"})
SCRIPTS = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover", "mfrac"})
APPLICATION = "\u2061"  # the sign that nobody sees between a function and what it is applied to

#: Attributes that name anchors, and those that scripts alone read.
REFERRING = ("aria-labelledby", "aria-describedby", "for")
FOR_SCRIPTS = re.compile(r"data-.*|tabindex|loading|download|open|on.*")


@dataclass(frozen=True)
class Section:
    """A heading of a chapter: where it stands, and what it says."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Chapter:
    """A page of the book; ``part`` is the heading of the navigation that it stands under."""

    name: str
    title: str
    part: str
    html: str
    sections: list[Section]

    @property
    def anchor(self) -> str:
        return _slug(self.name)


@dataclass
class Book:
    """All chapters in order, the last of which are the solutions.

    ``pictures`` are those that the chapters show, by the names under which they do; ``code`` are
    the chapters' files of Python.
    """

    language: str
    title: str
    description: str
    modified: str
    chapters: list[Chapter]
    pictures: dict[str, Path] = field(default_factory=dict)
    code: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """What a book wants its XHTML to be: formulas as MathML or as KaTeX draws them."""

    mathml: bool
    level: int  # of a chapter's title among the headings
    whole: bool  # whether all chapters are one document


def read_book(site: Site, built: Path, language: str, form: Form, names: list[str] | None) -> Book:
    """The book of one language, of the site in ``built``; of all pages or those named.

    Raises CannotMake where a page has not been built.
    """
    parts = dict[str, str]()
    part = ""
    text = (site.root / CONFIGURATIONS[language]).read_text(encoding="utf-8")
    for found in PART.finditer(text.partition("\nnav:\n")[2]):
        part = found["part"] or part
        if found["name"] and (names is None or found["name"] in names):
            parts[found["name"]] = part
    home = _html(built, language, "index")
    book = Book(
        language,
        _configured(text, "site_name"),
        _configured(text, "site_description"),
        _modified(site.root),
        [],
    )
    address = home.css_first("link[rel=canonical]")
    root = address.attributes["href"] if address else None
    solved = list[Chapter]()
    for name, of_part in parts.items():
        page = _Page(name, built, language, form, set(parts), root, book.pictures)
        book.chapters.append(page.chapter(_html(built, language, name), of_part))
        code = built / FOLDERS[language] / name / f"{posixpath.basename(name)}.py"
        if code.is_file():
            book.code[f"{_slug(name)}.py"] = code
        if page.solutions:
            solved.append(page.of_solutions(book.chapters[-1]))
    if solved:
        book.chapters.append(_solutions(language, form, solved))
        if not form.whole:
            book.chapters = _moved(book.chapters)
    return book


def _moved(chapters: list[Chapter]) -> list[Chapter]:
    """Links to what stands in a solution lead to the document of the solutions, the last one."""
    there = set(re.findall(r"\sid=\"([^\"]+)\"", chapters[-1].html))

    def link(found: re.Match[str]) -> str:
        return f'href="solutions.xhtml#{found[1]}"' if found[1] in there else found[0]

    pattern = re.compile(r"href=\"[\w-]+\.xhtml#([^\"]+)\"")
    return [replace(chapter, html=pattern.sub(link, chapter.html)) for chapter in chapters]


def _solutions(language: str, form: Form, solved: list[Chapter]) -> Chapter:
    title = TEXT[language]["solutions"]
    sections = [Section(chapter.anchor, chapter.title) for chapter in solved]
    heading = f'<h{form.level} id="solutions">{escape(title)}</h{form.level}>'
    return Chapter("solutions", title, "", heading + "".join(c.html for c in solved), sections)


def _configured(text: str, key: str) -> str:
    found = re.search(rf"^{key}: \"?(.*?)\"?$", text, re.M)
    return found[1] if found else ""


def _modified(root: Path) -> str:
    """When the content was last changed, as Git knows, or now: ``2026-01-31T12:00:00Z``."""
    seconds = float(told(root, "log", "-1", "--format=%ct") or time.time())
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _html(built: Path, language: str, name: str) -> LexborHTMLParser:
    folder = built / FOLDERS[language] / ("" if name == "index" else name)
    try:
        return LexborHTMLParser((folder / "index.html").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CannotMake(
            f"the page {name} has not been built in {built.name}/\n    → run: make build"
        ) from None


def _slug(name: str) -> str:
    return name.replace("/", "-")


def _anchor(page: str, name: str) -> str:
    """The name of a page's anchor in the book; in XML names have no spaces."""
    return f"{_slug(page)}--" + re.sub(r"[^\w.-]", "-", unquote(name))


class _Page:
    """Writes the article of one page; what it finds of solutions is kept apart."""

    def __init__(
        self,
        name: str,
        built: Path,
        language: str,
        form: Form,
        names: set[str],
        root: str | None,
        pictures: dict[str, Path],
    ) -> None:
        self.name = name
        self.slug = _slug(name)
        self.language = language
        self.form = form
        self.solutions = list[str]()
        self._folder = built / FOLDERS[language] / ("" if name == "index" else name)
        self._built = built
        self._names = names
        self._root = root
        self._pictures = pictures
        self._exercise = Section("", "")
        self._sections = list[Section]()
        self._solving = False

    def chapter(self, page: LexborHTMLParser, part: str) -> Chapter:
        article = page.css_first("article")
        heading = page.css_first("article h1")
        if article is None or heading is None:
            raise CannotMake(f"the page {self.name} has no article with a title")
        title = _text(heading)
        html = "".join(self._children(article)).strip()
        return Chapter(self.name, title, part, html, self._sections)

    def of_solutions(self, chapter: Chapter) -> Chapter:
        anchor = f"solutions-{self.slug}"
        level = self.form.level + 1
        heading = f'<h{level} id="{anchor}">{escape(chapter.title)}</h{level}>'
        html = "".join([heading, *self.solutions])
        return Chapter(anchor, chapter.title, "", html, [])

    def _children(self, node: LexborNode) -> Iterator[str]:
        child = node.child
        while child is not None:
            yield from self._node(child)
            child = child.next

    def _node(self, node: LexborNode) -> Iterator[str]:
        tag = node.tag or ""
        if tag == "-text":
            yield escape(node.text_content or "", quote=False)
            return
        classes = set((node.attributes.get("class") or "").split())
        if tag in LEFT_OUT_TAGS or classes & LEFT_OUT_CLASSES:
            return
        if tag in UNWRAPPED:
            yield from self._children(node)
        elif tag == "mo" and node.text() == APPLICATION and _parent(node) in SCRIPTS:
            return  # KaTeX leaves it where it has no place
        elif tag in TOKENS and self.form.mathml:
            text = escape(node.text(), quote=False)
            yield f"<{tag}{''.join(self._attributes(node))}>{text}</{tag}>"
        elif tag.lower() == "foreignobject":
            yield self._photograph(node)
        elif "katex" in classes:
            yield from self._formula(node)
        elif "facts" in classes:
            yield from self._facts(node)
        elif tag == "details" and "success" in classes and not self._solving:
            yield from self._solution(node)
        elif tag == "a":
            yield from self._link(node)
        elif re.fullmatch("h[1-6]", tag):
            yield from self._heading(node)
        else:
            yield from self._element(node, RENAMED.get(tag, tag))

    def _element(self, node: LexborNode, tag: str) -> Iterator[str]:
        attributes = "".join(self._attributes(node))
        if tag in VOID:
            yield f"<{tag}{attributes}/>"
        else:
            yield f"<{tag}{attributes}>"
            yield from self._children(node)
            yield f"</{tag}>"

    def _attributes(self, node: LexborNode) -> Iterator[str]:
        given = {name: value or "" for name, value in node.attributes.items()}
        if node.tag in RENAMED:
            given["class"] = f"{CLASSES[node.tag]} {given.get('class', '')}".strip()
        if node.tag == "svg":
            given.setdefault("xmlns", "http://www.w3.org/2000/svg")
        if "paint-order" in given:  # as a style it may stand in an EPUB
            order = given.pop("paint-order")
            given["style"] = f"{given.get('style', '')}; paint-order: {order}".lstrip("; ")
        if node.tag == "span" and "list" in given.get("role", ""):
            given.pop("aria-label", None)  # what the captions say
        if node.tag == "image" and not given.get("href", "").startswith("data:"):
            given["href"] = self._picture(given.get("href", ""))
        for name, value in given.items():
            if FOR_SCRIPTS.fullmatch(name):
                continue
            if name == "id":
                value = self._anchor(value)
            elif name in REFERRING:
                value = " ".join(map(self._anchor, value.split()))
            elif name in ("href", "xlink:href") and value.startswith("#"):
                name, value = "href", f"#{self._anchor(value[1:])}"
            elif name == "src":
                value = self._picture(value)
            elif "url(#" in value:
                value = re.sub(r"url\(#([^)]+)\)", lambda f: f"url(#{self._anchor(f[1])})", value)
            yield f' {name}="{escape(value)}"'

    def _anchor(self, name: str) -> str:
        return _anchor(self.name, name)

    def _picture(self, address: str) -> str:
        """A picture beside the page, by what the book calls it."""
        path = (self._folder / unquote(urlsplit(address).path)).resolve()
        if urlsplit(address).scheme or not path.is_file():
            raise CannotMake(f"the page {self.name} shows {address}, which is no file of the site")
        self._pictures[path.name] = path
        return f"pictures/{path.name}"

    def _photograph(self, node: LexborNode) -> str:
        """A photograph of a drawing, which in a page waits in a file, as a part of the drawing."""
        picture = node.css_first("img")
        address = picture.attributes.get("src") if picture else None
        path = (self._folder / unquote(urlsplit(address or "").path)).resolve()
        if not path.is_file():
            raise CannotMake(f"the page {self.name} shows {address}, which is no file of the site")
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        place = "".join(
            f' {name}="{escape(value or "")}"' for name, value in node.attributes.items()
        )
        return f'<image href="data:image/webp;base64,{content}"{place}/>'

    def _formula(self, node: LexborNode) -> Iterator[str]:
        """A formula in one of the two forms that the page has of it."""
        shown = node.css_first(".katex-mathml math" if self.form.mathml else ".katex-html")
        if shown is None:
            raise CannotMake(f"the page {self.name} has a formula of a form that is not known")
        if not self.form.mathml:
            classes = escape(node.attributes.get("class") or "")
            yield f'<span class="{classes}">'
            yield from self._element(shown, "span")
            yield "</span>"
            return
        tex = shown.css_first("annotation")
        row = shown.css_first("semantics > mrow")
        display = ' display="block"' if shown.attributes.get("display") == "block" else ""
        alternative = escape(tex.text() if tex else "")
        yield f'<math xmlns="http://www.w3.org/1998/Math/MathML"{display} alttext="{alternative}">'
        yield from self._element(row, "mrow") if row else ()
        yield "</math>"

    def _facts(self, node: LexborNode) -> Iterator[str]:
        """The line below a title, without what is downloaded."""
        parts = "".join(self._children(node)).split(" · ")
        loads = node.css_first("a[download]") is not None
        yield f'<p class="facts">{" · ".join(parts[:-1] if loads else parts)}</p>'

    def _heading(self, node: LexborNode) -> Iterator[str]:
        level = int((node.tag or "h1")[1])
        anchor = self.slug if level == 1 else self._anchor(node.attributes.get("id") or "")
        here = Section(anchor, _text(node))
        if level == 2:
            self._sections.append(here)
        self._exercise = here
        tag = f"h{min(level + self.form.level - 1, 6)}"
        other = self._anchor(node.attributes.get("id") or "") if level == 1 else ""
        target = f'<span id="{escape(other)}"></span>' if other else ""
        content = "".join(self._children(node))
        yield f'<{tag} id="{escape(anchor)}">{target}{content}</{tag}>'

    def _solution(self, node: LexborNode) -> Iterator[str]:
        """In its place a link to it; itself at the end of the book, with a link back."""
        text = TEXT[self.language]
        asked, anchor = self._exercise, f"{self.slug}--solution-{len(self.solutions) + 1}"
        self._solving = True
        body = "".join(
            part for child in node.iter() if child.tag != "summary" for part in self._node(child)
        )
        self._solving = False
        level = self.form.level + 2
        self.solutions.append(
            f'<h{level} id="{anchor}">{escape(asked.title)}</h{level}>{body}'
            f'<p class="to-solution"><a href="{self._place(self.name, asked.anchor)}">'
            f"{text['back']}</a></p>"
        )
        there = self._place("solutions", anchor)
        yield f'<p class="to-solution"><a href="{there}">{text["solution"]}</a></p>'

    def _link(self, node: LexborNode) -> Iterator[str]:
        there = self._target(node.attributes.get("href") or "")
        content = "".join(self._children(node))
        classes = node.attributes.get("class")
        kind = f' class="{escape(classes)}"' if classes else ""
        if there:
            yield f'<a{kind} href="{escape(there)}">{content}</a>'
        else:
            yield f"<span{kind}>{content}</span>"

    def _target(self, address: str) -> str | None:
        """Where a link leads from the book; None if nobody knows."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return address
        here = "" if self.name == "index" else self.name
        path = posixpath.normpath(posixpath.join(here, parts.path)) if parts.path else here
        name = "index" if path in (".", "") else path
        if name in self._names and not re.search(r"\.\w+$", parts.path):
            if not parts.fragment:
                return self._place(name, _slug(name))
            return self._place(name, _anchor(name, parts.fragment))
        return urljoin(self._root + (f"{here}/" if here else ""), address) if self._root else None

    def _place(self, name: str, anchor: str) -> str:
        return f"#{anchor}" if self.form.whole else f"{_slug(name)}.xhtml#{anchor}"


def _text(heading: LexborNode) -> str:
    text = "".join(
        child.text() for child in heading.iter(include_text=True) if not _is_permalink(child)
    )
    return " ".join(text.split())


def _parent(node: LexborNode) -> str | None:
    return node.parent.tag if node.parent else None


def _is_permalink(node: LexborNode) -> bool:
    return "headerlink" in (node.attributes.get("class") or "").split()
