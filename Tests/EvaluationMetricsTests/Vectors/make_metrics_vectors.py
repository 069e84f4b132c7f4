"""Writes metrics.json: what scikit-learn, SciPy and statsmodels say of the answers that MetricsTests evaluates.

Made with scikit-learn 1.9.1, SciPy 1.17.1, statsmodels 0.15.0, NumPy 2.4.6:
    python make_metrics_vectors.py > metrics.json
"""

import json
import sys

import numpy as np
import scipy.optimize
import sklearn.metrics as m
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.calibration import calibration_curve
from sklearn.inspection import permutation_importance
from sklearn.neighbors import NearestNeighbors
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

rng = np.random.RandomState(12)


def wilson(correct, count):
    return [float(x) for x in proportion_confint(correct, count, method="wilson")]


def classification():
    """Five classes: 3 has no examples but is predicted, 4 has examples and is never predicted."""
    actual = rng.choice([0, 1, 2, 4], size=150, p=[0.5, 0.3, 0.15, 0.05])
    predicted = np.where(rng.rand(150) < 0.7, actual, rng.randint(0, 4, 150))
    predicted[actual == 4] = 3
    labels = list(range(5))
    each = m.precision_recall_fscore_support(actual, predicted, labels=labels, zero_division=0)
    def mean(kind):
        return [float(x) for x in m.precision_recall_fscore_support(
            actual, predicted, average=kind, zero_division=0)[:3]]
    support = each[3]
    correct = [int(((actual == k) & (predicted == k)).sum()) for k in labels]
    return {
        "actual": actual.tolist(), "predicted": predicted.tolist(),
        "confusion": m.confusion_matrix(actual, predicted, labels=labels).tolist(),
        "accuracy": m.accuracy_score(actual, predicted),
        "accuracyInterval": wilson(int((actual == predicted).sum()), 150),
        "precision": each[0].tolist(), "recall": each[1].tolist(), "f1": each[2].tolist(),
        "support": support.tolist(),
        "recallIntervals": [wilson(c, int(n)) if n else [0.0, 1.0] for c, n in zip(correct, support)],
        "macro": mean("macro"), "weighted": mean("weighted"),
    }


def scores():
    logits = rng.randn(300, 6) * 2.5
    actual = np.array([rng.choice(6, p=np.exp(z / 2) / np.exp(z / 2).sum()) for z in logits])
    powers = np.exp(logits - logits.max(1, keepdims=True))
    p = (powers / powers.sum(1, keepdims=True)).astype(np.float32)
    p64 = p.astype(np.float64)
    predicted = p.argmax(1)
    confidence = p64.max(1)
    right = predicted == actual
    true, mean = calibration_curve(right, confidence, n_bins=15)
    bin_of = np.searchsorted(np.linspace(0, 1, 16)[1:-1], confidence)
    counts = np.bincount(bin_of, minlength=15)
    filled = counts[counts > 0]
    def loss(t):
        q = np.exp(np.log(p64) / t)
        q /= q.sum(1, keepdims=True)
        return -np.log(q[np.arange(300), actual]).mean()
    best = scipy.optimize.minimize_scalar(
        loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10})
    q = np.exp(np.log(p64) / best.x)
    q /= q.sum(1, keepdims=True)
    curve = []
    for t in sorted(set(confidence), reverse=True):
        kept = confidence >= t
        curve.append([float(t), float(kept.mean()), m.accuracy_score(actual[kept], predicted[kept])])
    wrong = [i for i in np.argsort(-confidence, kind="stable") if not right[i]]
    return {
        "probabilities": {"shape": [300, 6], "elements": [float(x) for x in p.ravel()]},
        "actual": actual.tolist(), "predicted": predicted.tolist(),
        "topK": [m.top_k_accuracy_score(actual, p64, k=k) for k in (2, 3, 5)],
        "binCounts": counts.tolist(), "binAccuracy": true.tolist(), "binConfidence": mean.tolist(),
        "error": float((filled / 300 * np.abs(true - mean)).sum()),
        "largestError": float(np.abs(true - mean).max()),
        "temperature": float(best.x),
        "lossBefore": m.log_loss(actual, p64), "lossAfter": m.log_loss(actual, q),
        "calibratedFirst": q[0].tolist(),
        "curve": curve, "worst": [int(i) for i in wrong[:5]],
    }


def regression():
    actual = rng.randn(81) * 3 + 10
    predicted = actual + rng.randn(81) * 0.8 + 0.2
    errors = np.abs(predicted - actual)
    return {
        "actual": actual.tolist(), "predicted": predicted.tolist(),
        "mae": m.mean_absolute_error(actual, predicted),
        "interval": [float(x) for x in DescrStatsW(errors).zconfint_mean(0.05)],
        "rmse": m.root_mean_squared_error(actual, predicted), "r2": m.r2_score(actual, predicted),
        "median": m.median_absolute_error(actual, predicted), "largest": m.max_error(actual, predicted),
        "baseline": float(actual.std()),
    }


def comparisons():
    found = []
    for both, first, second, neither in [(50, 12, 5, 3), (90, 3, 9, 1), (1000, 80, 41, 7), (10, 1, 0, 0)]:
        table = [[both, first], [second, neither]]
        exact, square = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True)
        found.append({
            "counts": [both, first, second, neither], "exact": float(exact.pvalue),
            "chiSquare": float(square.statistic), "probability": float(square.pvalue)})
    return found


class Linear(RegressorMixin, BaseEstimator):
    """A model that is given, not fitted."""

    weights = np.array([2.0, 0.0, -1.0, 0.25])

    def fit(self, x, y):
        return self

    def predict(self, x):
        return x.astype(np.float64) @ self.weights


def importance():
    x = rng.randn(40, 4).astype(np.float32)
    y = Linear().predict(x) + rng.randn(40) * 0.1
    found = permutation_importance(
        Linear(), x, y, scoring="neg_mean_squared_error", n_repeats=6, random_state=3)
    return {
        "features": {"shape": [40, 4], "elements": [float(v) for v in x.ravel()]}, "targets": y.tolist(),
        "weights": Linear.weights.tolist(),
        "means": found.importances_mean.tolist(), "deviations": found.importances_std.tolist(),
    }


def novelty():
    x = (rng.randn(60, 5) + 100).astype(np.float32)
    strangers = (rng.randn(7, 5) * 3 + 100).astype(np.float32)
    search = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(x.astype(np.float64))
    own = search.kneighbors(x.astype(np.float64))[0][:, 1]
    far = search.kneighbors(strangers.astype(np.float64))[0][:, 0]
    return {
        "features": {"shape": [60, 5], "elements": [float(v) for v in x.ravel()]},
        "strangers": {"shape": [7, 5], "elements": [float(v) for v in strangers.ravel()]},
        "threshold": float(np.quantile(own, 0.9)), "distances": far.tolist(),
    }


def collection():
    """The number of further examples that halve Wilson's interval, counted up one by one."""
    found = []
    for correct, count in [(0, 1), (1, 1), (7, 10), (45, 50), (500, 1000)]:
        share = correct / count
        low, high = wilson(correct, count)
        n = count
        while True:
            n += 1
            a, b = proportion_confint(share * n, n, method="wilson")
            if b - a <= (high - low) / 2:
                break
        found.append([correct, count, n - count])
    return found


json.dump({
    "classification": classification(), "scores": scores(), "regression": regression(),
    "comparisons": comparisons(), "importance": importance(), "novelty": novelty(),
    "collection": collection(),
}, sys.stdout)
print()
