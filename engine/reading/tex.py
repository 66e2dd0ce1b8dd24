"""The commands of TeX that a formula may hold: those which show what is written.

Others define names anew (``\\def``), hide something, colour it or put it over its neighbours
(``\\phantom``, ``\\color``, ``\\rlap``, ``\\kern``), or are shown in red (``\\href``).
"""

from __future__ import annotations

import re

COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.S)

#: Signs behind a backslash, the space and the line's end among them.
SIGNS = frozenset(r"\,;:!{}|_%$#& ") | {"\n"}

_WORDS = (
    # Greek letters, and other letters.
    r"""alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
    omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta
    Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph partial nabla
    infty emptyset varnothing forall exists nexists neg lnot top bot angle triangle square star
    prime degree dagger ddagger checkmark""",
    # Operators, and functions.
    r"""sum prod coprod int iint iiint oint bigcup bigcap bigsqcup bigvee bigwedge bigoplus
    bigotimes bigodot lim liminf limsup max min sup inf arg argmax argmin det dim ker deg gcd hom Pr
    exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth operatorname
    limits nolimits cdot times div pm mp ast circ bullet odot oplus ominus otimes oslash cup cap
    setminus sqcup sqcap vee wedge land lor bmod pmod mod bigcirc diamond amalg wr""",
    # Relations and arrows.
    r"""le leq ge geq ne neq lt gt ll gg approx approxeq sim simeq cong equiv propto doteq
    coloneqq eqqcolon triangleq in notin ni subset subseteq supset supseteq subsetneq supsetneq
    prec preceq succ succeq perp parallel mid nmid vdash models asymp leqslant geqslant lesssim
    gtrsim not to gets mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow
    Leftrightarrow longrightarrow longleftarrow Longrightarrow longmapsto implies impliedby iff
    uparrow downarrow updownarrow nearrow searrow hookrightarrow rightharpoonup rightleftharpoons
    xrightarrow xleftarrow therefore because colon""",
    # Delimiters, and their sizes.
    r"""left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm
    lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace lbrack
    rbrack lparen rparen backslash""",
    # What stands above, below, around and beside.
    r"""frac dfrac tfrac cfrac binom dbinom tbinom sqrt hat bar tilde vec dot ddot dddot check
    breve acute grave mathring widehat widetilde overline underline overbrace underbrace overset
    underset stackrel overrightarrow overleftarrow substack boxed tag begin end hline cdots dots
    ldots vdots ddots dotsc dotsb dotsm quad qquad enspace thinspace displaystyle textstyle""",
    # Alphabets, and text.
    r"""mathrm mathbf mathit mathsf mathtt mathbb mathcal mathfrak mathscr boldsymbol bm pmb
    mathnormal text textrm textbf textit textsf texttt mathop mathbin mathrel mathord mathopen
    mathclose mathpunct mathinner""",
)

NAMES = frozenset(name for words in _WORDS for name in words.split())

#: What puts something over its neighbours, or is left out.
OTHERS = (
    (re.compile(r"\\!(?:\s*\\!)+"), "space that is taken away again and again"),
    (re.compile(r"\\\\\s*\[\s*-"), "a line that is moved up"),
    (re.compile(r"(?<!\\)(?:\\\\)*%"), "a comment in a formula"),
)


def refused(tex: str) -> str | None:
    """What a formula holds that may show something else than is written."""
    for found in COMMAND.findall(tex):
        name = found[1:]
        if name not in NAMES and name not in SIGNS:
            return f"the command {found} in a formula"
    return next((what for pattern, what in OTHERS if pattern.search(tex)), None)
