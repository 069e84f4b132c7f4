"""How many processors a peer may use. To be called before NumPy or a framework is imported."""

import os


def use(threads):
    # Variables that force a kernel or a cache size keep OpenBLAS from choosing what suits this processor.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    if hasattr(os, "sched_setaffinity"):  # the limit that every framework heeds
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
