"""Draws on the page as a person does. usage: page.py CHROMIUM ADDRESS FOLDER: the pictures go into FOLDER."""

import sys
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

chromium, address, folder = sys.argv[1:4]
failures, requests, messages = [], [], []

# Lines in a square of side 1.
SEVEN = [[(0.0, 0.0), (1.0, 0.0), (0.35, 1.0)]]
ONE = [[(0.5, 0.0), (0.5, 1.0)]]
ZERO = [[(0.5, 0), (0.15, 0.2), (0.05, 0.5), (0.15, 0.8), (0.5, 1), (0.85, 0.8), (0.95, 0.5), (0.85, 0.2), (0.5, 0)]]
THREE = [[(0.1, 0.1), (0.5, 0), (0.9, 0.2), (0.5, 0.47), (0.9, 0.75), (0.5, 1), (0.1, 0.9)]]


def expect(what, holds):
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        failures.append(what)


def draw(page, lines, left, top, width, height):
    box = page.locator("#paper").bounding_box()
    for line in lines:
        points = [
            (box["x"] + box["width"] * (left + x * width), box["y"] + box["height"] * (top + y * height))
            for x, y in line
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=12)
        page.mouse.up()


def answer(page):
    """The label once it stays the same."""
    last, same = None, 0
    for _ in range(60):
        page.wait_for_timeout(50)
        label = page.locator("#label").inner_text()
        same = same + 1 if label == last else 0
        last = label
        if same >= 6 and label != "–":
            break
    return last


def open_page(browser, width, scheme, language):
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 844}, color_scheme=scheme, locale=language,
        reduced_motion="reduce", device_scale_factor=2 if width < 600 else 1,
    )
    page = context.new_page()
    page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.locator("#model option").first.wait_for(state="attached")
    return page


with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = open_page(browser, 1280, "light", "en-GB")
    expect("without ink there is no answer", page.locator("#label").inner_text() == "–")
    for what, lines, digit, place in [
        ("a 7 in the middle", SEVEN, "7", (0.3, 0.2, 0.4, 0.6)),
        ("a 7 high in the corner", SEVEN, "7", (0.68, 0.04, 0.26, 0.36)),
        ("a small 7", SEVEN, "7", (0.12, 0.7, 0.1, 0.15)),
        ("a 1", ONE, "1", (0.3, 0.15, 0.4, 0.7)),
        ("a 0", ZERO, "0", (0.3, 0.2, 0.4, 0.6)),
        ("a 3", THREE, "3", (0.3, 0.2, 0.4, 0.6)),
    ]:
        page.keyboard.press("Delete")
        draw(page, lines, *place)
        found = answer(page)
        expect(f"{what} is read as {digit} (read: {found})", found == digit)
        if what == "a 7 in the middle":
            page.screenshot(path=f"{folder}/page-1280-light-en.png", full_page=True)
            figures = page.locator("#bars .figure").all_inner_texts()
            expect("ten probabilities that sum to 1", len(figures) == 10
                   and abs(sum(float(text.split()[0]) for text in figures) - 100) < 1)
            seen = page.evaluate("[document.querySelector('#seen').width, document.querySelector('#seen').height]")
            expect("the model's picture is 28 x 28", seen == [28, 28])
            jury = page.locator("#jurors li").all_inner_texts()
            expect(f"the other models are heard {jury}", len(jury) == 2 and all("7" in text for text in jury))
            lit = page.evaluate(
                "(() => { const c = document.querySelector('#seen'); const p = c.getContext('2d')"
                ".getImageData(0, 0, 28, 28).data; let n = 0; for (let i = 0; i < 784; i++) n += p[4 * i] > 127; return n })()")
            expect(f"there is ink on it ({lit} pixels)", 20 < lit < 300)
    page.keyboard.press("Delete")
    draw(page, ONE, 0.3, 0.15, 0.1, 0.7)
    page.keyboard.press("z")
    page.wait_for_timeout(400)
    expect("undo takes the only line away", page.locator("#label").inner_text() == "–")
    draw(page, SEVEN, 0.3, 0.2, 0.4, 0.6)
    answer(page)
    violations = Axe().run(page).response["violations"]
    serious = [v["id"] for v in violations if v["impact"] in ("serious", "critical")]
    expect(f"axe finds nothing serious {serious}", not serious)

    for width, scheme, language in [(1280, "dark", "ko-KR"), (390, "light", "ko-KR"), (390, "dark", "en-GB")]:
        page = open_page(browser, width, scheme, language)
        draw(page, THREE, 0.3, 0.2, 0.4, 0.6)
        expect(f"a 3 at {width} pixels, {scheme}, {language}", answer(page) == "3")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        expect("nothing is wider than the window", overflow <= 0)
        page.screenshot(path=f"{folder}/page-{width}-{scheme}-{language[:2]}.png", full_page=True)
        serious = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        expect(f"axe finds nothing serious {serious}", not serious)
    browser.close()

host = urlparse(address).netloc
outside = sorted({url for url in requests if urlparse(url).scheme in ("http", "https") and urlparse(url).netloc != host})
expect(f"no request leaves the host {outside}", not outside)
expect(f"no message in the console {messages[:3]}", not messages)
sys.exit(1 if failures else 0)
