"""Writes linear.json: python3 make_linear_vectors.py (in this directory).

Inputs ("in NAME") and what NumPy makes of them: matrices' decompositions, tensor products, sequences, grids, shapes and
padding. LinearTests.swift computes the same from the inputs.
"""

import numpy as np

from make_vectors import array, write

rng = np.random.RandomState(2026)
v = {}


def given(name, a):
    v["in " + name] = array(a)
    return np.asarray(a)


a = given("a", rng.randn(5, 3))
b = given("b", rng.randn(5))
b2 = given("b2", rng.randn(5, 2))
low = given("low", np.outer(rng.randn(5), rng.randn(3)))
s = rng.randn(4, 4)
s = given("s", s @ s.T + 0.5 * np.eye(4))
t = given("t", rng.randn(3, 4, 5))
u = given("u", rng.randn(4, 5, 2))
w = given("w", rng.randn(3, 5, 4))
i = given("i", rng.randint(-9, 9, (3, 4)))
j = given("j", rng.randint(-9, 9, (4, 2)))
q = given("q", rng.randn(4, 4))
x = given("x", np.array([0.0, 0.5, 2.0, 2.25, 5.0, 7.0]))
y = given("y", rng.randn(6))
m = given("m", rng.randn(6, 5))

# Decompositions.
v["cholesky"] = array(np.linalg.cholesky(s))
v["eigvalsh"] = array(np.linalg.eigvalsh(s))
v["pinv"] = array(np.linalg.pinv(a))
v["pinv low"] = array(np.linalg.pinv(low, rcond=1e-10))
v["pinv wide"] = array(np.linalg.pinv(a.T))
v["ranks"] = array([np.linalg.matrix_rank(k) for k in (a, low, np.zeros((2, 3)), s, np.zeros(3), np.ones(3))])
for name, (left, right) in {"": (a, b), " two": (a, b2), " low": (low, b), " wide": (a.T, b[:3])}.items():
    solution, residuals, rank, values = np.linalg.lstsq(left, right, rcond=None)
    v["lstsq" + name] = array(solution)
    v["lstsq residuals" + name] = array(residuals)
    v["lstsq rank" + name] = array(rank)
    v["lstsq values" + name] = array(values)
for power in (0, 1, 5, -2):
    v[f"matrix_power {power}"] = array(np.linalg.matrix_power(s, power))
v["polyfit 0"] = array(np.polyfit(x, y, 0))
v["polyfit 3"] = array(np.polyfit(x, y, 3))
v["polyfit weights"] = array(np.polyfit(x, y, 2, w=np.array([1, 2, 3, 1, 0.5, 1])))
v["polyval"] = array(np.polyval([2, -1, 0.5], m))
v["vander"] = array(np.vander(x, 4))
v["vander int"] = array(np.vander([1, 2, 3]))

# Products.
for text, operands in {
    "ij,jk->ik": (i, j), "ij,jk": (i, j), "ii": (q,), "ii->i": (q,), "ij->ji": (a,), "ba": (a,), "ij->": (i,),
    "ijk,jkl->il": (t, u), "ijk,ikj->i": (t, w), "ijk,ikj->ijk": (t, w), "i,j->ij": (x, b), "i,i": (b, b),
    "ijk->kj": (t,), "ij,jk,kl->il": (i, j, j.T), "iij->ij": (np.stack([q, q], 2),), "...ij->...ji": (t,),
    "i...,i...->i...": (t, t), "...,...": (t, t[0]), "bij,bjk->bik": (t, w), "i...->...": (t,), "ij,kj->": (i, j.T),
    " i j , j -> i ": (i, np.arange(4)), "ij...,j->i...": (t, np.arange(4.0)), "i,j,k->kji": (x[:2], b[:3], y[:2]),
}.items():
    v["einsum " + text] = array(np.einsum(text, *operands))
v["tensordot 2"] = array(np.tensordot(t, u))
v["tensordot 0"] = array(np.tensordot(i, j, 0))
v["tensordot axes"] = array(np.tensordot(t, w, axes=([1, 0], [2, 0])))
v["kron"] = array(np.kron(i, j))
v["kron uneven"] = array(np.kron(t[:2, :2, :2], np.arange(1, 4)))
v["cross"] = array(np.cross(a, a[::-1]))
v["cross axis"] = array(np.cross(t, t[::-1] + 1, axis=0))
v["cross broadcast"] = array(np.cross(a, [1.0, 2.0, 3.0]))
v["inner"] = array(np.inner(t, m[:, :5]))
v["inner vectors"] = array(np.inner(b, b))

# Sequences.
for mode in ("full", "same", "valid"):
    for name, (left, right) in {"5 6": (b, x), "6 5": (x, b), "6 3": (x, b[:3]), "2 6": (b[:2], y), "1 6": (b[:1], y),
                                "6 6": (x, y), "3 4 int": (i[:, 0], i[0])}.items():
        v[f"convolve {mode} {name}"] = array(np.convolve(left, right, mode))
        v[f"correlate {mode} {name}"] = array(np.correlate(left, right, mode))
places = given("places", [-1.0, 0.0, 0.25, 2.0, 2.1, 5.0, 6.5, 7.0, 7.5, np.nan])
v["interp"] = array(np.interp(places, x, y))
v["interp ends"] = array(np.interp(places, x, y, left=-9, right=np.nan))
v["interp one"] = array(np.interp(places, [2.0], [3.0]))
v["gradient"] = array(np.gradient(y))
v["gradient spacing"] = array(np.gradient(y, 0.5, edge_order=2))
v["gradient axis 0"] = array(np.gradient(m, axis=0))
v["gradient axis 1"] = array(np.gradient(m, 2.0, axis=1, edge_order=2))
v["gradient coordinates"] = array(np.gradient(m, x, axis=0))
v["gradient coordinates 2"] = array(np.gradient(m, x, axis=0, edge_order=2))

# Grids.
v["logspace"] = array(np.logspace(-2, 3, 6))
v["logspace base"] = array(np.logspace(0, 4, 4, endpoint=False, base=2))
v["geomspace"] = array(np.geomspace(1, 1000, 4))
v["geomspace down"] = array(np.geomspace(-256, -1, 9))
v["geomspace open"] = array(np.geomspace(2, 32, 4, endpoint=False))
v["geomspace one"] = array(np.geomspace(3, 9, 1))
v["indices"] = array(np.indices((2, 3, 2)))
v["mgrid"] = array(np.mgrid[-1:2, 3:5])
v["full_like"] = array(np.full_like(i, 7))
v["choose"] = array(np.choose([[0, 2, 1], [1, 0, 2]], [np.arange(3), [[10], [20]], 7]))

# Triangles.
for offset in (-1, 0, 2):
    v[f"tril {offset}"] = array(np.tril(m, offset))
    v[f"triu {offset}"] = array(np.triu(t, offset))
    v[f"tri {offset}"] = array(np.tri(3, 4, offset))
    v[f"diag {offset}"] = array(np.diag(i[0], offset))
v["tril vector"] = array(np.tril(i[0]))

# Shapes.
v["ravel F"] = array(np.ravel(t, "F"))
v["reshape F"] = array(np.reshape(t, (6, 10), "F"))
v["resize"] = array(np.resize(i, (3, 7)))
v["resize less"] = array(np.resize(i, (2, 2)))
v["atleast 2"] = array(np.atleast_2d(b))
v["atleast 3"] = array(np.atleast_3d(b))
v["atleast 3 matrix"] = array(np.atleast_3d(i))
v["atleast 3 scalar"] = array(np.atleast_3d(5.0))
v["delete"] = array(np.delete(i, [1, -1], axis=1))
v["delete flat"] = array(np.delete(i, [0, 5, 5]))
v["insert"] = array(np.insert(i, 1, [100, 101, 102], axis=1))
v["insert row"] = array(np.insert(i, 1, [100, 101, 102, 103], axis=0))
v["insert several"] = array(np.insert(i, [0, 2, 4], -1, axis=1))
v["insert flat"] = array(np.insert(i, [2, 2], [100, 101]))
v["insert end"] = array(np.insert(np.arange(4), [4, 0], [7, 8]))
v["append"] = array(np.append(i, i[:1], axis=0))
v["append flat"] = array(np.append(i, [1, 2]))
v["vstack"] = array(np.vstack([i[0], i[1]]))
v["hstack"] = array(np.hstack([i, j[:3]]))
v["hstack vectors"] = array(np.hstack([i[0], j[0]]))
for mode in ("maximum", "minimum", "mean", "median"):
    v["pad " + mode] = array(np.pad(m, ((1, 2), (0, 1)), mode))
    v[f"pad {mode} int"] = array(np.pad(i, 1, mode))
v["pad linear_ramp"] = array(np.pad(m, ((1, 2), (3, 0)), "linear_ramp", end_values=1.0))
v["pad linear_ramp int"] = array(np.pad(i, 2, "linear_ramp", end_values=-3))

write("linear.json", v)
