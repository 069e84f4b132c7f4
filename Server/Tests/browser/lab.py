"""Uses the lab as a person does. usage: lab.py CHROMIUM ADDRESS FOLDER: the pictures go into FOLDER.

The server was started with --data, a table of two features, and --out.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import unquote, urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

chromium, address, folder = sys.argv[1:4]
failures, requests, messages = [], [], []


def expect(what, holds):
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        failures.append(what)


def wait(page, condition, seconds=20):
    """Waits until an expression holds; playwright's own way needs eval, which the page's policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise TimeoutError(condition)
        page.wait_for_timeout(50)


def open_page(browser, query="", width=1280, scheme="light", language="en-GB"):
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 844}, color_scheme=scheme, locale=language,
        reduced_motion="reduce", device_scale_factor=2 if width < 600 else 1,
    )
    page = context.new_page()
    page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}/lab{query}")
    wait(page, "document.querySelector('#data').options.length > 0")
    return page


def text(page, name):
    return page.locator(f"#{name}").inner_text()


def share(page, name="test"):
    found = text(page, f"{name}-accuracy")
    return float(found.split()[0]) if found != "–" else 0


def steps(page):
    return int(text(page, "steps").replace(",", ""))


def learns(page, wanted, name="test", seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end and share(page, name) < wanted:
        page.wait_for_timeout(50)
    return share(page, name)


def serious(page):
    violations = Axe().run(page).response["violations"]
    return [v["id"] for v in violations if v["impact"] in ("serious", "critical")]


def slide(page, name, value):
    page.locator(f"#{name}").evaluate(
        "(e, value) => { e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })) }", str(value))


def post(path, body, headers=None):
    request = urllib.request.Request(
        address + path, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = open_page(browser)
    wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
    expect("who wants less motion begins it", text(page, "run") == "Run" and steps(page) == 0)
    page.locator("#step").click()
    wait(page, "document.querySelector('#steps').textContent === '1'")
    expect("one step is one step", steps(page) == 1)
    page.locator("#slow").click()
    wait(page, "document.querySelectorAll('.node').length > 0")
    expect("slow motion shows fourteen nodes", page.locator(".node").count() == 14)
    expect("and no gradient that differs", page.locator(".node .differs").count() == 0)
    page.locator("#pace").select_option("100")
    page.locator("#run").click()
    before, begin = steps(page), time.monotonic()
    page.wait_for_timeout(1000)
    # By the clock: a busy machine waits longer than it was told.
    rate = (steps(page) - before) / (time.monotonic() - begin)
    expect(f"a pace is kept ({rate:.0f} steps a second)", 50 < rate < 150)
    page.locator("#pace").select_option("0")
    best = learns(page, 95.1)
    expect(f"spirals are learned past 95 % ({best} %)", best > 95)
    page.wait_for_timeout(500)
    speed = text(page, "speed")
    expect(f"at native speed ({speed} steps a second)", speed != "–" and int(speed.replace(",", "")) > 2000)
    page.locator("#learningRate").select_option("0.001")
    page.wait_for_timeout(300)
    expect("the rate stands in the address", "learningRate=0.001" in page.url)
    page.locator("#run").click()
    page.wait_for_timeout(500)
    before = steps(page)
    page.wait_for_timeout(500)
    expect("a paused run stands still", steps(page) == before and text(page, "run") == "Run")
    wait(page, "document.querySelector('#method-figures').children.length > 0")
    page.screenshot(path=f"{folder}/lab-1280-light-en.png", full_page=True)
    found = serious(page)
    expect(f"axe finds nothing serious {found}", not found)

    # By the keyboard alone.
    page.locator("#run").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    expect("the keyboard runs it", steps(page) > before)
    page.keyboard.press("Enter")
    page.locator("#layers button").first.focus()
    page.keyboard.press("Enter")
    wait(page, "decodeURIComponent(location.search).includes('hidden=15,16')")
    page.keyboard.press("Enter")
    wait(page, "decodeURIComponent(location.search).includes('hidden=14,16')")
    expect("and makes a layer smaller, twice", True)
    slide(page, "k", 1)
    page.locator("#kind").select_option("knn")
    wait(page, "document.querySelector('#method-figures').textContent.includes('100.0 %')")
    expect("one neighbour knows every point that it has learned", True)

    page.context.close()
    page = open_page(browser, "?data=own")
    wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
    page.locator("#run").click()
    expect(f"one's own table is learned ({learns(page, 90)} %)", share(page) > 90)
    page.locator("#save").click()
    wait(page, "document.querySelector('#saved').textContent.includes('Saved')")
    expect("and saved", "lab" in text(page, "saved"))

    page.context.close()
    page = open_page(browser, "?data=points")
    for kind, spots in [(0, [(0.2, 0.2), (0.3, 0.3), (0.2, 0.35)]), (1, [(0.8, 0.7), (0.7, 0.8), (0.75, 0.6)])]:
        page.locator("#paint button").nth(kind).click()
        for x, y in spots:
            box = page.locator("#plane").bounding_box()
            page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
            page.wait_for_timeout(500)
    wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
    page.locator("#run").click()
    expect(f"points that are placed are learned ({learns(page, 100)} %)", share(page) == 100)
    page.reload()
    wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
    expect("and stand in the address", unquote(page.url).count("~") == 5)

    page.context.close()
    page = open_page(browser, "?data=digits&hidden=32&trainLimit=500")
    wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
    page.locator("#run").click()
    learns(page, 99, "train")
    gap = share(page, "train") - share(page)
    expect(f"five hundred digits are memorised (gap {gap:.1f} points)", gap > 15)
    expect("weights are shown as pictures", page.locator("#filters canvas").count() == 24)
    expect("and misread digits", page.locator("#misread canvas").count() == 12)
    page.locator("#run").click()
    page.wait_for_timeout(400)
    page.locator("#slow").click()
    wait(page, "document.querySelectorAll('.node').length > 0")
    page.screenshot(path=f"{folder}/lab-digits-1280-light-en.png", full_page=True)
    found = serious(page)
    expect(f"axe finds nothing serious {found}", not found)

    for width, scheme, language in [(1280, "dark", "ko-KR"), (390, "light", "ko-KR"), (390, "dark", "en-GB")]:
        page.context.close()
        page = open_page(browser, "?data=moons", width, scheme, language)
        wait(page, "document.querySelector('#test-accuracy').textContent !== '–'")
        page.locator("#run").click()
        expect(f"moons at {width} pixels, {scheme}, {language}", learns(page, 95) >= 95)
        page.locator("#run").click()
        page.locator("#slow").click()
        wait(page, "document.querySelectorAll('.node').length > 0")
        page.wait_for_timeout(300)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        expect("nothing is wider than the window", overflow <= 0)
        page.screenshot(path=f"{folder}/lab-{width}-{scheme}-{language[:2]}.png", full_page=True)
        found = serious(page)
        expect(f"axe finds nothing serious {found}", not found)
    browser.close()

# What no page does. The pages above are closed: their runs have ended, or will with their next snapshot.
time.sleep(3)
host = urlparse(address).netloc
wish = {"page": "a-page-of-a-test", "settings": {}}
for what, headers, status in [
    ("a post from another origin", {"Origin": "http://attacker.example"}, 403),
    ("another host's name", {"Host": "attacker.example"}, 403),
    ("a form's post", {"Content-Type": "text/plain"}, 415),
]:
    expect(f"{what} is refused", post("/lab/runs", wish, headers)[0] == status)
status, answer = post("/lab/runs", {**wish, "settings": {"data": "/etc/passwd"}})
expect(f"no page names a file ({answer.get('error')})", status == 400)
expect("no page asks for too much", post("/lab/runs", {**wish, "settings": {"hidden": [100000]}})[0] == 400)
status, first = post("/lab/runs", wish)
expect("a run begins", status == 200)
status, second = post("/lab/runs", wish)
expect("a page's second run ends its first",
       status == 200 and post(f"/lab/runs/{first['id']}", {"action": "pause"})[0] == 404
       and post(f"/lab/runs/{second['id']}", {"action": "pause"})[0] == 200)
others = [post("/lab/runs", {**wish, "page": f"page-number-{n}"})[0] for n in range(8)]
expect(f"more runs than four are refused {others}", others == [200] * 3 + [503] * 5)
time.sleep(11)
expect("runs that nobody listens to have ended", post("/lab/runs", {**wish, "page": "page-number-9"})[0] == 200)

outside = sorted({url for url in requests if urlparse(url).scheme in ("http", "https") and urlparse(url).netloc != host})
expect(f"no request leaves the host {outside}", not outside)
expect(f"no message in the console {messages[:3]}", not messages)
sys.exit(1 if failures else 0)
