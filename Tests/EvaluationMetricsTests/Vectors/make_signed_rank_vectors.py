"""p-values of Wilcoxon's signed-rank test by SciPy: exact for few differences without ties, else by the normal distribution.

python3 -m venv venv && venv/bin/pip install scipy numpy
venv/bin/python make_signed_rank_vectors.py > signed_rank.json
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from scipy.stats import wilcoxon

random = np.random.RandomState(3)
cases = [
    random.randn(7) + 0.5, random.randn(20), random.randn(50) + 0.3, random.randn(51) + 0.3,
    np.round(random.randn(30), 1), np.append(np.round(random.randn(25), 1), [0, 0, 0]),
    random.randn(400) + 0.1, np.array([1.0]), np.array([1.0, -2.0]), np.abs(random.randn(12)),
    np.array([2.0, 2.0, -2.0, 2.0]),
]
found = []
for case in cases:
    magnitudes = np.abs(case[case != 0])
    exact = len(np.unique(magnitudes)) == len(case) and len(case) <= 50
    p = wilcoxon(case, correction=False, method="exact" if exact else "approx").pvalue
    found.append({"differences": case.tolist(), "isExact": exact, "probability": float(p)})
json.dump({"version": version("scipy"), "cases": found}, sys.stdout, indent=1)
