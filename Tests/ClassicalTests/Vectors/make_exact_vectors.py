"""Writes exact_vectors.json: support vector machines, linear machines and logistic regression where numbers are hard.

Far from the origin, at large C, and on features that are not scaled. Made with libsvm-official 3.37.0, liblinear-official
2.50.0, scikit-learn 1.9.1 and NumPy 2.4.6:

    python make_exact_vectors.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from liblinear import liblinearutil
from libsvm import svmutil
from libsvm.svm import svm_parameter, svm_problem
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

warnings.simplefilter("ignore", ConvergenceWarning)


def rounded(array, digits=9):
    return [[float(f"%.{digits}g" % value) for value in row] for row in np.atleast_2d(array)]


def exact(array):
    return [[float(value) for value in row] for row in array]


def weather(count, seed):
    """Kelvin, hectopascal and year: 290 +- 5, 1013 +- 8, 2012 +- 7."""
    random = np.random.default_rng(seed)
    z = random.standard_normal((count, 3))
    x = (z * [5, 8, 7] + [290, 1013, 2012]).astype(np.float32)
    y = (z @ [1, 0.6, 0.2] + 0.3 * random.standard_normal(count) > 0).astype(int)
    return x.astype(np.float64), y


KERNELS = {
    "linear": lambda dot, a, b: dot,
    "polynomial": lambda dot, a, b: (1e-3 * dot + 1) ** 2,
    "rbf": lambda dot, a, b: np.exp(-0.01 * (a[:, None] + b[None] - 2 * dot)),
    "flat rbf": lambda dot, a, b: np.exp(-1e-7 * (a[:, None] + b[None] - 2 * dot)),
    "sigmoid": lambda dot, a, b: np.tanh(1e-6 * dot - 4.2),
}


def kernel(name, a, b):
    a, b = a.astype(np.longdouble), b.astype(np.longdouble)
    return KERNELS[name](a @ b.T, (a * a).sum(1), (b * b).sum(1))


def relative(name, a, b, centre):
    """K(x, z) - K(x, m) - K(m, z) + K(m, m), rounded to double."""
    m = centre[None]
    return (kernel(name, a, b) - kernel(name, a, m) - kernel(name, m, b) + kernel(name, m, m)).astype(np.float64)


def far():
    x, y = weather(120, 1)
    test, truth = weather(60, 2)
    centre = x.mean(0)
    cases = []
    for name, cost in [("linear", 1), ("linear", 100), ("polynomial", 1), ("rbf", 1), ("rbf", 100), ("flat rbf", 1e5),
                       ("sigmoid", 1)]:
        # libsvm itself keeps kernel values as float: on the values as they are it is wrong by 6 for the linear kernel.
        gram = relative(name, x, x, centre)
        rows = [[i + 1, *row] for i, row in enumerate(gram)]
        model = svmutil.svm_train(
            svm_problem((1 - 2 * y).tolist(), [dict(enumerate(r)) for r in rows], isKernel=True),
            svm_parameter(f"-t 4 -c {cost} -e 1e-7 -h 0 -q"))
        place = np.array([v[0].value for v in model.get_SV()] if False else [int(s[0]) for s in model.get_SV()]) - 1
        weight = np.array(model.get_sv_coef())[:, 0] * (1 if model.get_labels()[0] == 1 else -1)
        rho = model.rho[0] * (1 if model.get_labels()[0] == 1 else -1)
        found = relative(name, test, x[place], centre) @ weight - rho
        cases.append({"kernel": name, "cost": cost, "decisions": [float("%.9g" % v) for v in found]})
    return {"x": exact(x), "y": y.tolist(), "test": exact(test), "truth": truth.tolist(), "cases": cases}


def guide():
    """Four features in -1...1, two classes that overlap, C 100: libsvm's own steps, at its own tolerance."""
    random = np.random.default_rng(3)
    count = 620
    y = (random.random(count) < 0.35).astype(int)
    z = random.standard_normal((count, 4))
    x = np.where(y[:, None] == 0, z * [0.2, 0.35, 0.1, 0.4] + [-0.7, -0.4, 0.02, 0.1],
                 z * [0.25, 0.25, 0.12, 0.3] + [-0.45, -0.6, 0.1, -0.3])
    x = np.clip(x + 0.15 * x[:, [1, 2, 3, 0]] ** 2, -1, 1).round(4).astype(np.float32).astype(np.float64)
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    train = np.arange(count) % 31 != 0
    model = svmutil.svm_train(
        svm_problem((1 - 2 * y[train]).tolist(), x[train].tolist()), svm_parameter("-t 2 -g 2 -c 100 -q"))
    _, _, found = svmutil.svm_predict([0] * int((~train).sum()), x[~train].tolist(), model, "-q")
    return {"x": rounded(x[train], 6), "y": y[train].tolist(), "test": rounded(x[~train], 6),
            "decisions": [float("%.9g" % v[0]) for v in found]}


def primal(w, x, y, classes, cost, weights, square):
    """1/2 |w|^2 + C sum of the loss over one class against the rest, for each class; w [K, D + 1], x with the bias."""
    total = 0.0
    for k in range(classes):
        slack = np.maximum(0, 1 - np.where(y == k, 1, -1) * (x @ w[k]))
        total += 0.5 * w[k] @ w[k] + (np.where(y == k, weights[k], 1) * cost * (slack**2 if square else slack)).sum()
    return float(total)


def linear():
    x, y = load_digits(return_X_y=True)
    x, y = x[:300], y[:300]
    # Some wrong labels, so that no plane separates all.
    y[::20] = (y[::20] + 1) % 10
    cases = []
    for name, cost, bias, weights in [("squared-hinge", 1, 1, {}), ("squared-hinge", 1, 0, {}),
                                      ("squared-hinge", 0.01, 1, {3: 5.0, 8: 0.5}), ("hinge", 1, 1, {}),
                                      ("hinge", 0.01, 0, {3: 5.0})]:
        square = name == "squared-hinge"
        wide = np.hstack([x, np.full((len(x), 1), float(bias))])
        each = [weights.get(k, 1.0) for k in range(10)]
        if square:
            # Newton's method on the primal problem: exact.
            w = []
            for k in range(10):
                model = liblinearutil.train(
                    liblinearutil.problem(np.where(y == k, 1.0, -1.0).tolist(), wide.tolist()),
                    liblinearutil.parameter(f"-s 2 -c {cost} -B -1 -e 1e-10 -w1 {each[k]} -q"))
                sign = 1 if model.get_labels()[0] == 1 else -1
                w.append([sign * model.get_decfun_coef(j, 0) for j in range(1, wide.shape[1] + 1)])
        else:
            w = []
            for k in range(10):
                model = LinearSVC(C=cost, loss="hinge", dual=True, fit_intercept=False, tol=1e-9, max_iter=1_000_000,
                                  class_weight={1: each[k], -1: 1.0}, random_state=1)
                w.append(model.fit(wide, np.where(y == k, 1, -1)).coef_[0])
        cases.append({"loss": name, "cost": cost, "bias": bias, "weights": {str(k): v for k, v in weights.items()},
                      "primal": primal(np.array(w), wide, y, 10, cost, each, square)})
        print(cases[-1])
    return {"x": x.astype(int).tolist(), "y": y.tolist(), "cases": cases}


def logistic():
    x, y = weather(120, 1)
    centre = x.mean(0)
    model = LogisticRegression(C=1, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(x - centre, y)
    return {"weights": model.coef_[0].tolist(), "intercept": float(model.intercept_[0] - model.coef_[0] @ centre)}


if __name__ == "__main__":
    vectors = {"far": far(), "guide": guide(), "logistic": logistic(), "linear": linear()}
    Path(__file__).with_name("exact_vectors.json").write_text(json.dumps(vectors, separators=(",", ":")))
