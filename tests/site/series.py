"""A stepper or explorer shows one frame at a time by its sliders, and several without a script."""

from playwright.sync_api import Locator, Page

#: The series as they are served, in a frame in which no script runs: all that is in them is seen,
#: and so are the pictures that an explorer has for this.
AS_SERVED = """
async () => {
  const text = await (await fetch(location.href)).text();
  const served = new DOMParser().parseFromString(text, "text/html");
  const styles = [...served.querySelectorAll("link[rel=stylesheet]"),
    ...document.querySelectorAll("style")].map(style => style.outerHTML);
  const series = [...served.querySelectorAll("frame-series")].map(one => one.outerHTML);
  const place = document.createElement("iframe");
  place.sandbox = "allow-same-origin";
  place.width = 900;
  place.srcdoc = `<!doctype html>${styles.join("")}
    <body class="md-typeset">${series.join("").replaceAll('loading="lazy"', "")}`;
  await new Promise(loaded => { place.onload = loaded; document.body.append(place); });
  const faults = [];
  for (const one of place.contentDocument.querySelectorAll("frame-series")) {
    const frames = [...one.querySelectorAll(".frame")];
    if (frames.length < 2) faults.push("there is but one frame");
    for (const frame of frames) {
      const picture = frame.querySelector("svg, img");
      const seen = frame.checkVisibility({ visibilityProperty: true });
      if (!seen || picture.getBoundingClientRect().height < 50 || picture.naturalWidth === 0)
        faults.push(frame.outerHTML.slice(0, 80));
    }
  }
  place.remove();
  return faults.map(fault => `without the script: ${fault}`);
}
"""


def series_faults(page: Page) -> list[str]:
    """What is wrong with the first stepper and all explorers of an open page."""
    return [*page.evaluate(AS_SERVED), *slider_faults(page)]


def slider_faults(page: Page) -> list[str]:
    """The same, but for what a server alone can tell: how they are without the script."""
    faults: list[str] = []
    for stepper in page.locator("frame-series:not([data-frames])").all()[:1]:
        faults += _faults_of_stepper(stepper)
    for explorer in page.locator("frame-series[data-frames]").all():
        faults += _faults_of_explorer(explorer)
    return faults


def _faults_of_stepper(stepper: Locator) -> list[str]:
    faults = []
    frames = stepper.locator(".frame")
    back, ahead = stepper.locator("button").all()
    number = frames.count()

    def expect(shown: int) -> None:
        seen = [place for place in range(number) if frames.nth(place).is_visible()]
        if seen != [shown]:
            faults.append(f"frames {seen} are to be seen in the place of {shown}")
        ends = [end.get_attribute("aria-disabled") for end in (back, ahead)]
        if ends != [str(shown == at).lower() for at in (0, number - 1)]:
            faults.append(f"at frame {shown} the buttons can go back or ahead otherwise")

    expect(0)
    ahead.click()
    expect(1)
    stepper.locator("input").press("End")
    expect(number - 1)
    status = stepper.locator("[role=status]").inner_text()
    if str(number) not in status:
        faults.append(f"the last frame is not told: {status}")
    ahead.press("Enter")
    expect(number - 1)
    if not ahead.evaluate("end => end === document.activeElement"):
        faults.append("at the last frame the button has lost the focus")
    stepper.locator("input").press("Home")
    expect(0)
    return faults


#: Waits until the words are others than they were.
CHANGED = "([words, before]) => words.textContent !== before"

#: What is far from the screen is not laid out: until it is, no text of it is seen.
SEEN = "words => words.innerText !== ''"


def _faults_of_explorer(explorer: Locator) -> list[str]:
    """Each slider changes drawing and words by the keyboard, and comes back to where it was."""
    faults = []
    words, drawing = explorer.locator("[role=status]"), explorer.locator("svg")
    explorer.scroll_into_view_if_needed()
    explorer.page.wait_for_function(SEEN, arg=words.element_handle())
    first = words.inner_text(), drawing.inner_html()
    for slider in explorer.locator("input").all():
        start, said = slider.input_value(), slider.get_attribute("aria-valuetext")
        ahead = start != slider.get_attribute("max")
        for key in ("ArrowRight", "ArrowLeft")[:: 1 if ahead else -1]:
            before = words.inner_text()
            slider.press(key)
            explorer.page.wait_for_function(CHANGED, arg=[words.element_handle(), before])
            now = slider.get_attribute("aria-valuetext")
            if now not in (slider.locator("xpath=..").inner_text()).split("\n"):
                faults.append(f"the slider says {now!r}, and beside it stands something else")
            if slider.input_value() != start and (now == said or drawing.inner_html() == first[1]):
                faults.append(f"{key} has changed neither the drawing nor {now!r}")
        if (words.inner_text(), drawing.inner_html()) != first:
            faults.append(f"back at {said} another frame is shown than at first")
    return faults
