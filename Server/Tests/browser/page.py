"""Draws on the page as a person does. usage: page.py CHROMIUM ADDRESS FOLDER EXAMPLES: the pictures go into FOLDER.

The server was started with a network of digits called "digits", one of colour pictures called "colours", --jury, and --examples EXAMPLES,
an empty folder.
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

chromium, address, folder, examples = sys.argv[1:5]
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


def wait_for_text(page, selector, text):
    for _ in range(100):
        if text in page.locator(selector).inner_text():
            return
        page.wait_for_timeout(50)
    expect(f"{selector} says '{text}' (says: {page.locator(selector).inner_text()})", False)


def answer(page):
    """The label once it stays the same."""
    last, same = None, 0
    for _ in range(200):
        page.wait_for_timeout(50)
        if page.locator("#answer").get_attribute("aria-busy") == "true":
            continue
        label = page.locator("#label").inner_text()
        same = same + 1 if label == last else 0
        last = label
        if same >= 6 and label != "–":
            break
    return last


# A picture that is made in the page: what is drawn by the JavaScript, with the context called c, 600 x 400.
MAKE = """async ([id, drawing]) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [600, 400];
  const c = canvas.getContext('2d');
  DRAWINGS[drawing](c);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], 'photo.jpg', { type: 'image/jpeg' }));
  const input = document.getElementById(id);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}""".replace("DRAWINGS", """({
  // A 7 by a dark pen on grey paper, in a corner.
  seven: (c) => {
    c.fillStyle = '#c9c4b8'; c.fillRect(0, 0, 600, 400); c.strokeStyle = '#23304a'; c.lineWidth = 13; c.lineCap = c.lineJoin = 'round';
    c.beginPath(); c.moveTo(340, 70); c.lineTo(450, 70); c.lineTo(380, 230); c.stroke();
  },
  blank: (c) => { c.fillStyle = '#c9c4b8'; c.fillRect(0, 0, 600, 400); },
  red: (c) => { c.fillStyle = '#c02020'; c.fillRect(0, 0, 600, 400); },
})""")


def post(path, body, headers):
    request = urllib.request.Request(address + path, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def heard(page, count):
    """The jury's answers by the models' names, once all have answered to the last line."""
    for _ in range(200):
        page.wait_for_timeout(50)
        if page.locator("#answer").get_attribute("aria-busy") != "true" and page.locator(".juror").count() == count:
            break
    page.wait_for_timeout(500)
    names = page.locator(".juror h3").all_inner_texts()
    return dict(zip(names, page.locator(".juror p .said").all_inner_texts()))


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
            jury = heard(page, 3)
            expect(f"network, SVM and KNN are heard {jury}", all(jury.get(name) == "7" for name in ("digits", "svm", "knn")))
            maps = page.locator(".juror .maps, .juror .activity").count()
            expect(f"the hidden layers' activity is shown ({maps})", maps >= 2)
            shown = {name: page.locator(f".juror:has(h3:text-is('{name}')) .tiles canvas").count() for name in ("digits", "knn")}
            expect(f"six units with their weights, eight training digits {shown}", shown == {"digits": 6, "knn": 8})
            expect("HOG's cells", page.locator(".juror:has(h3:text-is('svm')) .cells").count() == 1)
            lit = page.evaluate(
                "(() => { const c = document.querySelector('#seen'); const p = c.getContext('2d')"
                ".getImageData(0, 0, 28, 28).data; let n = 0; for (let i = 0; i < 784; i++) n += p[4 * i] > 127; return n })()")
            expect(f"there is ink on it ({lit} pixels)", 20 < lit < 300)
    page.keyboard.press("Delete")
    draw(page, ONE, 0.3, 0.15, 0.1, 0.7)
    page.keyboard.press("z")
    page.wait_for_timeout(400)
    expect("undo takes the only line away", page.locator("#label").inner_text() == "–")
    # Nothing like a digit: a scribble over the whole paper.
    page.keyboard.press("Delete")
    scribble = [[(x, y) for step in range(12) for x, y in ((0, step / 11), (1, step / 11))]]
    draw(page, scribble, 0.05, 0.05, 0.9, 0.9)
    found = answer(page)
    expect(f"a scribble is unknown (read: {found})", found == "unknown")
    page.screenshot(path=f"{folder}/page-unknown-1280-light-en.png", full_page=True)

    # Photographs, by both ways of choosing one.
    page.keyboard.press("Delete")
    expect("the camera is asked for", page.locator("#camera").get_attribute("capture") == "environment")
    for id in ("file", "camera"):
        page.evaluate(MAKE, [id, "seven"])
        page.wait_for_timeout(300)
        found = answer(page)
        expect(f"a photograph of a 7 is read, by the {id} (read: {found})", found == "7")
        page.keyboard.press("Delete")
        page.wait_for_timeout(300)
    page.evaluate(MAKE, ["file", "blank"])
    page.wait_for_timeout(1000)
    expect("no ink, no answer", page.locator("#label").inner_text() == "–" and "ink" in page.locator("#share").inner_text())
    page.keyboard.press("Delete")

    # Examples grow a folder.
    slant = [[(0.7, 0.0), (0.4, 1.0)]]
    for number, (lines, digit) in enumerate(
        [(SEVEN, "7"), (THREE, "3"), (ZERO, "0"), (ONE, "1"), (SEVEN, "7"), (THREE, "3"), (ZERO, "0"), (slant, "1")]
    ):
        page.keyboard.press("Delete")
        draw(page, lines, 0.3 - 0.05 * (number // 4), 0.2, 0.4 + 0.1 * (number // 4), 0.6)
        page.locator("#labels button", has_text=digit).click()
        wait_for_text(page, "#saved", f"Examples of {digit}")
    page.locator("#labels button", has_text="1").click()
    wait_for_text(page, "#saved", "Already")
    page.locator("#name").fill("eight two")
    page.locator("#name").press("Enter")
    wait_for_text(page, "#saved", "Examples of eight two: 1")
    found = {name: len(os.listdir(f"{examples}/{name}")) for name in sorted(os.listdir(examples))}
    expect(f"the folder has them {found}", found == {"0": 2, "1": 2, "3": 2, "7": 2, "eight two": 1})
    os.remove(f"{examples}/eight two/{os.listdir(f'{examples}/eight two')[0]}")
    os.rmdir(f"{examples}/eight two")
    page.locator("#name").fill("")
    page.locator("#paper").focus()

    # A model of colour pictures has the page too.
    page.locator("#model").select_option("colours")
    page.evaluate(MAKE, ["file", "red"])
    found = answer(page)
    expect(f"a red picture is red (read: {found})", found == "red")
    expect("its form is told", "colour" in page.locator("#form").inner_text())
    page.screenshot(path=f"{folder}/page-colours-1280-light-en.png", full_page=True)
    page.locator("#model").select_option("digits")
    page.locator("#paper").focus()
    page.keyboard.press("Delete")
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
        heard(page, 3)
        expect("nothing is wider than the window", overflow <= 0)
        page.screenshot(path=f"{folder}/page-{width}-{scheme}-{language[:2]}.png", full_page=True)
        serious = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        expect(f"axe finds nothing serious {serious}", not serious)
    browser.close()

# What no page does.
host = urlparse(address).netloc
png = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADElEQVR4nGNg+A+EAAYAAf+T0eSJAAAAAElFTkSuQmCC")
for what, headers, status in [
    ("from another page", {"Origin": "http://attacker.example"}, 403),
    ("without a page", {}, 403),
    ("by another name of this machine", {"Origin": address, "Host": "attacker.example"}, 403),
]:
    found = post("/page/examples?model=digits&label=7", png, {"Content-Type": "image/png", **headers})
    expect(f"an example {what} is refused {found}", found[0] == status)
own = {"Content-Type": "image/png", "Origin": f"http://{host}"}
for label in ("..%2Fout", "%2Fetc%2Fcron.d", "..", ".", "a%2Fb", "a%5Cb", ".hidden", "train", "", "a%00b", "%2e%2e%2f", "x" * 65):
    expect(f"the label {label[:20]} is refused", post(f"/page/examples?model=digits&label={label}", png, own)[0] == 400)
expect("what is no picture is refused", post("/page/examples?model=digits&label=7", b"no picture", own)[0] == 400)
os.symlink("/tmp", f"{examples}/link")
expect("a link is not followed", post("/page/examples?model=digits&label=link", png, own)[0] == 409)
os.remove(f"{examples}/link")
expect("nothing was written by these", sorted(os.listdir(examples)) == ["0", "1", "3", "7"])
outside = sorted({url for url in requests if urlparse(url).scheme in ("http", "https") and urlparse(url).netloc != host})
expect(f"no request leaves the host {outside}", not outside)
expect(f"no message in the console {messages[:3]}", not messages)
sys.exit(1 if failures else 0)
