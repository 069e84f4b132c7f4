"""scikit-learn's predictions on its own tables, for the settings that it has by itself.

python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1 numpy
venv/bin/python make_table_vectors.py > tables.json
venv/bin/python make_table_vectors.py --csv FOLDER    # also the four tables, which are not part of the project

Half of the rows, drawn by seed, are learned from, standardised by their own means and deviations; the file has the test rows
and the predictions on them only. The tables: iris, wine, breast cancer, 8x8 digits (UCI, by way of scikit-learn). The test
reads them from ../shared/fixtures/tabular, or from the folder that DESCENT_TABLES names.
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

tables = {
    "iris": datasets.load_iris(), "wine": datasets.load_wine(), "breast_cancer": datasets.load_breast_cancer(),
    "digits": datasets.load_digits(),
}
if "--csv" in sys.argv:
    folder = sys.argv[sys.argv.index("--csv") + 1]
    for name, table in tables.items():
        with open(f"{folder}/{name}.csv", "w") as file:
            names = [str(n).replace(" ", "_").replace("(", "").replace(")", "") for n in table.feature_names]
            file.write(",".join(names + ["label"]) + "\n")
            for row, label in zip(table.data.tolist(), table.target.tolist()):
                file.write(",".join([f"{value:g}" if value == float(f"{value:g}") else repr(value) for value in row]))
                file.write(f",{label}\n")
    sys.exit()

cases = []
for name, table in tables.items():
    order = np.random.RandomState(7).permutation(len(table.target))
    train, test = order[: len(order) // 2], order[len(order) // 2 :]
    scaler = StandardScaler().fit(table.data[train])
    x, queries = scaler.transform(table.data[train]), scaler.transform(table.data[test])
    y = table.target[train]
    case = {"table": name, "rows": len(order), "train": train.tolist(), "test": test.tolist()}
    for kind, model in {
        "knn": KNeighborsClassifier(), "svm": SVC(), "logistic": LogisticRegression(max_iter=1000),
        "naive-bayes": GaussianNB(),
    }.items():
        case[kind] = model.fit(x, y).predict(queries).tolist()
        if kind == "logistic":
            case["iterations"] = int(model.n_iter_[0])
    cases.append(case)
json.dump({"scikit-learn": version("scikit-learn"), "cases": cases}, sys.stdout)
print()
