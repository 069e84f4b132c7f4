/// The operators of exported models, in NumPy: a function for each that is not one of NumPy's own.
enum NumPyOperators {
    static let text = #"""
        def windows(x, kernel, strides, pads, dilations=(1, 1), fill=0.0):
            """All windows of images: [N, C, P, Q, R, S]."""
            x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])), constant_values=fill)
            size = [d * (k - 1) + 1 for k, d in zip(kernel, dilations)]
            view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
            return view[:, :, :: strides[0], :: strides[1], :: dilations[0], :: dilations[1]]


        def conv(x, w, b=None, kernel_shape=None, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1):
            view = windows(x, w.shape[2:], strides, pads, dilations)
            n, c, p, q, r, s = view.shape
            view = view.reshape(n, group, c // group, p, q, r, s)
            w = w.reshape(group, -1, *w.shape[1:])
            y = np.einsum("ngcpqrs,gkcrs->ngkpq", view, w, optimize=True).reshape(n, -1, p, q)
            return y if b is None else y + b[:, None, None]


        def conv_transpose(x, w, b, kernel_shape, strides, pads, dilations, group):
            n, c, h, v = x.shape
            w = w.reshape(group, c // group, *w.shape[1:])
            parts = np.einsum("ngchv,gckrs->ngkhvrs", x.reshape(n, group, -1, h, v), w, optimize=True)
            height = (h - 1) * strides[0] + dilations[0] * (kernel_shape[0] - 1) + 1
            width = (v - 1) * strides[1] + dilations[1] * (kernel_shape[1] - 1) + 1
            y = np.zeros((n, group, w.shape[2], height, width), x.dtype)
            for i in range(kernel_shape[0]):
                for j in range(kernel_shape[1]):
                    top, left = i * dilations[0], j * dilations[1]
                    y[..., top : top + h * strides[0] : strides[0], left : left + v * strides[1] : strides[1]] += parts[..., i, j]
            y = y.reshape(n, -1, height, width)[:, :, pads[0] : height - pads[2], pads[1] : width - pads[3]]
            return y + b[:, None, None]


        def max_pool(x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0)):
            return windows(x, kernel_shape, strides, pads, fill=-np.inf).max(axis=(4, 5))


        def average_pool(x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), count_include_pad=0):
            sums = windows(x, kernel_shape, strides, pads).sum(axis=(4, 5))
            if count_include_pad:
                return sums / x.dtype.type(kernel_shape[0] * kernel_shape[1])
            return sums / windows(np.ones_like(x[:1, :1]), kernel_shape, strides, pads).sum(axis=(4, 5))


        def batch_normalization(x, scale, shift, mean, variance, epsilon):
            shape = (-1,) + (1,) * (x.ndim - 2)
            factor = scale / np.sqrt(variance + x.dtype.type(epsilon))
            return x * factor.reshape(shape) + (shift - mean * factor).reshape(shape)


        def layer_normalization(x, gain, shift, axis, epsilon):
            axes = tuple(range(axis, 0))
            away = x - x.mean(axis=axes, keepdims=True)
            return away / np.sqrt((away * away).mean(axis=axes, keepdims=True) + x.dtype.type(epsilon)) * gain + shift


        def gemm(a, b, c, transB=0, alpha=1.0):
            return a @ (b.T if transB else b) * a.dtype.type(alpha) + c


        def reshape(x, shape):
            return x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape)])


        def slice_(x, starts, ends, axes):
            place = [slice(None)] * x.ndim
            for start, end, axis in zip(starts, ends, axes):
                place[axis] = slice(start, end)
            return x[tuple(place)]


        def pad(x, pads, value):
            return np.pad(x, list(zip(pads[: x.ndim], pads[x.ndim :])), constant_values=value)


        def softmax(x, axis):
            e = np.exp(x - x.max(axis=axis, keepdims=True))
            return e / e.sum(axis=axis, keepdims=True)


        def sigmoid(x):
            with np.errstate(over="ignore"):
                return 1 / (1 + np.exp(-x))


        def elu(x, alpha):
            return np.where(x >= 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


        def erf(x):
            return np.vectorize(math.erf, otypes=[x.dtype])(x) if x.size else x


        def top_k(x, k):
            """The smallest of each row, and their places; of equals the first."""
            places = np.argsort(x, axis=1, kind="stable")[:, : int(k[0])]
            return np.take_along_axis(x, places, axis=1), places


        def one_hot(x, depth, values):
            return np.where(x[..., None] == np.arange(int(depth)), values[1], values[0])


        def label_encoder(x, keys, values, default):
            known = dict(zip(keys, values))
            return np.array([known.get(text, default) for text in x.ravel()], np.int64).reshape(x.shape)


        def scan(x, body):
            return np.stack([body(row) for row in x]) if len(x) else x


        def svm(x, kernel, parameters, support, coefficients, counts, rho, prob_a, prob_b):
            """The decisions of pairs of classes, or the probabilities fitted to them (Wu, Lin and Weng 2004)."""
            gamma, constant, degree = parameters
            products = x @ support.T
            if kernel == "RBF":
                squares = (x * x).sum(1)[:, None] + (support * support).sum(1) - 2 * products
                values = np.exp(-gamma * np.maximum(squares, 0))
            elif kernel == "POLY":
                values = (gamma * products + constant) ** int(degree)
            else:
                values = np.tanh(gamma * products + constant) if kernel == "SIGMOID" else products
            count, ends = len(counts), np.cumsum(counts)
            parts = [slice(end - size, end) for end, size in zip(ends, counts)]
            pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
            decisions = np.stack(
                [
                    values[:, parts[i]] @ coefficients[j - 1, parts[i]] + values[:, parts[j]] @ coefficients[i, parts[j]]
                    for i, j in pairs
                ], axis=1) + rho
            if not len(prob_a):
                return decisions.astype(np.float32)
            fitted = np.clip(1 / (1 + np.exp(decisions * prob_a + prob_b)), 1e-7, 1 - 1e-7)
            return np.stack([coupled(row, count, pairs) for row in fitted]).astype(np.float32)


        def coupled(row, count, pairs):
            r = np.zeros((count, count))
            for (i, j), value in zip(pairs, row):
                r[i, j], r[j, i] = value, 1 - value
            if count == 2:
                return np.array([r[0, 1], r[1, 0]])
            q = -r.T * r
            np.fill_diagonal(q, (r * r).sum(axis=0))
            p = np.full(count, 1 / count)
            for _ in range(max(100, count)):
                qp = q @ p
                pqp = p @ qp
                if np.abs(qp - pqp).max() < 0.005 / count:
                    break
                for t in range(count):
                    change = (pqp - qp[t]) / q[t, t]
                    p[t] += change
                    pqp = (pqp + change * (change * q[t, t] + 2 * qp[t])) / (1 + change) / (1 + change)
                    qp = (qp + change * q[t]) / (1 + change)
                    p /= 1 + change
            return p
        """#
}
