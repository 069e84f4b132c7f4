"""Makes the vectors of ImageFeaturesTests: HOG by scikit-image, SIFT by OpenCV.

Made with Python 3.11, scikit-image 0.26.0, opencv-python-headless 4.14.0.94, NumPy 2.4.6:
    python make_vectors.py      # writes hog_*.txt and sift.txt beside itself

The pictures are made by `picture`, which `SyntheticPicture.swift` repeats exactly: whole numbers only.
"""
import os

import cv2
import numpy as np
from skimage.feature import hog

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(height, width, seed):
    """Discs of different sizes and greys on a slope, by a linear congruential generator."""
    state = seed

    def draw(limit):
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return (state >> 8) % limit

    result = np.add.outer(np.arange(height), np.arange(width)) % 256 // 4 + 60
    for _ in range(height * width // 200):
        y, x, radius, grey = draw(height), draw(width), 2 + draw(9), draw(256)
        yy, xx = np.ogrid[:height, :width]
        result[(yy - y) ** 2 + (xx - x) ** 2 <= radius * radius] = grey
    return result.astype(np.uint8)


def write(name, lines):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("\n".join(lines) + "\n")


def main():
    cases = [
        (28, 28, 9, 7, 2, "L2-Hys"), (28, 28, 8, 4, 1, "L2"), (20, 31, 12, 5, 2, "L1"), (17, 23, 4, 3, 3, "L1-sqrt"),
        (70, 80, 9, 16, 2, "L2-Hys"), (90, 60, 6, 15, 3, "L1-sqrt"), (66, 66, 1, 22, 2, "L2"),
    ]
    lines = []
    for height, width, orientations, cell, block, norm in cases:
        values = hog(picture(height, width, 11), orientations, (cell, cell), (block, block), norm)
        lines.append(f"{height} {width} {orientations} {cell} {block} {norm}")
        lines.append(" ".join(f"{value:.7g}" for value in values))
    write("hog.txt", lines)

    image = picture(120, 150, 5)
    keypoints, descriptors = cv2.SIFT_create().detectAndCompute(image, None)
    lines = [f"{image.shape[0]} {image.shape[1]} 5 {len(keypoints)}"]
    for keypoint, descriptor in zip(keypoints, descriptors):
        octave, level = keypoint.octave & 255, (keypoint.octave >> 8) & 255
        octave = octave - 256 if octave > 127 else octave
        lines.append(
            f"{keypoint.pt[0]:.4f} {keypoint.pt[1]:.4f} {keypoint.size:.4f} {keypoint.angle:.3f} {octave} {level} "
            + " ".join(str(int(value)) for value in descriptor))
    write("sift.txt", lines)


if __name__ == "__main__":
    main()
