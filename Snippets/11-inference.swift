import Descent
import Notes

func sigmoid(_ x: NDArray<Float>) -> NDArray<Float> { 1 / (1 + exp(-x)) }
func softmax(_ a: NDArray<Float>) -> NDArray<Float> {
    let powers = exp(a - a.max(axis: -1, keepingDimensions: true))
    return powers / powers.sum(axis: -1, keepingDimensions: true)
}

/// Weights from a file, else from a network of the same shape that is trained now.
func initNetwork(_ data: Dataset) throws -> [String: NDArray<Float>] {
    if let weights = try Notebook.weights() { return weights }
    let network = Sequential {
        Dense(784, 50, activation: .sigmoid, initializer: .xavier)
        Dense(50, 100, activation: .sigmoid, initializer: .xavier)
        Dense(100, 10, initializer: .xavier)
    }
    _ = try Trainer(optimizer: .sgd(learningRate: 0.5), epochs: 3, seed: 1, reinitializesWeights: true).fit(
        network, on: data.train)
    let values = network.parameters.map(\.value)
    return [
        "W1": values[0], "b1": values[1], "W2": values[2], "b2": values[3], "W3": values[4], "b3": values[5],
    ]
}

func predict(_ network: [String: NDArray<Float>], _ x: NDArray<Float>) throws -> NDArray<Float> {
    guard let W1 = network["W1"], let W2 = network["W2"], let W3 = network["W3"],
        let b1 = network["b1"], let b2 = network["b2"], let b3 = network["b3"]
    else { throw DescentError(.badData, "the weights are not W1, b1, W2, b2, W3, b3") }
    let z1 = sigmoid(dot(x, W1) + b1)
    let z2 = sigmoid(dot(z1, W2) + b2)
    return softmax(dot(z2, W3) + b3)
}

let data = try Notebook.digits()
print(data.name)
let x = data.test.images.reshaped(data.test.count, -1).asType(Float.self) / 255
let t = NDArray(data.test.classes.map(Int.init))
let network = try initNetwork(data)

print(tuple(x[0].shape))
for name in ["W1", "W2", "W3"] { print(tuple(network[name]?.shape ?? [])) }
print(tuple(try predict(network, x[0]).shape))
print(tuple(x[0..<100].shape))
print(tuple(try predict(network, x[0..<100]).shape))

let oneByOne = try timed {
    var count = 0
    for i in 0..<x.shape[0] where try predict(network, x[i]).argMax() == t[at: i] { count += 1 }
    return Double(count) / Double(x.shape[0])
}
let inBatches = try timed {
    var count = 0
    for i in stride(from: 0, to: x.shape[0], by: 100) {
        let p = try predict(network, x[i..<(i + 100)]).argMax(axis: 1)
        count += (p .== t[i..<(i + 100)]).countNonzero()
    }
    return Double(count) / Double(x.shape[0])
}
print(oneByOne.result)
print(inBatches.result)
print(fixed(oneByOne.seconds, 4), "s")
print(fixed(inBatches.seconds, 4), "s")
