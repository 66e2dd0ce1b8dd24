"""What the build's hooks, the tests and the authors' commands share.

The rooms, a line for each module:

- ``site``: where everything is, and the pages as their files have them now; one ``Site`` a build
- ``paths``: what things are called: languages, folders, the modules that belong to a page
- ``faults``: a fault: file, line, what is wrong, and what to do about it
- ``store``: results kept between builds, by a digest of what they were made of
- ``modules``: what the project's modules import, read without running them
- ``git``: what Git knows; ``archive``: ZIP archives of the same bytes
- ``child``: processes that run the project's code, so that the build's own process never does
- ``build_faults``: what keeps a page from being built
- ``review``: the one list of all questions asked of the pages
- ``figures``: what the modules of ``figures/`` import

- ``reading/``: a page is read once, and everything asks what was read
  - ``sources``: text files, whatever their byte order mark and line ends, and what tells a change
  - ``lines``: included sections put in place; each line knows its file and number
  - ``comments``: docstrings and comments of code, found and put into other words; ``catalogues``:
    what those of the snippets say in Chinese
  - ``percent``: the scripts of the labs, cell by cell
  - ``reader``: from a file to a page, with its ``front_matter``; ``page``: the model of a page
  - ``markdown``: its blocks; ``code``: which fences are Python
  - ``forms``: Markdown that is refused, since readers would see something else, with its parts
    ``marks``, ``fences``, ``layout``, ``characters`` and ``tex``
  - ``ties``: numbers of prose tied to expressions, taken out before any Markdown is read
  - ``outline``, ``source_outline``, ``addresses``: what a page is to show, for the guard
- ``running/``: what a page shows has run
  - ``examples``: the pieces of code; ``collector``: their Sybil; ``example_faults``: what fails;
    ``unheard``: what prints past them
  - ``update_outputs``: write what they print; ``shapes``: those that tables state for names
  - ``built_page``, ``built_outline``, ``built_lines``, ``built_site``: what the HTML shows
  - ``expected``, ``guard``: what it is to show, and where it shows something else
- ``claims/``: what prose says in numbers; ``numerals``: numbers in figures and words; ``hold``:
  whether a text says what an expression gives; ``place``: what it may count; ``loose``: numbers
  that nothing holds; ``settings``: those that code sets; ``kinds``, ``prose``,
  ``exercises``, ``front_matter``, ``printed``: of what kind they are, and where they stand
- ``languages/``: both languages say the same
  - ``parity``: the same blocks; ``block_parity``: what two blocks name; ``code_parity``: their
    code, with ``literals``, the texts in it that may be in either language, and ``words``, what
    else two such texts have in common; ``numbers``: those of their prose
  - ``sections``: a page cut at its headings
  - ``stamps``, ``history``, ``stamp``: what was in step, what Git knows of it, the command
- ``equations/``: ``tokens``, ``names``, ``parser``, ``tree``: a printed formula read from KaTeX's
  tree; ``evaluate``: what it is worth; ``domains``, ``draws``: random worths by the page's table;
  ``check``: what a check says; ``equation``, ``false_versions``, ``formal``: one equation, made
  false, and what is equal by algebra; ``restated``, ``copied``: what a check gives although the
  page says it or a snippet computes it; ``degrees``: numbers that no values tell apart;
    ``trace``: what really ran; ``page_code``: statements of
  the page, for what compares them; ``verify``: the child that does it; ``definitions``, ``held``:
  definitions made false; ``equations``: all verdicts; ``inline``, ``relations``: what sentences
  state in formulas; ``signs``: what a line of code has in common with a formula; ``beyond``: the
  list of what no check reaches; ``faults``; ``pages``: the pages that show them
- ``mutants/``: do the pages notice a change of a snippet? ``mutate``: the changes; ``validation``:
  what only checks, and is left out; ``run``: the pages with a change; ``survivors``: the list of
  those that none notices
- ``drawing/``: ``drawings``: the figures; ``draw``: the child that draws them; ``drawn``: what it
  has drawn; ``compact``: the same in fewer bytes; ``series``: steppers and explorers as a page
  holds them; ``svg``
- ``labs/``: ``run``: execute one; ``asked``: what its prose asks of the run; ``cache``: its run,
  kept; ``words``: what it printed, in Chinese;
  ``page``: as a page; ``results``; ``faults``
- ``exercises/``: ``stubs``: the code with gaps that readers complete, in the page and in its HTML;
  ``faults``: what holds of stubs, solutions and judges
- ``formulas/``: ``katex``: TeX to HTML; ``shorter``: the same in fewer bytes; ``breaks``: where its
  lines may be broken; ``html``: formulas of
  a built page; ``style``: KaTeX's CSS and fonts, as far as a site needs them
- ``readable/``: what a page is given to read well: ``lines``: long lines of code with their
  indentation, to be wrapped below it; ``foreign``: which language text of the other one is in;
  ``units``: numbers that stay with theirs; ``tags``: HTML cut at its tags
- ``search/``: ``page_html``: what of a page is searched, with ``formula_text``, a formula as one
  would type it; ``words``: what the glossary tells; ``index``: names and weights of sections;
  ``material``: changes of Material's scripts, which ``late.js`` loads and ``query.js`` reads for
- ``reference/``: ``notation`` and ``notation_shapes``, ``glossary``, ``references`` with their
  record, ``works``: the shelf; ``cited``: what sentences say of these; ``private_terms``: words
  that no page uses; ``counts``, ``planted``, ``page_parts``: what the build writes into pages
- ``rules/``: what CONTRIBUTING asks: ``code``, ``chapters``, ``navigation``, ``labels``,
  ``link_texts``, ``printed``: English words that a Chinese page prints or has in comments;
  ``comments``: what the snippets say in Chinese; ``tagged_lines``: a line computes the formula
  that its comment names
- ``downloads/``: ``notebooks``, ``portable``: pages to take away
- ``in_page/``: the pages' code in the reader's browser. ``runtime``: Python for it, which ``fetch``
  gets once; ``bundles``: the scripts of ``run_in_page/``; ``python_files``: the modules they need;
  ``served``: all of it as files of the site; ``licences``: on what terms
- ``for_readers/``: what stands around a page's text. ``changed``: when it was last changed;
  ``repository``: where its source is, and its history; ``terms``: words of the glossary as links;
  ``previews``: what a link shows before it is followed; ``cards``: a picture of its title
- ``editions/``: the site to take away. ``offline``: one ZIP, read from the file system; ``book``:
  the pages as the chapters of a book, which ``pdf`` prints by ``chromium`` and ``epub`` packs;
  ``home``: the home pages' links to them; ``failure``
- ``kept/``: ``worker``: the service worker, by which what was read once reads without a network
- ``build/``: what ``hooks/`` are thin over: two languages side by side, and serving;
  ``highlighting``: marks of code, one for each colour; ``styles``: the rules that pages use
- ``commands/``: ``check``, ``comments``, ``partial_site``, ``outputs``, ``new_page``,
  ``rename_anchor``, ``renumber``

The words of the house:

- *page*: a chapter, a lab, or another page, in one language; its *sibling* is the other one's
- *section*: a heading and what is below it; in ``snippets/``, what stands between two marks
- *in step*, *stamp*: a section says the same in both languages; the note of what it said then
- *build fault*, *fault*: what keeps a page from being built; anything that is wrong
- *tagged equation*, *definition*: a formula with a check; one that introduces a symbol (≔)
- *false version*: an equation changed in one place by a program, which has to fail
- *mutant*: a module of snippets changed in one place by a program; a page *notices* it, or it
  *survives*
- *guard*: compares what a built page shows with what was read from its source
- *outline*: what a page shows, as a flat list, from either side
- *series*: a stepper or an explorer, frames of which sliders show one; *frame*: one picture of it
- *piece*: a run of code with the output shown below it; what Sybil calls an example
- *tie*: a number of prose with the expression that gives it; *declared*: a number of a section
  that no run can give
- *stub*: code with a gap, or with a mistake, of which the reader makes the answer of an exercise
- *judge*: what says of such an answer that it passes, or by a *hint* where the slip is
  (``judges/``, a module for each chapter; the reader's browser runs it as well)
- *parts*: what the build writes where a page asks for it (``<!-- build: counts -->``)
- *catalogue*: the Chinese texts for the docstrings and comments of a module of ``snippets/``
- *portable*: a page as a notebook or a file that runs anywhere
- *gap*: a place marked TODO, where something is still to be written
"""
