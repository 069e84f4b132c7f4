"""Cross-validated scores of scikit-learn, on the folds that Table.folds makes, and regressors on standardised targets.

python3 -m venv venv && venv/bin/pip install scikit-learn numpy pandas
venv/bin/python make_leaderboard_vectors.py shared/fixtures/tabular/wine.csv > leaderboard.json

The table of houses is drawn here (numpy.random.RandomState(5)). Everything is fitted in each fold to the other folds alone.
"""

import io
import json
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, r2_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR


def houses():
    random = np.random.RandomState(5)
    count = 120
    area = np.round(60 + 40 * random.rand(count), 1)
    rooms = random.randint(1, 7, count)
    age = np.round(80 * random.rand(count))
    town = random.choice(["north", "south", "west"], count)
    price = 1500 * area + 9000 * rooms - 700 * age + np.where(town == "south", 40000, 0)
    price = np.round(price + 60 * (age - 40) ** 2 / 4 + 12000 * random.randn(count), 2)
    table = pd.DataFrame({"area": area, "rooms": rooms.astype(float), "age": age, "town": town, "price (EUR)": price})
    for column in ["area", "age"]:
        table.loc[random.rand(count) < 0.06, column] = np.nan
    return table


def folds(strata, total, count, seed):
    """Table.folds: each class is dealt out in a random order, one class where the one before ended."""
    random = np.random.RandomState(seed)
    found = np.full(total, -1)
    place = 0
    for rows in strata:
        for index in random.permutation(len(rows)):
            found[rows[index]] = place
            place = (place + 1) % count
    return found


def prepared(train, table):
    """TablePreprocessing: the mean fills, deviations count what was filled; a feature for each text, and one for others."""
    columns = []
    for name in train.columns:
        if train[name].dtype.kind in "if":
            fill = train[name].mean()
            scaler = StandardScaler().fit(train[[name]].fillna(fill).to_numpy())
            columns.append(scaler.transform(table[[name]].fillna(fill).to_numpy())[:, 0])
        else:
            texts = sorted(train[name].unique())
            columns += [(table[name] == text).to_numpy(float) for text in texts]
            columns.append((~table[name].isin(texts)).to_numpy(float))
    return np.stack(columns, 1)


def standardised(regressor):
    return TransformedTargetRegressor(regressor=regressor, transformer=StandardScaler())


table = houses()
text = io.StringIO()
table.to_csv(text, index=False)
features, target = table.drop(columns="price (EUR)"), table["price (EUR)"].to_numpy()
parts = folds([np.arange(len(table))], len(table), 5, 1)
regressors = {
    "ridge": Ridge(alpha=1.0),
    "knn, k 5": KNeighborsRegressor(5),
    "knn, k 15": KNeighborsRegressor(15),
    "svr, C 1": SVR(C=1, epsilon=0.1),
    "svr, C 10": SVR(C=10, epsilon=0.1),
}
numbers = {name: {"scores": [], "secondary": []} for name in ["mean", *regressors]}
for fold in range(5):
    train, held = parts != fold, parts == fold
    x, other = (prepared(features[train], features[rows]) for rows in (train, held))

    def add(name, answers):
        error = np.sqrt(np.mean((answers - target[held]) ** 2))
        numbers[name]["scores"].append(float(error))
        numbers[name]["secondary"].append(float(r2_score(target[held], answers)))

    add("mean", np.full(held.sum(), target[train].mean()))
    for name, regressor in regressors.items():
        add(name, standardised(regressor).fit(x, target[train]).predict(other))

x = prepared(features, features)
answers = {
    "ridge": standardised(Ridge(alpha=1.0)), "knn": standardised(KNeighborsRegressor(5)),
    "svr": standardised(SVR(C=10, epsilon=0.2, tol=1e-6)),
}
answers = {name: one.fit(x, target).predict(x[:10]).tolist() for name, one in answers.items()}

wine = pd.read_csv(sys.argv[1])
classes, inputs = wine["label"].to_numpy(), wine.drop(columns=["label", "label_name"])
parts = folds([np.flatnonzero(classes == kind) for kind in range(3)], len(wine), 5, 1)
classifiers = {
    "naive-bayes": GaussianNB(),
    "logistic": LogisticRegression(C=1.0, tol=1e-8, max_iter=10000),
    "knn, k 5": KNeighborsClassifier(5),
    "knn, k 15": KNeighborsClassifier(15),
    "svm, C 1": SVC(C=1),
    "svm, C 10": SVC(C=10),
}
kinds = {name: {"scores": [], "secondary": []} for name in classifiers}
for fold in range(5):
    train, held = parts != fold, parts == fold
    x, other = (prepared(inputs[train], inputs[rows]) for rows in (train, held))
    for name, classifier in classifiers.items():
        found = classifier.fit(x, classes[train]).predict(other)
        kinds[name]["scores"].append(float(accuracy_score(classes[held], found)))
        kinds[name]["secondary"].append(float(f1_score(classes[held], found, average="macro")))

json.dump(
    {
        "versions": {name: version(name) for name in ["scikit-learn", "numpy"]},
        "houses": text.getvalue(),
        "regression": numbers,
        "answers": answers,
        "classification": kinds,
    },
    sys.stdout,
    indent=1,
)
