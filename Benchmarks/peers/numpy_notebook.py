"""NumPy in float64, as the notebook runs it."""

import two_layer_net
import numpy as np

two_layer_net.run("NumPy float64 (notebook)", np.float64)
