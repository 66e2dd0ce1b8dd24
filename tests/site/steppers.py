"""A stepper shows one frame at a time with the script, and all of them without it."""

from playwright.sync_api import Page

#: The steppers as they are served, before any script has run: all frames are to be seen.
AS_SERVED = """
async () => {
  const served = new DOMParser().parseFromString(
    await (await fetch(location.href)).text(), "text/html");
  const hidden = [];
  const place = document.querySelector(".md-content__inner");
  for (const stepper of served.querySelectorAll(".stepper")) {
    place.prepend(stepper);
    for (const frame of stepper.querySelectorAll(".frame"))
      if (!frame.checkVisibility({ visibilityProperty: true })) hidden.push(frame.outerHTML);
    stepper.remove();
  }
  return hidden.map(frame => `without the script a frame is hidden: ${frame.slice(0, 80)}`);
}
"""


def stepper_faults(page: Page) -> list[str]:
    """What is wrong with the first stepper of an open page, and with all before the script."""
    faults: list[str] = page.evaluate(AS_SERVED)
    frames = page.locator(".stepper").first.locator(".frame")
    controls = page.locator(".stepper-controls").first
    back, ahead = controls.locator("button").all()
    number = frames.count()
    if number < 2:
        return [*faults, f"a stepper of {number} frames"]

    def expect(shown: int) -> None:
        seen = [place for place in range(number) if frames.nth(place).is_visible()]
        if seen != [shown]:
            faults.append(f"frames {seen} are to be seen in the place of {shown}")
        if back.is_disabled() != (shown == 0) or ahead.is_disabled() != (shown == number - 1):
            faults.append(f"at frame {shown} the buttons can go back or ahead otherwise")

    expect(0)
    ahead.click()
    expect(1)
    controls.locator("input").press("End")
    expect(number - 1)
    status = controls.locator("[role=status]").inner_text()
    if str(number) not in status:
        faults.append(f"the last frame is not told: {status}")
    controls.locator("input").press("Home")
    expect(0)
    return faults
