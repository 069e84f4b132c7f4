"""Makes images.json: small pictures of every kind, and the pixels that Pillow (or NumPy) gives for them.

Made with Pillow 13.0.0 (libjpeg-turbo 3.2.0, libwebp 1.6.0, zlib-ng) and NumPy 2.4.6:
    Benchmarks/peers/.venv/bin/python Tests/ImagesTests/Vectors/make_image_vectors.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HEIGHT, WIDTH = 19, 26
random = np.random.default_rng(12)


def scene(channels):
    """Smooth colours with an edge and some noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    parts = [x * 9, y * 12, (x + y) * 5, 255 - x * 8][:channels]
    values = np.stack(parts, 2).astype(float)
    values[5:12, 8:17] = 255 - values[5:12, 8:17]
    return np.clip(values + random.normal(0, 6, values.shape), 0, 255).astype(np.uint8)


def over_white(image):
    """Opacity laid over white, in the coded values, rounded to nearest."""
    values = np.asarray(image.convert("RGBA")).astype(int)
    opacity = values[..., 3:]
    return ((255 * 255 - (255 - values[..., :3]) * opacity + 127) // 255).astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(row, depth):
    """A row of samples in the file's bits."""
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = np.unpackbits(row.reshape(-1, 1).astype(np.uint8), axis=1)[:, 8 - depth:]
    return np.packbits(bits.reshape(-1)).tobytes()


def png(samples, depth, color, extra=b"", interlace=0):
    """A PNG file of samples [H, W, C], without filters."""
    height, width, _ = samples.shape
    passes = [(0, 0, 1, 1)]
    if interlace:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b""
    for y, x, down, across in passes:
        part = samples[y::down, x::across]
        if part.size:
            rows += b"".join(b"\0" + packed(row.reshape(-1), depth) for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def read(data):
    """Pillow's pixels: orientation honoured, opacity over white, grey where the file is grey."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.mode in ("LA",):
        return over_white(image)[..., 0]
    if image.mode in ("RGBA", "PA") or "transparency" in image.info:
        return over_white(image)
    return np.asarray(image.convert("RGB"))


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    # An address that points nowhere, a text, and sizes that lie.
    data[0x010F] = "maker"
    data[0x0100] = 9999
    return data


cases = []


def add(name, data, pixels=None):
    pixels = read(data) if pixels is None else pixels
    cases.append({
        "name": name, "file": base64.b64encode(data).decode(), "shape": list(pixels.shape),
        "pixels": base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode(),
    })


rgb, gray, rgba = scene(3), scene(1), scene(4)
photo = Image.fromarray(rgb)
for depth in (1, 2, 4):
    add(f"png gray {depth} bits", png(gray >> (8 - depth), depth, 0))
    add(f"png palette {depth} bits", png(gray >> (8 - depth), depth, 3, chunk(b"PLTE", rgb[0, : 2**depth].tobytes())))
add("png gray", saved(Image.fromarray(gray[..., 0]), "PNG"))
add("png rgb", saved(photo, "PNG", optimize=True))
add("png rgba", saved(Image.fromarray(rgba), "PNG"))
add("png gray alpha", saved(Image.fromarray(rgba[..., 2:]), "PNG"))
add("png palette", saved(photo.quantize(200), "PNG"))
add("png palette with opacity", png(
    gray >> 5, 4, 3, chunk(b"PLTE", rgb[0, :8].tobytes()) + chunk(b"tRNS", bytes([0, 10, 100, 200, 255]))))
# Pillow compares a level of 4 bits with one of 8.
levels = gray[..., 0] >> 4
add("png gray with a transparent level", png(gray >> 4, 4, 0, chunk(b"tRNS", struct.pack(">H", 9))),
    np.where(levels == 9, 255, levels * 17).astype(np.uint8))
add("png rgb with a transparent colour", png(rgb, 8, 2, chunk(b"tRNS", struct.pack(">HHH", *map(int, rgb[3, 3])))))
wide = random.integers(0, 65536, (HEIGHT, WIDTH, 4)).astype(np.uint16)
eight = ((wide.astype(int) * 255 + 32767) // 65535).astype(np.uint8)
add("png gray 16 bits", png(wide[..., :1], 16, 0), eight[..., 0])
add("png rgb 16 bits", png(wide[..., :3], 16, 2), eight[..., :3])
add("png rgba 16 bits", png(wide, 16, 6), over_white(Image.fromarray(eight)))
add("png gray alpha 16 bits", png(wide[..., 2:], 16, 4), over_white(Image.fromarray(eight[..., 2:]))[..., 0])
for name, samples, depth, color in [
    ("gray", gray, 8, 0), ("gray 1 bit", gray >> 7, 1, 0), ("rgb", rgb, 8, 2), ("rgba", rgba, 8, 6)
]:
    add(f"png interlaced {name}", png(samples, depth, color, interlace=1))
add("png interlaced rgb 16 bits", png(wide[..., :3], 16, 2, interlace=1), eight[..., :3])
add("png turned", saved(photo, "PNG", exif=exif(6)))

add("jpeg 4:4:4", saved(photo, "JPEG", quality=90, subsampling=0))
add("jpeg 4:2:2", saved(photo, "JPEG", quality=90, subsampling=1))
add("jpeg 4:2:0", saved(photo, "JPEG", quality=80, subsampling=2))
add("jpeg gray", saved(Image.fromarray(gray[..., 0]), "JPEG", quality=85))
add("jpeg progressive", saved(photo, "JPEG", quality=85, progressive=True))
add("jpeg progressive gray", saved(Image.fromarray(gray[..., 0]), "JPEG", quality=85, progressive=True))
add("jpeg with restarts", saved(photo, "JPEG", quality=85, restart_marker_blocks=1))
add("jpeg rgb", saved(photo, "JPEG", quality=90, keep_rgb=True))
cmyk = saved(Image.fromarray(rgba, "CMYK"), "JPEG", quality=90)
add("jpeg cmyk", cmyk)
marker = cmyk.index(b"Adobe") + 11
add("jpeg ycck", cmyk[:marker] + b"\x02" + cmyk[marker + 1:])
for orientation in range(1, 9):
    add(f"jpeg orientation {orientation}", saved(photo, "JPEG", quality=85, exif=exif(orientation)))

add("webp lossy", saved(photo, "WEBP", quality=80))
add("webp lossless", saved(photo, "WEBP", lossless=True))
add("webp lossy with opacity", saved(Image.fromarray(rgba), "WEBP", quality=80))
add("webp lossless with opacity", saved(Image.fromarray(rgba), "WEBP", lossless=True))
add("webp turned", saved(photo, "WEBP", quality=80, exif=exif(8)))

animated = saved(photo, "WEBP", save_all=True, append_images=[photo.transpose(Image.Transpose.ROTATE_180)])

pathlib.Path(__file__).with_name("images.json").write_text(json.dumps(
    {"cases": cases, "animated": base64.b64encode(animated).decode()}, indent=0) + "\n")
