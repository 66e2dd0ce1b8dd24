"""What stands at the top of a served page while it is written: whether it is right so far."""

from __future__ import annotations

#: It asks the server every second until there is an answer; a saved change loads the page anew.
BANNER = """
<div id="review" role="status" hidden style="position:sticky;top:2.4rem;z-index:3;padding:.4rem \
1rem;font:.7rem/1.5 system-ui,sans-serif;white-space:pre-wrap;overflow:auto;max-height:40vh;\
color:#fff;background:#555"></div>
<script>
(function () {
  const banner = document.getElementById("review")
  const colours = { checking: "#555", right: "#1b6e3c", wrong: "#a3201d" }
  document.body.prepend(banner)
  function ask() {
    fetch("/_review" + location.pathname).then((answer) => answer.json()).then((review) => {
      banner.hidden = review.state === "not asked"
      banner.textContent = review.text
      banner.style.background = colours[review.state]
      if (review.state === "checking") setTimeout(ask, 1000)
    }).catch(() => setTimeout(ask, 3000))
  }
  ask()
})()
</script>
"""


def with_banner(page: bytes) -> bytes:
    """A page's HTML with the banner in it."""
    before, end, after = page.rpartition(b"</body>")
    return before + BANNER.encode() + end + after
