"""Right SIFT matches after a turn of 30 degrees and a scale of 0.8: OpenCV's and Descent's, side by side.

    sift_matches.py DESCENT        # the program; prints a line for each of scikit-image's three pictures

A match is right when it lies within 3 pixels of the true place; ratio test at 0.8, both ways of matching the same.
"""

import json
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np
from skimage import color, data


def turned(image):
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), 30, 0.8)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_AREA), matrix


def right(pairs, matrix):
    pairs = np.array(pairs).reshape(-1, 2, 2)
    places = pairs[:, 0] @ matrix[:, :2].T + matrix[:, 2]
    apart = np.linalg.norm(places - pairs[:, 1], axis=1)
    good = apart <= 3
    return f"{good.sum()} of {len(pairs)} right, {np.median(apart[good]):.2f} pixels apart"


def by_opencv(image, other):
    sift = cv2.SIFT_create()
    (first, a), (second, b) = sift.detectAndCompute(image, None), sift.detectAndCompute(other, None)
    found = cv2.BFMatcher().knnMatch(a, b, k=2)
    pairs = [(first[m.queryIdx].pt, second[m.trainIdx].pt) for m, n in found if m.distance < 0.8 * n.distance]
    return (len(first), len(second)), pairs


def by_descent(program, image, other):
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("a.png", "b.png")]
        for file, picture in zip(files, (image, other)):
            cv2.imwrite(file, picture)
        line = subprocess.run(
            [program, "features", "match", *files, "--ratio", "0.8", "--json"], check=True, capture_output=True).stdout
    found = json.loads(line)
    return tuple(found["keypoints"]), [(m["from"], m["to"]) for m in found["matches"]]


def main():
    program = sys.argv[1]
    pictures = {
        "camera": data.camera(),
        "astronaut": (color.rgb2gray(data.astronaut()) * 255).round().astype(np.uint8),
        "coins": data.coins(),
    }
    for name, image in pictures.items():
        other, matrix = turned(image)
        for who, (counts, pairs) in (
            (f"OpenCV {cv2.__version__}", by_opencv(image, other)), ("Descent", by_descent(program, image, other))):
            print(f"{name:9} {who:14} {counts[0]:5} and {counts[1]:4} keypoints, {right(pairs, matrix)}")


if __name__ == "__main__":
    main()
