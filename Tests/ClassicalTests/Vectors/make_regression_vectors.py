"""Vectors for regressions and the one-class machine, from libsvm and scikit-learn themselves.

python3 -m venv venv && venv/bin/pip install libsvm-official==3.37.0 scikit-learn==1.9.1 numpy
venv/bin/python make_regression_vectors.py > regression.json

The data are drawn here (numpy.random.RandomState(11)); nothing is copied from either library.
"""

import ctypes
import json
import os
import re
import sys
import tempfile
from importlib.metadata import version

import numpy as np
from libsvm import svm, svmutil
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR, NuSVR, OneClassSVM


def logged(work):
    """The result of work() and what the C library printed meanwhile."""
    sys.stdout.flush()
    kept = os.dup(1)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 1)
        try:
            result = work()
            ctypes.CDLL(None).fflush(None)
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        log.seek(0)
        return result, log.read().decode()


def single(values):
    """As Float has them, so that both sides learn from the same numbers."""
    return np.round(values, 4).astype(np.float32).astype(np.float64)


random = np.random.RandomState(11)
x = single(random.randn(70, 3))
x[random.rand(70, 3) < 0.08] = 0
y = single(2 * np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * random.randn(70))
test = single(1.2 * random.randn(25, 3))
# More features than examples, and two targets for each.
wide = single(random.randn(9, 14))
wide_targets = single(random.randn(9, 2))
wide_test = single(random.randn(4, 14))
# Neighbours at equal distances, and rows twice.
grid = single(random.randint(0, 4, (40, 2)))
grid_targets = single(random.randn(40, 2))


def sparse(rows):
    return [{j + 1: v for j, v in enumerate(row) if v != 0} for row in rows.tolist()]


def libsvm_case(options):
    problem = svm.svm_problem(y.tolist(), sparse(x))
    model, log = logged(lambda: svmutil.svm_train(problem, svm.svm_parameter(options)))
    decisions = []
    for row in sparse(test):
        nodes, _ = svm.gen_svm_nodearray(row)
        value = (ctypes.c_double * 1)()
        svm.libsvm.svm_predict_values(model, nodes, value)
        decisions.append(value[0])
    with tempfile.NamedTemporaryFile("r") as file:
        svmutil.svm_save_model(file.name, model)
        text = file.read()
    epsilon = re.search(r"^epsilon = (\S+)", log, re.M)
    return {
        "options": options,
        "objective": float(re.search(r"^obj = ([^,]+)", log, re.M)[1]),
        "rho": float(re.search(r"rho = (\S+)", log)[1]),
        "epsilon": float(epsilon[1]) if epsilon else None,
        "support": [int(i) for i in model.get_sv_indices()],
        "coefficients": [c[0] for c in model.get_sv_coef()],
        "decisions": decisions,
        "model": text,
    }


kernels = ["-t 0", "-t 1 -d 2 -g 0.4 -r 1", "-t 2 -g 0.3", "-t 3 -g 0.05 -r -0.1"]
libsvm_cases = [
    libsvm_case(f"{machine} {kernel} -e 0.000001 -h 0")
    for kernel in kernels
    for machine in ["-s 3 -c 2 -p 0.1", "-s 3 -c 30 -p 0.5", "-s 4 -c 2 -n 0.4", "-s 2 -n 0.2"]
    # The origin lies amid the data, so that a linear one-class machine finds nothing.
    if (machine[3], kernel[3]) != ("2", "0")
] + [
    # Everything in the tube: no support vector.
    libsvm_case("-s 3 -t 2 -g 0.3 -c 1 -p 100 -e 0.000001"),
    libsvm_case("-s 3 -t 2 -g 0.3 -c 5 -p 0 -e 0.000001"),
    libsvm_case("-s 4 -t 2 -g 0.3 -c 2 -n 1 -e 0.000001"),
]


def sk(name, model, **settings):
    model.fit(x, y)
    values = model.decision_function(test) if name == "one-class" else model.predict(test)
    return {"machine": name, "values": values.tolist(), "support": model.support_.tolist(), **settings}


scikit_cases = [
    sk("epsilon", SVR(tol=1e-6), c=1, parameter=0.1, gamma=None),
    sk("epsilon", SVR(tol=1e-6, C=10, epsilon=0.3, gamma=0.2), c=10, parameter=0.3, gamma=0.2),
    sk("nu", NuSVR(tol=1e-6), c=1, parameter=0.5, gamma=None),
    sk("nu", NuSVR(tol=1e-6, C=10, nu=0.2, gamma=0.2), c=10, parameter=0.2, gamma=0.2),
    sk("one-class", OneClassSVM(tol=1e-6), c=None, parameter=0.5, gamma=None),
    sk("one-class", OneClassSVM(tol=1e-6, nu=0.1, gamma=0.5), c=None, parameter=0.1, gamma=0.5),
]


def ridge(alpha, rows, targets, queries, set):
    model = Ridge(alpha=alpha, solver="svd").fit(rows, targets)
    return {
        "set": set, "alpha": alpha, "weights": np.atleast_2d(model.coef_).tolist(),
        "intercepts": np.atleast_1d(model.intercept_).tolist(),
        "values": model.predict(queries).reshape(len(queries), -1).tolist(),
    }


ridge_cases = [ridge(alpha, x, y, test, "narrow") for alpha in [0.0, 0.001, 1.0, 50.0]] + [
    ridge(alpha, wide, wide_targets, wide_test, "wide") for alpha in [0.0, 0.001, 1.0, 50.0]
]


def neighbors(k, weights, metric, rows, targets, queries, set):
    name, p = {"l2": ("minkowski", 2), "l1": ("minkowski", 1), "minkowski:3": ("minkowski", 3),
               "cosine": ("cosine", 2)}[metric]
    model = KNeighborsRegressor(k, weights=weights, metric=name, p=p, algorithm="brute").fit(rows, targets)
    values = model.predict(queries).reshape(len(queries), -1)
    return {"set": set, "k": k, "weights": weights, "metric": metric, "values": values.tolist()}


neighbor_cases = [
    neighbors(k, weights, metric, x, y, test, "narrow")
    for k in [1, 5] for weights in ["uniform", "distance"] for metric in ["l2", "l1", "minkowski:3", "cosine"]
] + [
    # Rows that are among those learned from: distance 0 answers alone.
    neighbors(40, "distance", "l2", grid, grid_targets, grid, "grid"),
    neighbors(3, "distance", "l2", wide, wide_targets, wide, "wide"),
]

json.dump(
    {
        "libsvm": version("libsvm-official"), "scikit-learn": version("scikit-learn"),
        "x": x.tolist(), "y": y.tolist(), "test": test.tolist(),
        "wide": wide.tolist(), "wideTargets": wide_targets.tolist(), "wideTest": wide_test.tolist(),
        "grid": grid.tolist(), "gridTargets": grid_targets.tolist(),
        "machines": libsvm_cases, "scikit": scikit_cases, "ridge": ridge_cases, "neighbors": neighbor_cases,
    },
    sys.stdout)
print()
