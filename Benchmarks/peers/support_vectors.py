"""Support vector machines on MNIST's pixels over 255; C 5 and gamma 0.02, or linear with C 0.1.

--variant "intelex|scikit-learn rbf|polynomial COUNT train|predict", "liblinear-dual-l1" or "liblinear-crammer-singer".
"""

from importlib.metadata import version

import mnist_bytes
import numpy as np

train, labels, test, truth = mnist_bytes.load()
train, test = train.astype(np.float32) / 255, test.astype(np.float32) / 255
words = mnist_bytes.arguments.variant.split()


def accuracy(model):
    return float((model.predict(test) == truth).mean())


if words[0].startswith("liblinear"):
    import scipy.sparse
    from liblinear import liblinearutil

    problem = liblinearutil.problem(labels.astype(float), scipy.sparse.csr_matrix(train.astype(np.float64)))
    solver = 3 if words[0] == "liblinear-dual-l1" else 4
    options = liblinearutil.parameter(f"-s {solver} -c 0.1 -B 1 -q")

    def linear_accuracy(model):
        columns = range(1, 785)
        classes = range(model.nr_class)
        w = np.array([[model.get_decfun_coef(j, k) for j in columns] for k in classes])
        b = np.array([model.get_decfun_bias(k) for k in classes])
        found = np.array(model.get_labels())[(test @ w.T + b).argmax(1)]
        return float((found == truth).mean())

    mnist_bytes.report(
        words[0], version("liblinear-official"), lambda: liblinearutil.train(problem, options), linear_accuracy)
else:
    library, kernel, count, part = words
    if library == "intelex":
        from sklearnex.svm import SVC

        name, release = "scikit-learn-intelex float32", version("scikit-learn-intelex")
    else:
        from sklearn.svm import SVC

        name, release = "scikit-learn", version("scikit-learn")
        train, test = train.astype(np.float64), test.astype(np.float64)
    further = {"kernel": "poly", "degree": 4, "coef0": 1} if kernel == "polynomial" else {"kernel": "rbf"}
    rows, answers = train[: int(count)], labels[: int(count)]

    def fit():
        return SVC(C=5, gamma=0.02, cache_size=2000, **further).fit(rows, answers)

    if part == "train":
        mnist_bytes.report(name, release, fit, accuracy)
    else:
        model = fit()
        mnist_bytes.report(name, release, lambda: model.predict(test), lambda found: float((found == truth).mean()))
