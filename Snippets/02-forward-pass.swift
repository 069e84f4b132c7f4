import Descent
import Notes

func sigmoid(_ x: NDArray<Double>) -> NDArray<Double> { 1 / (1 + exp(-x)) }

let X = NDArray([1.0, 0.5])
let W1 = NDArray([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]])
let B1 = NDArray([0.1, 0.2, 0.3])
let A1 = dot(X, W1) + B1
let Z1 = sigmoid(A1)
print(tuple(W1.shape), tuple(X.shape), tuple(B1.shape))
print(A1)
print(Z1)

let W2 = NDArray([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]])
let B2 = NDArray([0.1, 0.2])
let Z2 = sigmoid(dot(Z1, W2) + B2)

let W3 = NDArray([[0.1, 0.3], [0.2, 0.5]])
let B3 = NDArray([0.1, 0.2])
let Y = dot(Z2, W3) + B3  // the output layer's function is the identity
print(Y)

let textbookW3 = NDArray([[0.1, 0.3], [0.2, 0.4]])
print(dot(Z2, textbookW3) + B3)
