"""Writes distributions.json: python3 make_distribution_vectors.py (in this directory).

For each case 12 numbers of RandomState(99), and of 20,000 from RandomState(7) the sum of their 64-bit patterns (wrapped
to 64 bits) and the uniform number that follows, so that a single other draw shows.
"""

import numpy as np

from make_vectors import array, write

R = np.random.RandomState
INTEGERS = {
    "binomial": [(10, 0.5), (10, 0.0), (10, 1.0), (0, 0.3), (1, 0.3), (59, 0.5), (61, 0.5), (100, 0.2), (1000, 0.02),
                 (1000, 0.04), (1000, 0.9), (1000, 0.98), (100000, 0.5), (10**9, 0.1), (10**12, 0.7), (40, 0.999)],
    "geometric": [(1.0,), (0.9,), (0.34,), (1 / 3,), (0.3,), (0.01,), (1e-9,)],
    "poisson": [(0.0,), (0.3,), (3.2,), (9.99,), (10.0,), (47.5,), (1e4,), (1e9,)],
    "negative_binomial": [(1, 0.1), (2.5, 0.7), (0.3, 0.9), (100, 0.02)],
    "hypergeometric": [(15, 15, 7), (3, 40, 10), (40, 3, 10), (15, 15, 11), (100, 2, 30), (2, 100, 30), (60, 70, 120),
                       (1000, 5000, 400), (10**6, 10**5, 10**5), (5, 0, 3), (0, 5, 3)],
    "logseries": [(0.0,), (0.1,), (0.6,), (0.95,), (0.9999,)],
    "zipf": [(1.1,), (1.5,), (2.0,), (4.0,), (30.0,)],
}
FLOATS = {
    "standard_t": [(0.5,), (1.0,), (5.0,), (100.0,)],
    "f": [(1.0, 1.0), (5.0, 2.0), (48.0, 300.0)],
    "noncentral_chisquare": [(3.0, 20.0), (0.5, 20.0), (3.0, 0.0), (1.0, 0.1)],
    "noncentral_f": [(3.0, 20.0, 3.0), (0.7, 4.0, 0.5)],
    "pareto": [(0.5,), (3.0,)],
    "power": [(0.5,), (5.0,)],
    "triangular": [(-3.0, 0.0, 8.0), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0)],
    "wald": [(3.0, 2.0), (0.1, 50.0)],
    "vonmises": [(0.0, 4.0), (1.0, 0.0), (-2.0, 1e-7), (3.0, 1e-3), (0.5, 300.0), (1.0, 1e7)],
    "gamma": [(3.5, 2.0), (0.4, 2.0), (1.0, 2.0), (0.0, 1.0), (1e-3, 1.0)],
    "chisquare": [(1.0,), (5.0,)],
    "beta": [(0.5, 0.75), (2.0, 3.0), (1e-3, 1e-3), (1e-5, 1.0)],
    "exponential": [(2.5,)],
    "laplace": [(1.0, 2.0)],
    "logistic": [(1.0, 2.0)],
    "gumbel": [(1.0, 2.0)],
    "lognormal": [(0.5, 0.25)],
    "rayleigh": [(1.5,)],
    "weibull": [(1.7,), (0.0,)],
    "standard_cauchy": [()],
}
ROWS = {
    "multinomial": [(20, [1 / 6] * 6), (100, [0.2, 0.8]), (1000, [0.0, 0.5, 0.0, 0.5]), (0, [0.5, 0.5]), (7, [1.0]),
                    (5, [1.0, 0.0, 0.0]), (500, [0.1, 0.15, 0.25, 0.3, 0.2])],
    "dirichlet": [([10.0, 5.0, 3.0],), ([0.1, 0.2],), ([1.0],), ([0.5, 1.0, 20.0, 3.0],)],
}


def case(name, parameters):
    draws = R(7)
    many = np.ascontiguousarray(getattr(draws, name)(*parameters, size=20000))
    patterns = int(many.view(np.uint64).sum(dtype=np.uint64))
    return {
        "name": name,
        "parameters": [repr(float(p)) for p in np.hstack(parameters)] if parameters else [],
        "head": array(getattr(R(99), name)(*parameters, size=12)),
        "patterns": str(patterns),
        "next": repr(float(draws.rand())),
    }


if __name__ == "__main__":
    # Gamma variates that underflow to 0 make 0 / 0 in NumPy's dirichlet: none here.
    cases = [case(n, p) for table in (INTEGERS, FLOATS, ROWS) for n in table for p in table[n]]
    r = R(5)
    mean, covariance = np.array([1.0, -2.0, 0.5]), np.array([[2.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 0.5]])
    extra = {"multivariate_normal": array(r.multivariate_normal(mean, covariance, (4, 2))),
             "bytes": array(np.frombuffer(r.bytes(11), np.uint8).astype(int)), "after": array(r.rand(2))}
    write("distributions.json", {"cases": cases, **extra})
    print(len(cases), "cases")
