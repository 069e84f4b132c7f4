"""The list of cases that the scripts for single topics share: arrays, views of them, and what NumPy gives.

The cases have the form of operations.json (make_vectors.py).
"""

import warnings

import numpy as np

from make_vectors import array, write


class Cases:
    """Arrays and cases of one file. An argument is an array, or a view made by `view`."""

    def __init__(self):
        self.arrays, self.cases, self.known, self.views = [], [], {}, {}
        self.refused = 0

    def view(self, base, slices=None, axes=None):
        """A view of `base`: slices of its axes as (start, stop, step), then the axes in another order."""
        slices = slices or []
        axes = list(range(base.ndim)) if axes is None else axes
        result = base[tuple(slice(*s) for s in slices)].transpose(axes) if slices else base.transpose(axes)
        entry = {"of": self.place(base), "slices": [list(s) for s in slices], "axes": axes,
                 "dtype": base.dtype.str[1:], "shape": list(result.shape)}
        self.views[id(result)] = (result, entry)
        return result

    def place(self, a):
        a = self.views[id(a)][1] if id(a) in self.views else array(a)
        key = repr(a)
        if key not in self.known:
            self.known[key] = len(self.arrays)
            self.arrays.append(a)
        return self.known[key]

    def add(self, op, function, *args, ulp=0, **parameters):
        """Calls `function` with the arguments; what NumPy refuses is no case."""
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                result = function(*args)
            except (ValueError, TypeError, IndexError, ZeroDivisionError):
                self.refused += 1
                return
        case = {"op": op, "args": [self.place(a) for a in args], "result": array(result), **parameters}
        if ulp:
            case["ulp"] = ulp
        self.cases.append(case)

    def write(self, name):
        write(name, {"arrays": self.arrays, "cases": self.cases})
        print(name, len(self.cases), "cases,", self.refused, "refused by NumPy", np.__version__)
