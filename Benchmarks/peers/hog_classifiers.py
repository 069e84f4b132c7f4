"""Classifiers on scikit-image's HOG of all of MNIST (9 orientations, cells of 7, blocks of 2 x 2, L2-Hys): 324 values.

--variant "intelex-rbf train|predict" (C 10, gamma by the variance), "scikit-learn-linear" (LinearSVC, C 1),
"scikit-learn-knn" (k = 3, preparation included). Taking the features is not timed.
"""

from multiprocessing import Pool

import mnist_bytes
import numpy as np


def oriented_gradients(image):
    from skimage.feature import hog

    return hog(image.reshape(28, 28), 9, (7, 7), (2, 2), "L2-Hys").astype(np.float32)


def main():
    pixels, labels, test_pixels, truth = mnist_bytes.load()
    with Pool(2) as pool:
        train = np.array(pool.map(oriented_gradients, pixels, 500))
        test = np.array(pool.map(oriented_gradients, test_pixels, 500))

    def share(found):
        return float((found == truth).mean())

    import sklearn

    name, release = "scikit-learn", sklearn.__version__
    if mnist_bytes.arguments.variant.startswith("intelex-rbf"):
        from importlib.metadata import version

        from sklearnex.svm import SVC

        name, release = "scikit-learn-intelex", version("scikit-learn-intelex")

        def fit():
            return SVC(C=10, cache_size=2000).fit(train, labels)

        if mnist_bytes.arguments.variant.endswith("train"):
            mnist_bytes.report(name, release, fit, lambda model: share(model.predict(test)))
        else:
            model = fit()
            mnist_bytes.report(name, release, lambda: model.predict(test), share)
    elif mnist_bytes.arguments.variant == "scikit-learn-linear":
        from sklearn.svm import LinearSVC

        mnist_bytes.report(
            name, release, lambda: LinearSVC().fit(train, labels), lambda model: share(model.predict(test)))
    else:
        from sklearn.neighbors import KNeighborsClassifier

        def work():
            return KNeighborsClassifier(3, algorithm="brute").fit(train, labels).predict(test)

        mnist_bytes.report(name, release, work, share)


if __name__ == "__main__":
    main()
