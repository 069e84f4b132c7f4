"""Three nearest neighbours of MNIST's 10,000 test images among its 60,000 training images, raw pixels.

Exact: preparation and search. By a graph: building (`hnswlib-build`) or searching (`hnswlib-query`), with settings that
make about 300 errors.
"""

import mnist_bytes
import numpy as np

train, labels, test, truth = mnist_bytes.load()
variant = mnist_bytes.arguments.variant
threads = mnist_bytes.arguments.threads


def accuracy(indices):
    votes = labels[indices]
    found = np.array([np.bincount(row, minlength=10).argmax() for row in votes])
    return float((found == truth).mean())


if variant == "faiss":
    import faiss

    faiss.omp_set_num_threads(threads)

    def work():
        index = faiss.IndexFlatL2(784)
        index.add(train.astype(np.float32))
        return index.search(test.astype(np.float32), 3)[1]

    mnist_bytes.report("faiss", faiss.__version__, work, accuracy)
elif variant == "scikit-learn":
    import sklearn
    from sklearn.neighbors import NearestNeighbors

    def work():
        model = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(train.astype(np.float32))
        return model.kneighbors(test.astype(np.float32), return_distance=False)

    mnist_bytes.report("scikit-learn", sklearn.__version__, work, accuracy)
elif variant == "pytorch-int8":
    import torch

    torch.set_num_threads(threads)

    def work():
        # Shifted by 128, bytes become signed; distances stay as they are.
        rows = (torch.from_numpy(train.astype(np.int16)) - 128).to(torch.int8)
        queries = (torch.from_numpy(test.astype(np.int16)) - 128).to(torch.int8)
        squares = (rows.to(torch.int32) ** 2).sum(1, dtype=torch.int32)
        columns = rows.t().contiguous()
        found = [
            torch.topk(squares - 2 * torch._int_mm(queries[start : start + 500], columns), 3, largest=False)[1]
            for start in range(0, len(queries), 500)
        ]
        return torch.cat(found).numpy()

    mnist_bytes.report("PyTorch int8", torch.__version__, work, accuracy)
else:
    import hnswlib
    from importlib.metadata import version

    def build():
        index = hnswlib.Index("l2", 784)
        index.init_index(len(train), ef_construction=200, M=16)
        index.set_num_threads(threads)
        index.add_items(train.astype(np.float32))
        index.set_ef(80)
        return index

    if variant == "hnswlib-build":
        mnist_bytes.report(
            "hnswlib", version("hnswlib"), build, lambda index: accuracy(index.knn_query(test.astype(np.float32), 3)[0]))
    else:
        built = build()
        mnist_bytes.report(
            "hnswlib", version("hnswlib"), lambda: built.knn_query(test.astype(np.float32), 3)[0], accuracy)
