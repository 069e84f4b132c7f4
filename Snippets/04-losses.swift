import Descent

func meanSquaredError(_ y: NDArray<Double>, _ t: NDArray<Double>) -> Double {
    0.5 * square(y - t).sum()
}

func crossEntropy(_ y: NDArray<Double>, _ t: NDArray<Double>) -> Double {
    -(t * log(y + 1e-7)).sum()
}

let t: NDArray<Double> = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
let y1: NDArray<Double> = [0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0]
let y2: NDArray<Double> = [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0]
print(meanSquaredError(y1, t))
print(meanSquaredError(y2, t))
print(crossEntropy(y1, t))
print(crossEntropy(y2, t))

// A batch: the mean over its rows, with one-hot rows and with labels.
let Y = stack([y1, y2])
let T = stack([t, t])
let labels = [2, 2]
let rows = Double(Y.shape[0])
print(-(T * log(Y + 1e-7)).sum() / rows)
print(-log(Y[[0, 1], labels] + 1e-7).sum() / rows)

// Why a loss and not accuracy: a slightly better answer moves the loss; the accuracy stays where it is.
func accuracy(_ Y: NDArray<Double>) -> Double {
    (Y.argMax(axis: 1) .== NDArray(labels)).mean()
}
var better = Y
better[at: 1, 2] += 0.05
better[at: 1, 7] -= 0.05
print(accuracy(Y), accuracy(better))
print(-log(better[[0, 1], labels] + 1e-7).sum() / rows)
