#!/usr/bin/env python3
"""Draws architecture.svg from the table of floors in Documentation/Architecture.md: run it after the table has changed."""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
# The colour of a target's box; what is not listed stands on top of both ways, networks and classical.
GROUPS = {
    "networks": "Autodiff Networks Inference Training",
    "classical": "ImageFeatures Classification Classical Pipelines",
    "data": "ArrayFiles ExampleData Images Datasets Tables",
    "below everything": "Support Arrays",
    "the program": "Descent DescentCommand ExchangeCommand",
    "C": "CInference CGraph ONNXMessages CoreMLMessages CKernels COneDNN CHighway CImageFiles COpenBLAS CZlib CPNG CJPEG CWebP CDigest",
}
ON_TOP = "on top of both"
COLOURS = {  # light, dark
    "networks": ("#dceafd", "#1d3a63"),
    "classical": ("#fdebd3", "#5a3d16"),
    "data": ("#ddf3e2", "#1d4a2b"),
    ON_TOP: ("#efe6fb", "#40325a"),
    "below everything": ("#fff6c9", "#4f4716"),
    "the program": ("#e8e8ea", "#3a3d42"),
    "C": ("#f1f1f1", "#2b2e33"),
}
LEFT, WIDTH, HEIGHT, GAP = 60, 820, 34, 10


def small(name, width):
    size = (width - 6) / (0.62 * len(name))
    return f' style="font-size:{size:.1f}px"' if size < 14 else ""


def group(name):
    return next((group for group, names in GROUPS.items() if name in names.split()), ON_TOP)


def floors():
    text = (HERE.parent / "Architecture.md").read_text(encoding="utf-8")
    rows = {}
    for number, cell in re.findall(r"^\| (\d+) \| ([^|]+) \|", text, re.M):
        rows.setdefault(int(number), []).extend(re.findall(r"`(\w+)`", cell.split("(")[0]))
    order = list(GROUPS)[:1] + ["data", "classical", ON_TOP, "below everything", "the program", "C"]
    return [(number, sorted(rows[number], key=lambda name: order.index(group(name)))) for number in sorted(rows, reverse=True)]


def main():
    rows = floors()
    height = 24 + len(rows) * (HEIGHT + GAP) + 36
    names = list(COLOURS)
    style = "".join(f".g{names.index(name)} rect{{fill:{light}}}" for name, (light, _) in COLOURS.items())
    dark = "".join(f".g{names.index(name)} rect{{fill:{dark}}}" for name, (_, dark) in COLOURS.items())
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {height}" role="img">',
        "<title>The targets of Descent on their floors; imports go down only</title>",
        "<style>text{font:14px system-ui,sans-serif;fill:#1f2328}.s{fill:#6b7280;font-size:12px}"
        f"rect{{stroke:#8c959f;rx:5}}{style}@media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}.s{{fill:#9aa4af}}{dark}}}</style>",
        f'<text class="s" x="14" y="16">floor</text><text class="s" x="{LEFT}" y="16">imports go down only</text>',
    ]
    y = 24
    for number, targets in rows:
        width = (WIDTH - GAP * (len(targets) - 1)) / len(targets)
        middle = y + HEIGHT / 2 + 5
        out.append(f'<text class="s" x="27" y="{middle}" text-anchor="middle">{number}</text>')
        for place, name in enumerate(targets):
            x = LEFT + place * (width + GAP)
            out.append(
                f'<g class="g{names.index(group(name))}"><rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}"/>'
                # A name that is wider than its box is set smaller: about 0.62 of the size for a letter.
                f'<text x="{x + width / 2:.1f}" y="{middle}" text-anchor="middle"'
                f'{small(name, width)}>{name}</text></g>'
            )
        y += HEIGHT + GAP
    x = LEFT
    for place, name in enumerate(names):
        out.append(f'<g class="g{place}"><rect x="{x}" y="{y + 4}" width="16" height="12"/></g><text class="s" x="{x + 22}" y="{y + 15}">{name}</text>')
        x += 40 + 8 * len(name)
    (HERE / "architecture.svg").write_text("\n".join(out + ["</svg>"]) + "\n", encoding="utf-8")


main()
