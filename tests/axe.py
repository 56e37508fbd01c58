"""What axe-core finds on a page in the browser (WCAG 2.2 AA and good practice), cheaply: it is put
into a page once, its findings alone come back, and the dark costs no page of its own."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

# The rules that colours can break; everything else is the same in the light and in the dark.
_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Off unless asked for: targets of 24 px, or with room round them (WCAG 2.2, 2.5.8).
_TARGETS = {"rules": {"target-size": {"enabled": True}}}
# A colour on its way to the dark is neither: what moves is at its end first.
_RUN = """async ([where, options]) => {
    document.getAnimations().forEach((each) => each.finish());
    const found = await axe.run(where || document, {resultTypes: ["violations"], ...options});
    return found.violations.flatMap((each) =>
        each.nodes.map((node) => `${each.id}: ${node.target.join(" ")}`));
}"""


def violations(page: Any, where: Any = None, *, targets: bool = False) -> list[str]:
    """Each rule that the page breaks in the light or in the dark, and at which element:
    "color-contrast: .skip (dark)".

    Of the whole page, or of what `where` says: a selector, or a context of axe-core. `targets`
    asks for the size of what is pressed, too. The script is the driver's own and no part of the
    page, so that the page's policy has nothing to say about it. The page stays in the light.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for colours, options in (("dark", _OF_COLOURS), ("light", _TARGETS if targets else {})):
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        found += [f"{each} ({colours})" for each in page.evaluate(_RUN, [where, options])]
    return found
