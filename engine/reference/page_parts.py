"""What the build itself writes into the pages: reading time, counts, the list of all references.

A page asks for a part by a comment on a line of its own, ``<!-- build: counts -->``.
"""

import html
import math
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine.claims import loose
from engine.claims.loose import Loose, loose_numbers
from engine.equations.beyond import beyond
from engine.equations.relations import COLUMNS, relation_counts, states_of
from engine.in_page.licences import works
from engine.labs.results import results
from engine.languages.words import CHINESE
from engine.mutants import mutate
from engine.mutants.survivors import survivors
from engine.reading import sources
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.reference.counts import Counts, count
from engine.reference.planted import kinds
from engine.rules.tagged_lines import tagged_lines
from engine.site import Site
from engine.store import digest

PART = re.compile(r"^<!-- build: (?P<name>[\w-]+) -->$", re.M)

TEXT = {
    "zh": {
        "facts": "阅读约 {minutes} 分钟（不含练习和折叠的部分）",
        "needs": "先读：{pages}",
        "ran": "代码在 {seconds} 秒内运行完",
        "download": "下载：{files}",
        "elsewhere": "自己运行：在下载的文件夹里输入 <code>pip install jupyterlab</code>，"
        "再输入 <code>jupyter lab {notebook}</code>",
        "notebook": "Notebook",
        "script": "Python 文件",
        "comma": "、",
        "page": "页",
        "total": "合计",
        "fences": "代码块",
        "examples": "例子",
        "outputs": "核对的输出",
        "equations": "带检验的方程",
        "definitions": "定义",
        "figures": "图",
        "exercises": "练习",
        "lab": "实验",
        "ours": "本站",
        "colon": "：",
        "data": "数据",
        "reached": "结果",
        "time": "用时",
        "under": "{seconds}\u00a0秒以内",
        "evaluated": "求值的方程",
        "made": "改错的写法",
        "rejected": "判为错误",
        "equal": "恒等",
        "spared": "另有缘由",
        "held": "求值成立",
        "conditions": "设定与条件",
        "letters": "说明字母的含义",
        "values": "读不懂：取值",
        "equalities": "读不懂：其他等式",
        "inequalities": "读不懂：不等式",
        "memberships": "读不懂：属于或趋向",
        "approximations": "读不懂：约等于",
        "tagged": "带编号的代码行",
        "compared": "与方程比较",
        "symbol": "符号",
        "reason": "理由",
        "tied": "由表达式核对",
        "set": "代码里的设定",
        "asked": "习题给出的条件",
        "named": "年份、序数、版本、文献",
        "declared": "声明的",
        "small": "零、一、二",
        "left": "没有核对",
        "module": "模块",
        "changed": "改动",
        "noticed": "例子能发现",
        "listed": "另列理由",
        "kind": "错误",
        "by": "由什么发现",
        "message": "怎样报告",
        "nobody": "没有检验，靠读者",
        "work": "软件",
        "version": "版本",
        "licence": "许可证",
        "texts": "许可证全文",
    },
    "en": {
        "facts": "About {minutes} minutes to read, without exercises and folded parts",
        "needs": "read first: {pages}",
        "ran": "its code runs in under {seconds}\u00a0s",
        "download": "download: {files}",
        "elsewhere": "run it yourself: <code>pip install jupyterlab</code>, "
        "then <code>jupyter lab {notebook}</code> where you saved it",
        "notebook": "notebook",
        "script": "Python file",
        "comma": ", ",
        "page": "page",
        "total": "together",
        "fences": "code blocks",
        "examples": "examples",
        "outputs": "outputs compared",
        "equations": "equations with a check",
        "definitions": "definitions",
        "figures": "figures",
        "exercises": "exercises",
        "lab": "lab",
        "ours": "ours",
        "colon": ": ",
        "data": "data",
        "reached": "what was reached",
        "time": "time",
        "under": "under {seconds}\u00a0s",
        "evaluated": "equations evaluated",
        "made": "false versions made",
        "rejected": "found false",
        "equal": "equal by algebra",
        "spared": "true for a reason",
        "held": "evaluated, and hold",
        "conditions": "settings and conditions",
        "letters": "what a letter is to be",
        "values": "not understood: values",
        "equalities": "other equalities",
        "inequalities": "inequalities",
        "memberships": "memberships and limits",
        "approximations": "approximations",
        "tagged": "lines with a tag",
        "compared": "compared with the equation",
        "symbol": "symbol",
        "reason": "reason",
        "tied": "tied to an expression",
        "set": "settings in the code",
        "asked": "given by an exercise",
        "named": "years, ordinals, versions, references",
        "declared": "declared",
        "small": "zero, one or two",
        "left": "held by nothing",
        "module": "module",
        "changed": "changes",
        "noticed": "noticed by the examples",
        "listed": "listed with a reason",
        "kind": "fault",
        "by": "what catches it",
        "message": "its message",
        "nobody": "not held: it takes a reader",
        "work": "work",
        "version": "version",
        "licence": "licence",
        "texts": "The full texts of the licences",
    },
}

#: How fast people read: Chinese characters, English words, lines of code, formulas, a minute.
CHARACTERS, WORDS, LINES, FORMULAS = 350, 200, 30, 6


def minutes(page: Page) -> int:
    """The time to read a page, in steps of five minutes once it is more than that.

    Nobody reads on to what is folded, or through exercises, as one reads a text.
    """
    read = list(_read_through(page))
    text = "\n".join(block.text for block in read)
    taken = (
        len(CHINESE.findall(text)) / CHARACTERS
        + len(re.findall(r"\b[A-Za-z]{2,}\b", text)) / WORDS * (page.language == "en")
        + sum(len(block.code) for block in read) / LINES
        + sum(block.kind == "formula" for block in read) / FORMULAS
    )
    return max(1, round(taken)) if taken < 5 else 5 * math.ceil(taken / 5)


def _read_through(page: Page) -> Iterator[Block]:
    """The blocks of a page up to its exercises, but for those that are folded.

    An exercise that stands further above, with the mistake that it mends, is left out as well.
    """
    folded = 0  # the lines before this one are
    is_read = True
    for block in page.blocks:
        if block.kind == "heading":
            anchor = block.detail.rpartition(" #")[2]
            if anchor == "exercises":
                return
            is_read = not anchor.startswith("exercise-")
        if block.kind == "details" and not block.detail.endswith(" open"):
            folded = max(folded, block.last)
        if is_read and block.first >= folded:
            yield block


def facts(site: Site, page: Page) -> str:
    """The line below a chapter's title: how long it takes, what to read before it, downloads."""
    text = TEXT[page.language]
    parts = [text["facts"].format(minutes=minutes(page))]
    if page.prerequisites:
        links = [_link(site, page, name) for name in page.prerequisites]
        parts.append(text["needs"].format(pages=text["comma"].join(links)))
    if page.is_lab:
        parts.append(text["ran"].format(seconds=page.meta["seconds"]))
    files = [
        f'<a href="{page.path.stem}.{suffix}" download>{text[kind]}</a>'
        for kind, suffix in (("notebook", "ipynb"), ("script", "py"))
    ]
    parts.append(text["download"].format(files=text["comma"].join(files)))
    if page.is_lab:  # chapters run in the page
        parts.append(text["elsewhere"].format(notebook=f"{page.path.stem}.ipynb"))
    return f'<p class="facts">{" · ".join(parts)}</p>'


def _link(site: Site, page: Page, name: str) -> str:
    """A link from a page to the one with this name, by its title."""
    path = site.source(page.language, name)
    title = site.page(path).title if path else name
    return f'<a href="{posixpath.relpath(name, page.name)}/">{html.escape(title)}</a>'


def with_parts(site: Site, page: Page, markdown: str) -> str:
    """Replace the comments by which a page asks for generated parts. KeyError if unknown."""
    return PART.sub(lambda match: part(site, page, match["name"]), markdown)


def part(site: Site, page: Page, name: str) -> str:
    """One part, in Markdown. KeyError if nobody generates it."""
    return PARTS[name](site, page)


def _table(head: list[str], rows: Iterable[list[str]], numbers: int = 0) -> str:
    """A table in Markdown; so many of its last columns hold numbers."""
    marks = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, marks, *rows])


def _summed(total_name: str, head: list[str], rows: list[tuple[str, list[int]]]) -> str:
    """A table of names with their numbers, and the sum of each column at its end."""
    sums = [sum(numbers[column] for _, numbers in rows) for column in range(len(head) - 1)]
    lines = [[name, *map(str, numbers)] for name, numbers in [*rows, (total_name, sums)]]
    return _table(head, lines, numbers=len(head) - 1)


def _linked(page: Page, other: Page) -> str:
    return f"[{other.title}]({_relative(page, other)})"


def counts_table(site: Site, page: Page) -> str:
    """A row for every page that holds something to count, and their sum, counted now."""
    text = TEXT[page.language]
    columns = [name for name in vars(Counts()) if name != "pages"]
    found = [p for p in site.in_reading_order(page.language) if count(p) != Counts(pages=1)]
    rows = [
        (_linked(page, other), [vars(count(other))[column] for column in columns])
        for other in found
    ]
    return _summed(text["total"], [text["page"], *(text[column] for column in columns)], rows)


def relations_table(site: Site, page: Page) -> str:
    """For each page, the relations in its sentences: held, told apart, listed, not understood."""
    text = TEXT[page.language]
    pages = site.in_reading_order(page.language)
    rows = [
        (_linked(page, other), [told[kind] for kind in COLUMNS])
        for other, found in zip(pages, states_of(site, pages), strict=True)
        if any((told := relation_counts(other, found)).values())
    ]
    return _summed(text["total"], [text["page"], *(text[kind] for kind in COLUMNS)], rows)


def tags_table(site: Site, page: Page) -> str:
    """For each page, the lines of code whose comment names an equation, and those not judged."""
    text = TEXT[page.language]
    listed = {entry.what for entry in beyond(site, "lines")}
    rows: list[tuple[str, list[int]]] = []
    for other in site.in_reading_order(page.language):
        lines = tagged_lines(other)
        if lines:
            beside = sum(one.told in listed for one in lines)
            rows.append((_linked(page, other), [len(lines), len(lines) - beside, beside]))
    head = [text["page"], text["tagged"], text["compared"], text["listed"]]
    return _summed(text["total"], head, rows)


def beyond_table(site: Site, page: Page) -> str:
    """The definitions that nothing evaluates, or not as a whole, each with the reason."""
    text = TEXT[page.language]
    titles = {other.name: other for other in site.pages_of(page.language)}
    rows = [
        [_linked(page, titles[one.page]), f"${one.what}$", one.reasons[page.language]]
        for one in beyond(site, "definitions")
        if one.page in titles
    ]
    return _table([text["page"], text["symbol"], text["reason"]], rows)


def numbers_table(site: Site, page: Page) -> str:
    """For each page, the numbers in its prose by what holds them."""
    text = TEXT[page.language]
    groups = [*Loose().groups()]
    rows = [
        (_linked(page, other), [counted[group] for group in groups])
        for other in site.in_reading_order(page.language)
        for counted in [number_counts(site, other)]
    ]
    head = [text["page"], *(text[group] for group in groups)]
    return _summed(text["total"], head, rows)


def number_counts(site: Site, page: Page) -> dict[str, int]:
    """How many numbers of a page are held by what; kept, since reading all pages takes seconds."""
    ties = [(tie.origin.line, tie.text) for tie in page.ties]
    declared = [(one.origin.line, one.kind, one.numbers) for one in page.declared]
    code = site.modules.digest(Path(loose.__file__))
    key = digest([code, page.language, list(map(str, page.lines)), ties, declared])
    return site.store("numbers").once(key, lambda: loose_numbers(page).groups())


def mutants_table(site: Site, page: Page) -> str:
    """For each module of snippets, its mutants, and those that no page has to notice.

    That the pages notice all others is what ``make mutants`` asks; the build only counts.
    """
    text = TEXT[page.language]
    listed = [key[0] for key in survivors(site.root)]
    rows = [
        (f"`{name}.py`", [made, made - listed.count(name), listed.count(name)])
        for name, made in mutant_counts(site).items()
        if made
    ]
    head = [text["module"], text["changed"], text["noticed"], text["listed"]]
    return _summed(text["total"], head, rows)


def mutant_counts(site: Site) -> dict[str, int]:
    """How many mutants each module of snippets has; kept, since making them takes a second."""
    paths = sorted(site.snippets.glob("*.py"))
    code = site.modules.digest(Path(mutate.__file__))
    key = digest([code, [(path.name, sources.read(path)) for path in paths]])

    def counted() -> dict[str, int]:
        return {name: len(made) for name, made in mutate.mutants(site.snippets).items()}

    return site.store("mutants").once(key, counted)


def faults_table(site: Site, page: Page) -> str:
    """Every kind of fault that is planted: what catches it, and a part of what that says."""
    text = TEXT[page.language]
    rows = []
    for kind in kinds(site.root):
        caught = [_code(kind.by), _code(kind.message)] if kind.plant else [text["nobody"], "–"]
        rows.append([kind.names[page.language], *caught])
    return _table([text["kind"], text["by"], text["message"]], rows)


def _code(text: str) -> str:
    """A text as code in a cell of a table."""
    return f"`{text}`".replace("|", "\\|")


def false_versions(site: Site, page: Page) -> str:
    """For each chapter, its equations and what became of their false versions in this build."""
    text = TEXT[page.language]
    columns = ("evaluated", "made", "rejected", "equal", "spared")
    rows: list[tuple[str, list[int]]] = []
    checks = site.equations.checks()
    for other in site.in_reading_order(page.language):
        tags = [f.tag for f in other.display_formulas if f.tag in checks]
        if tags:
            verdicts = site.equations.verdicts([t for t in tags if t], page.language).values()
            changes = [change for verdict in verdicts for change in verdict.changes]
            equal = sum(change.equal for change in changes)
            spared = sum(bool(change.spared) for change in changes)
            numbers = [len(tags), len(changes), len(changes) - equal - spared, equal, spared]
            rows.append((_linked(page, other), numbers))
    return _summed(text["total"], [text["page"], *(text[column] for column in columns)], rows)


def references(site: Site, page: Page) -> str:
    """The references of all pages, grouped by page, as the pages themselves give them."""
    parts = []
    for other in site.in_reading_order(page.language):
        listed = "\n".join(other.lines_of("references")).strip()
        if listed and other.path != page.path:
            there = _relative(page, other)
            listed = re.sub(r"\]\((?=#)", f"]({there}", listed)
            anchor = other.name.replace("/", "-")
            parts.append(f"## [{other.title}]({there}) {{#{anchor}}}\n\n{listed}")
    return "\n\n".join(parts)


def _relative(page: Page, other: Page) -> str:
    folder = posixpath.dirname(page.name) or "."
    return posixpath.relpath(f"{other.name}{other.path.suffix}", folder)


def labs_table(site: Site, page: Page) -> str:
    """A row for every lab: its data, what our code and what the library reached, its time."""
    text = TEXT[page.language]
    rows = []
    for lab in site.in_reading_order(page.language):
        if not lab.is_lab:
            continue
        run = site.labs.run_of(lab)
        told = [(name.replace("ours", text["ours"]), value) for name, value in results(lab, run)]
        reached = "<br>".join(f"{name}{text['colon']}{value}" for name, value in told)
        time = text["under"].format(seconds=lab.meta["seconds"])
        rows.append([_linked(page, lab), lab.meta["data"], reached, time])
    head = [text["lab"], text["data"], text["reached"], text["time"]]
    return _table(head, rows, numbers=1)


def licences_table(site: Site, page: Page) -> str:
    """A row for every work of others that the site serves, and where the full texts stand."""
    text = TEXT[page.language]
    rows = [[work.name, work.version, work.licence] for work in works(site)]
    table = _table([text["work"], text["version"], text["licence"]], rows)
    return f"{table}\n\n[{text['texts']}](licences.txt)"


PARTS: dict[str, Callable[[Site, Page], str]] = {
    "counts": counts_table,
    "false-versions": false_versions,
    "relations": relations_table,
    "tags": tags_table,
    "definitions": beyond_table,
    "numbers": numbers_table,
    "mutants": mutants_table,
    "faults": faults_table,
    "references": references,
    "labs": labs_table,
    "licences": licences_table,
}
