import Datasets
import Networks
import Training

/// The parts of a NumPy script.
enum NumPyParts {
    static let head = #"""
        """A neural network in NumPy alone: the same run as `descent train`, step by step.

        python3 this_file.py               trains, and prints the mean loss of each epoch's steps (while the weights
                                          change; Descent's "training loss" is measured afterwards) and the accuracies
        python3 this_file.py --steps 100   prints the loss of the first 100 steps and stops

        Both programs draw with the same generator (Mersenne Twister, NumPy's RandomState) in the same order: first the
        weights, layer by layer, then one permutation of the examples for each epoch. So the losses agree, up to the
        rounding of sums that are added in another order.
        """

        import argparse
        import gzip
        import os
        import re
        import struct

        import numpy as np

        """#

    static let idx = #"""
        def read_idx(part, kind, axes):
            """An IDX file: magic number, the length of each axis (big-endian), then the bytes."""
            pattern = re.compile(rf"{part}-{kind}[-.]idx{axes}-ubyte(\.gz)?$")
            name = sorted(name for name in os.listdir(DATA) if pattern.match(name))[0]
            path = os.path.join(DATA, name)
            with (gzip.open if name.endswith(".gz") else open)(path, "rb") as file:
                content = file.read()
            shape = struct.unpack_from(f">{axes}I", content, 4)
            return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


        def load():
            """Images as rows of numbers in 0...1, and their labels."""
            examples = []
            for part, count in (("train", TRAIN), ("t10k", TEST)):
                images = read_idx(part, "images", 3)[:count]
                rows = images.reshape(len(images), SIZES[0]).astype(scalar) * scalar(np.float32(1 / 255))
                examples += [rows, read_idx(part, "labels", 1)[:count]]
            return examples

        """#

    static let npz = #"""
        def load():
            """Images as rows of numbers in 0...1, and their labels."""
            file = np.load(DATA)
            examples = []
            for part, count in (("train", TRAIN), ("test", TEST)):
                images = file[f"{part}_images"][:count]
                rows = images.reshape(len(images), SIZES[0]).astype(scalar) * scalar(np.float32(1 / 255))
                examples += [rows, file[f"{part}_labels"][:count]]
            return examples

        """#

    static let network = #"""
        # ---- the network -------------------------------------------------------------------------------------
        def activate(kind, a):
            if kind == "sigmoid":
                return 1 / (1 + np.exp(-a))
            if kind == "relu":
                return np.maximum(a, 0)
            return np.tanh(a) if kind == "tanh" else a


        def slope(kind, y):
            """The activation's derivative, which all of these know from their value y alone."""
            if kind == "sigmoid":
                return y * (1 - y)
            if kind == "relu":
                return (y > 0).astype(scalar)
            return 1 - y * y if kind == "tanh" else np.ones_like(y)


        def softmax(a):
            """Scores to probabilities. Taking the largest away changes nothing but keeps exp from overflowing."""
            e = np.exp(a - a.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)


        def forward(weights, x):
            """What each layer says; the last are the scores. weights: w, b, w, b, ..."""
            values = [x]
            for layer, kind in enumerate(ACTIVATIONS):
                w, b = weights[2 * layer], weights[2 * layer + 1]
                values.append(activate(kind, values[-1] @ w + b))
            return values

        """#

    static let crossEntropy = #"""
        def loss_and_slope(scores, labels):
            """The mean cross-entropy -log p[label], and its gradient by the scores: (p - t) / N, t being one-hot.

            That softmax and logarithm cancel to this is the reason why they are used together.
            """
            p = softmax(scores)
            rows = np.arange(len(labels))
            shifted = scores - scores.max(axis=1, keepdims=True)
            loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, labels])
            p[rows, labels] -= 1
            return loss, p / scalar(len(labels))

        """#

    static let meanSquaredError = #"""
        def loss_and_slope(scores, labels):
            """Half the squared error of the probabilities, mean over the examples, and its gradient by the scores."""
            p = softmax(scores)
            error = p.copy()
            error[np.arange(len(labels)), labels] -= 1
            loss = np.sum(error * error) / (2 * len(labels))
            g = error / scalar(len(labels))
            # Back through softmax: each probability depends on all scores.
            return loss, p * (g - np.sum(g * p, axis=1, keepdims=True))

        """#

    static let gradient = #"""
        def gradients(weights, x, labels):
            """Back-propagation: the loss's gradient goes back layer by layer, by the chain rule."""
            values = forward(weights, x)
            loss, delta = loss_and_slope(values[-1], labels)
            found = []
            for layer in reversed(range(len(ACTIVATIONS))):
                # delta is the gradient by y = activation(a); times the slope, it is that by a = x w + b.
                delta = delta * slope(ACTIVATIONS[layer], values[layer + 1])
                by_w = values[layer].T @ delta  # each weight has seen all examples
                by_b = delta.sum(axis=0)  # the bias was added to every example
                found = [by_w, by_b] + found
                delta = delta @ weights[2 * layer].T  # what the layer before is to blame for
            return loss, found

        """#

    static let training = #"""
        # ---- training ----------------------------------------------------------------------------------------
        def first_weights(random):
            weights = []
            for inputs, outputs, deviation in zip(SIZES, SIZES[1:], DEVIATIONS):
                weights.append(random.normal(0, deviation, (inputs, outputs)).astype(np.float32).astype(scalar))
                weights.append(np.zeros(outputs, scalar))
            return weights


        def accuracy(weights, x, labels):
            if len(labels) == 0:
                return float("nan")
            return np.mean(np.argmax(forward(weights, x)[-1], axis=1) == labels)


        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--steps", type=int, help="stop after so many steps; print the loss of each")
            steps = parser.parse_args().steps
            x_train, train_labels, x_test, test_labels = load()
            random = np.random.RandomState(SEED)
            weights = first_weights(random)
            memory = [[np.zeros_like(w), np.zeros_like(w)] for w in weights]
            done = 0
            for epoch in range(1, EPOCHS + 1):
                order = random.permutation(len(x_train))  # each example once, in a new order
                losses = []
                for start in range(0, len(order), BATCH):
                    rows = order[start : start + BATCH]
                    loss, found = gradients(weights, x_train[rows], train_labels[rows])
                    done += 1
                    for w, g, m in zip(weights, found, memory):
                        update(w, g, m, done)
                    losses.append(loss)
                    if steps:
                        print(f"{loss:.9g}")
                        if done == steps:
                            return
                if not steps:
                    print(
                        f"epoch {epoch}: mean loss of its steps {np.mean(losses):.4f}, "
                        f"training accuracy {accuracy(weights, x_train, train_labels):.4f}, "
                        f"test accuracy {accuracy(weights, x_test, test_labels):.4f}"
                    )


        if __name__ == "__main__":
            main()
        """#

    /// Returns the function that changes one array of weights in place.
    static func update(_ update: NumPyUpdate) -> String {
        let lines = ["\"\"\"\(update.summary)\"\"\""] + update.lines
        return (["def update(w, g, m, t):"] + lines.map { "    " + $0 }).joined(separator: "\n") + "\n"
    }
}
