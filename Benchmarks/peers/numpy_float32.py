"""The notebook's NumPy with every array in float32."""

import two_layer_net
import numpy as np

two_layer_net.run("NumPy float32", np.float32)
