"""HOG and dense SIFT words of MNIST's images, SIFT of a photograph, by OpenCV and scikit-image.

hog-*: 60,000 images, 9 orientations, cells of 7 pixels, blocks of 2 x 2, L2-Hys. sift-*: detect and describe
scikit-image's `camera`, 512 x 512. words-opencv: dense SIFT (step 3), 500 words by k-means, counts with the square root
of their share, a linear SVM: all of MNIST. `--variant picture` writes `camera` as bytes to standard output instead.
"""

import sys

import mnist_bytes
import numpy as np

variant = mnist_bytes.arguments.variant
threads = mnist_bytes.arguments.threads


def no_accuracy(_):
    return None


if variant == "picture":
    from skimage import data

    sys.stdout.buffer.write(data.camera().tobytes())
elif variant.startswith("sift"):
    from skimage import data

    image = data.camera()
    if variant == "sift-opencv":
        import cv2

        cv2.setNumThreads(threads)
        sift = cv2.SIFT_create()

        def work():
            # Ten, for one is short.
            for _ in range(10):
                sift.detectAndCompute(image, None)

        mnist_bytes.report("OpenCV", cv2.__version__, work, no_accuracy)
    else:
        import skimage
        from skimage.feature import SIFT

        def work():
            for _ in range(10):
                SIFT().detect_and_extract(image)

        mnist_bytes.report("scikit-image", skimage.__version__, work, no_accuracy)
else:
    train, labels, test, truth = mnist_bytes.load()
    images = train.reshape(-1, 28, 28)
    if variant == "hog-scikit-image":
        import skimage
        from skimage.feature import hog

        def work():
            return [hog(image, 9, (7, 7), (2, 2), "L2-Hys") for image in images]

        mnist_bytes.report("scikit-image", skimage.__version__, work, no_accuracy)
    else:
        import cv2

        cv2.setNumThreads(threads)
        if variant == "hog-opencv":
            descriptor = cv2.HOGDescriptor((28, 28), (14, 14), (7, 7), (7, 7), 9)

            def work():
                return [descriptor.compute(image) for image in images]

            mnist_bytes.report("OpenCV", cv2.__version__, work, no_accuracy)
        elif variant == "hog-opencv-mosaics":
            # 24 x 24 images on one picture; each is a window of its own, so the pictures' borders differ.
            descriptor = cv2.HOGDescriptor((28, 28), (14, 14), (7, 7), (7, 7), 9)
            side = 24
            full = len(images) // (side * side) * side * side
            mosaics = (
                images[:full].reshape(-1, side, side, 28, 28).transpose(0, 1, 3, 2, 4).reshape(-1, side * 28, side * 28)
            )

            def work():
                result = [descriptor.compute(np.ascontiguousarray(m), winStride=(28, 28)) for m in mosaics]
                return result + [descriptor.compute(image) for image in images[full:]]

            mnist_bytes.report("OpenCV on mosaics", cv2.__version__, work, no_accuracy)
        elif variant == "words-opencv":
            import scipy.sparse
            import sklearn
            from sklearn.cluster import MiniBatchKMeans
            from sklearn.svm import LinearSVC

            tests = test.reshape(-1, 28, 28)
            sift = cv2.SIFT_create()
            # Cells of 3 pixels: one and a half times the size.
            grid = [cv2.KeyPoint(float(x), float(y), 2.0) for y in range(0, 28, 3) for x in range(0, 28, 3)]

            def words(pictures, model):
                rows = []
                for start in range(0, len(pictures), 500):
                    part = [sift.compute(image, grid)[1] for image in pictures[start : start + 500]]
                    found = model.predict(np.concatenate(part)).reshape(len(part), -1)
                    rows += [np.bincount(row, minlength=500) for row in found]
                return np.sqrt(np.array(rows) / len(grid))

            def work():
                sample = np.concatenate([sift.compute(image, grid)[1] for image in images[:500]])
                model = MiniBatchKMeans(500, batch_size=2048, n_init=1, random_state=1).fit(sample)
                svm = LinearSVC(C=10).fit(scipy.sparse.csr_matrix(words(images, model)), labels)
                return svm.predict(scipy.sparse.csr_matrix(words(tests, model)))

            mnist_bytes.report(
                f"OpenCV and scikit-learn {sklearn.__version__}", cv2.__version__, work,
                lambda found: float((found == truth).mean()))
        else:
            sys.exit(f"features.py: no variant {variant}")
