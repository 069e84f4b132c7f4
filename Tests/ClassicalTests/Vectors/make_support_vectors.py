"""Vectors for the support vector machines, from libsvm, liblinear and scikit-learn themselves.

python3 -m venv venv && venv/bin/pip install libsvm-official==3.37.0 liblinear-official==2.50.0 scikit-learn==1.9.1 numpy
venv/bin/python make_support_vectors.py > support_vectors.json

The data are drawn here (numpy.random.RandomState(5)); nothing is copied from either library.
"""

import ctypes
import json
import os
import re
import sys
import tempfile
from importlib.metadata import version

import numpy as np
from liblinear import liblinearutil
from libsvm import svm, svmutil
from sklearn.calibration import _sigmoid_calibration
from sklearn.svm import LinearSVC


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


random = np.random.RandomState(5)
centres = np.array([[0, 0, 0], [1.2, 0.5, -0.6], [-0.4, 1.3, 0.8]])
labels = np.repeat([3, 1, 7], [26, 22, 18])
x = centres[np.repeat([0, 1, 2], [26, 22, 18])] + 0.7 * random.randn(66, 3)
order = random.permutation(66)
x = np.round(x[order], 4)
y = labels[order]
x[random.rand(66, 3) < 0.1] = 0
test = np.round(1.5 * random.randn(20, 3), 4)


def sparse(rows):
    return [{j + 1: v for j, v in enumerate(row) if v != 0} for row in rows.tolist()]


def predict(model):
    """Labels and decision values; svmutil.svm_predict has room for one value only with nu-SVC."""
    found, decisions = [], []
    for row in sparse(test):
        nodes, _ = svm.gen_svm_nodearray(row)
        values = (ctypes.c_double * 3)()
        found.append(svm.libsvm.svm_predict_values(model, nodes, values))
        decisions.append(list(values))
    return found, decisions


cases = []
for options in [
    "-s 0 -t 2 -c 10 -g 0.5",
    "-s 0 -t 0 -c 1 -w1 2 -w3 0.5",
    "-s 0 -t 1 -d 2 -g 0.5 -r 1 -c 1",
    "-s 0 -t 3 -g 0.1 -c 2",
    "-s 1 -n 0.5 -t 2 -g 0.5",
    "-s 1 -n 0.7 -t 0",
    "-s 0 -t 2 -c 2 -g 0.4 -b 1",
]:
    model, log = logged(lambda: svmutil.svm_train(y.tolist(), sparse(x), options + " -e 0.00001"))
    # With -b 1 the machines of the cross-validation are logged too; those of the pairs come without order, so they are
    # left out.
    objectives = [] if "-b 1" in options else [float(v) for v in re.findall(r"obj = (\S+),", log)]
    found, decisions = predict(model)
    case = {
        "options": options,
        "objectives": objectives,
        "labels": model.get_labels(),
        "rho": model.rho[: 3],
        "support": model.get_sv_indices(),
        "counts": [model.nSV[k] for k in range(3)],
        "decisions": decisions,
        "predictions": [int(v) for v in found],
    }
    with tempfile.NamedTemporaryFile(mode="r") as file:
        svmutil.svm_save_model(file.name, model)
        case["model"] = file.read()
    if "-b 1" in options:
        (_, _, p), _ = logged(lambda: svmutil.svm_predict([0] * 20, sparse(test), model, "-b 1 -q"))
        case["probabilities"] = p
    cases.append(case)

linear = []
for name, options in [
    ("hinge", "-s 3"),
    ("squared-hinge", "-s 1"),
    ("crammer-singer", "-s 4"),
]:
    model, _ = logged(lambda: liblinearutil.train(y.tolist(), sparse(x), options + " -c 0.5 -B 1 -e 0.0000001 -q"))
    order = model.get_labels()
    w = np.array([[model.get_decfun_coef(j + 1, k) for j in range(3)] + [model.get_decfun_bias(k)] for k in range(3)])
    linear.append({"name": name, "labels": order, "weights": w.tolist()})

# liblinear stops after 1,000 passes, short of this solution; scikit-learn drives the same solver to its end.
converged = LinearSVC(loss="hinge", C=0.5, max_iter=10**7, tol=1e-9, class_weight={1: 3}).fit(x, y)
linear.append(
    {
        "name": "hinge-weighted",
        "labels": converged.classes_.tolist(),
        "weights": np.hstack([converged.coef_, converged.intercept_[:, None]]).tolist(),
    }
)

decisions = np.round(random.randn(40) * 2, 4)
positive = random.rand(40) < 1 / (1 + np.exp(-1.3 * decisions + 0.4))
slope, offset = _sigmoid_calibration(decisions, positive.astype(float))

json.dump(
    {
        "libsvm": version("libsvm-official"),
        "liblinear": version("liblinear-official"),
        "scikit-learn": version("scikit-learn"),
        "x": x.tolist(),
        "y": y.tolist(),
        "test": test.tolist(),
        "cases": cases,
        "linear": linear,
        "sigmoid": {
            "decisions": decisions.tolist(),
            "positive": positive.tolist(),
            "slope": slope,
            "offset": offset,
        },
    },
    sys.stdout,
)
print()
