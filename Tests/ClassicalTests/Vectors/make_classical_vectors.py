"""What scikit-learn and SciPy answer, for ClassicalTests: writes classical.json beside this file.

Run with scikit-learn 1.9.1, SciPy 1.17.1, NumPy 2.4.6 (the versions are written into the file). Data are drawn by
NumPy's generator from the seeds below; iris is scikit-learn's copy.
"""
import json
import pathlib

import numpy
import scipy
import sklearn
from scipy import ndimage
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import MinMaxScaler, StandardScaler

random = numpy.random.default_rng(5)


def plain(value):
    return numpy.asarray(value).tolist()


def neighbors(train, classes, queries, unique):
    cases = []
    for name, settings in {
        "l2": {"metric": "euclidean"},
        "l1": {"metric": "manhattan"},
        "cosine": {"metric": "cosine"},
        "minkowski:3": {"metric": "minkowski", "p": 3},
        "minkowski:1.5": {"metric": "minkowski", "p": 1.5},
        "minkowski:inf": {"metric": "chebyshev"},
    }.items():
        for weights in ("uniform", "distance"):
            model = KNeighborsClassifier(5, weights=weights, algorithm="brute", **settings)
            model.fit(train.astype(float), classes)
            distances, indices = model.kneighbors(queries.astype(float))
            cases.append({
                "metric": name, "weights": weights, "distances": plain(distances),
                "indices": plain(indices) if unique else None,
                "probabilities": plain(model.predict_proba(queries.astype(float))) if unique else None,
                "classes": plain(model.predict(queries.astype(float))) if unique else None,
            })
    return {"train": plain(train), "classes": plain(classes), "queries": plain(queries), "cases": cases}


numbers = random.normal(size=(70, 5)).astype(numpy.float32)
asked = random.normal(size=(20, 5)).astype(numpy.float32)
pixels = random.integers(0, 16, size=(70, 9))
asked_pixels = random.integers(0, 16, size=(20, 9))
classes = numpy.arange(70) % 4

iris = load_iris()
flowers = iris.data.astype(numpy.float32)


def logistic(rows, classes, strength):
    model = LogisticRegression(C=strength, tol=1e-11, max_iter=100_000).fit(rows.astype(float), classes)
    return {"c": strength, "weights": plain(model.coef_), "intercepts": plain(model.intercept_),
            "probabilities": plain(model.predict_proba(rows[::15].astype(float)))}


def pca(rows, count, whiten):
    model = PCA(count, whiten=whiten, svd_solver="full").fit(rows.astype(float))
    return {"count": count, "whiten": whiten, "components": plain(model.components_),
            "variances": plain(model.explained_variance_), "ratios": plain(model.explained_variance_ratio_),
            "transformed": plain(model.transform(rows.astype(float)))}


def deskewed(image):
    """The affine transform of the module's formula by SciPy, linear between pixels."""
    height, width = image.shape
    y, x = numpy.mgrid[:height, :width]
    mass = image.sum()
    cy, cx = (y * image).sum() / mass, (x * image).sum() / mass
    shear = ((y - cy) * (x - cx) * image).sum() / ((y - cy) ** 2 * image).sum()
    matrix = numpy.array([[1, 0], [shear, 1]])
    offset = numpy.array([cy, cx]) - matrix @ numpy.array([(height - 1) / 2, (width - 1) / 2])
    return ndimage.affine_transform(image.astype(float), matrix, offset, order=1, mode="grid-constant")


images = numpy.zeros((3, 12, 10), dtype=numpy.int64)
for image, slant in zip(images, (0.5, -0.4, 0.9)):
    for row in range(2, 10):
        image[row, int(4 + slant * (row - 6)):][:2] = random.integers(100, 256, size=2)

small = random.normal(size=(9, 6)).astype(numpy.float32)
bayes = GaussianNB().fit(flowers.astype(float), iris.target)
centroid = NearestCentroid().fit(flowers.astype(float), iris.target)
result = {
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "numbers": neighbors(numbers, classes, asked, True),
    "bytes": neighbors(pixels, classes, asked_pixels, False),
    "iris": {"rows": plain(flowers), "classes": plain(iris.target)},
    "logistic": logistic(flowers, iris.target, 1.0),
    "logisticStrong": logistic(flowers, iris.target, 100.0),
    "logisticBinary": logistic(flowers[50:], iris.target[50:] - 1, 1.0),
    "bayes": {"means": plain(bayes.theta_), "variances": plain(bayes.var_),
              "probabilities": plain(bayes.predict_proba(flowers[::15].astype(float))),
              "classes": plain(bayes.predict(flowers.astype(float)))},
    "centroid": {"centroids": plain(centroid.centroids_),
                 "classes": plain(centroid.predict(flowers.astype(float)))},
    "standard": plain(StandardScaler().fit_transform(flowers.astype(float))),
    "minMax": plain(MinMaxScaler((-1, 2)).fit_transform(flowers.astype(float))),
    "pcaFlowers": pca(flowers, 3, False),
    "pcaWhite": pca(flowers, 2, True),
    "pcaShare": pca(flowers, 0.95, False),
    "small": plain(small),
    "pcaSmall": pca(small, 6, False),
    "images": plain(images),
    "deskewed": plain([deskewed(image) for image in images]),
}
path = pathlib.Path(__file__).with_name("classical.json")
path.write_text(json.dumps(json.loads(json.dumps(result), parse_float=lambda text: float(f"{float(text):.10g}"))) + "\n")
