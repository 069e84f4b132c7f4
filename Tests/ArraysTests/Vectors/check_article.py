"""Evaluates the NumPy column of Documentation/NumPy.md and compares it with the printed one: python3 check_article.py."""

import os

import numpy as np

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../Documentation/NumPy.md")
a = np.array([[1.0, 2, 3], [4, 5, 6]])
b = np.array([10.0, 20, 30])
count = 0
for row in open(path):
    if not row.startswith("| `"):
        continue
    code, swift, printed = ["\n".join(line[1:-1] for line in cell.split("<br>")) for cell in row[2:-3].split(" | ")]
    names = {"np": np, "a": a, "b": b, "c": a.copy()}
    try:
        value = eval(code, names)
    except SyntaxError:
        exec(code, names)
        value = names["c"]
    text = str(float(value)) if isinstance(value, np.floating) else str(value)
    # Swift prints a shape as a list and truth values in small letters.
    assert printed in (text, text.lower(), text.replace("(", "[").replace(")", "]")), (code, text, printed)
    count += 1
print(count, "lines hold, NumPy", np.__version__)
