"""Makes the folders of pictures that are timed: 10,000 JPEGs of 256 x 256, and PNGs of 64 x 64 in colour and 28 x 28 in grey.

    make_pictures.py FOLDER [COUNT]

Noise whose amplitude falls with the frequency, as in photographs, with edges; quality 90, chroma halved: 15 to 25 kB each.
What is there already stays.
"""

import os
import pathlib
import sys

import numpy as np
from PIL import Image

folder = pathlib.Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
random = np.random.default_rng(1)
SIZE = 1024


def field():
    """A large picture to cut from: [SIZE, SIZE, 3]."""
    y, x = np.meshgrid(np.fft.fftfreq(SIZE), np.fft.rfftfreq(SIZE), indexing="ij")
    fall = 1 / np.maximum(np.hypot(y, x), 1 / SIZE) ** 1.2
    parts = []
    for _ in range(3):
        wave = np.fft.irfft2(fall * np.exp(2j * np.pi * random.random(fall.shape)), s=(SIZE, SIZE))
        parts.append(wave / wave.std())
    light, red, blue = parts
    colors = np.stack([light + 0.4 * red, light, light + 0.4 * blue], 2) * 45 + 128
    for _ in range(60):
        top, left = random.integers(0, SIZE - 200, 2)
        height, width = random.integers(20, 200, 2)
        colors[top : top + height, left : left + width] += random.normal(0, 40, 3)
    return np.clip(colors, 0, 255).astype(np.uint8)


def cut(field, size):
    top, left = random.integers(0, SIZE - size, 2)
    return Image.fromarray(field[top : top + size, left : left + size])


kinds = {
    "jpeg-256": lambda field, path: cut(field, 256).save(path + ".jpg", quality=90, subsampling=2),
    "png-64": lambda field, path: cut(field, 64).save(path + ".png"),
    "png-28": lambda field, path: cut(field, 28).convert("L").save(path + ".png"),
}
for name, save in kinds.items():
    place = folder / name / "a"
    if place.exists() and len(os.listdir(place)) >= count:
        continue
    place.mkdir(parents=True, exist_ok=True)
    picture = None
    for index in range(count):
        if index % 500 == 0:
            picture = field()
        save(picture, str(place / f"{index:05}"))
