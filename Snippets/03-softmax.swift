import Descent

func softmaxUnguarded(_ a: NDArray<Double>) -> NDArray<Double> {
    let powers = exp(a)
    return powers / powers.sum()
}

func softmax(_ a: NDArray<Double>) -> NDArray<Double> {
    let powers = exp(a - a.max())  // the guard: no exponent is above 0
    return powers / powers.sum()
}

let y = softmax(NDArray([0.5, 3.0, 5.0]))
print(y)
print(y.sum())

let large = NDArray([1010.0, 1000.0, 990.0])
print(softmaxUnguarded(large))
print(softmax(large))
