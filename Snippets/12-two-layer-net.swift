import Charts
import Descent
import Notes

struct TwoLayerNet: Layer {
    let hidden: Dense
    let output: Dense

    init(inputs: Int, hidden size: Int, outputs: Int, random: inout RandomState) {
        hidden = Dense(inputs, size, activation: .sigmoid, initializer: .normal(standardDeviation: 0.01))
        output = Dense(size, outputs, initializer: .normal(standardDeviation: 0.01))
        initialize(using: &random)
    }

    /// The scores; `softmax` makes probabilities of them.
    func callAsFunction<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { output(hidden(x)) }

    func predict(_ x: NDArray<Float>) -> NDArray<Float> {
        let tape = Tape<Float>(recordsGradients: false)
        return self(tape.constant(x)).softmax().value
    }

    func loss(_ x: NDArray<Float>, _ t: [Int32]) -> Float {
        let tape = Tape<Float>(recordsGradients: false)
        return self(tape.constant(x)).softmaxCrossEntropy(labels: t).value.item()
    }

    func accuracy(_ x: FeatureMatrix, _ t: [Int32]) throws -> Double {
        let answers = try predictions(for: x).labels
        return Double(zip(answers, t).filter { $0 == $1 }.count) / Double(t.count)
    }

    /// By back-propagation: one gradient for each parameter.
    func gradient(_ x: FeatureMatrix, _ t: [Int32], rows: [Int32]) -> ParameterGradients<Float> {
        valueAndGradients(of: self) { network in
            network(x, rows: rows).softmaxCrossEntropy(labels: rows.map { t[Int($0)] })
        }.gradients
    }

    /// By numerical differentiation: every number in W1, b1, W2 and b2 is moved a little, in double precision.
    func numericalGradient(_ x: NDArray<Float>, _ t: [Int32]) -> [NDArray<Double>] {
        let values = parameters.map { $0.value.asType(Double.self) }
        return values.indices.map { k in
            Descent.numericalGradient(
                of: { moved in
                    let tape = Tape<Double>(recordsGradients: false)
                    let p = values.indices.map { tape.constant($0 == k ? moved : values[$0]) }
                    let z = tape.constant(x.asType(Double.self)).dense(
                        weight: p[0], bias: p[1], activation: .sigmoid)
                    return z.dense(weight: p[2], bias: p[3]).softmaxCrossEntropy(labels: t).value.item()
                }, at: values[k])
        }
    }
}

let data = try Notebook.digits()
print(data.name)
let (xTrain, xTest) = (FeatureMatrix.bytes(data.train.images), FeatureMatrix.bytes(data.test.images))
let (tTrain, tTest) = (data.train.classes, data.test.classes)

var random = RandomState(1)
let network = TwoLayerNet(inputs: 784, hidden: 50, outputs: 10, random: &random)
for parameter in network.parameters { print(tuple(parameter.shape)) }  // W1, b1, W2, b2
let first = data.train.images.reshaped(data.train.count, -1)[0..<100].asType(Float.self) / 255
print(tuple(network.predict(first).shape))
print(fixed(Double(network.loss(first, Array(tTrain[0..<100]))), 4))

// Both gradients, on three images: 39,760 parameters, each of them moved twice.
let byTape = network.gradient(xTrain, tTrain, rows: [0, 1, 2])
let bySteps = network.numericalGradient(first[0..<3], Array(tTrain[0..<3]))
for (parameter, steps) in zip(network.parameters, bySteps) {
    print(tuple(steps.shape), abs(byTape[parameter].asType(Double.self) - steps).max() < 1e-6)
}

var losses: [Double] = []
var accuracies: [(train: Double, test: Double)] = []
for step in 0..<9600 {
    let batch = random.randint(0, xTrain.count, shape: [100]).elements.map(Int32.init)  // 1. mini-batch
    let gradient = network.gradient(xTrain, tTrain, rows: batch)  // 2. gradient
    for parameter in network.parameters {  // 3. update
        parameter.value -= 0.1 * gradient[parameter]
    }
    if step % 100 == 99 {  // 4. repeat; and look how it goes
        let x = data.train.images[batch.map { Int($0) }].reshaped(100, -1).asType(Float.self) / 255
        losses.append(Double(network.loss(x, batch.map { tTrain[Int($0)] })))
    }
    if step % 600 == 599 {
        accuracies.append(try (network.accuracy(xTrain, tTrain), network.accuracy(xTest, tTest)))
    }
}
print(fixed(losses[0], 4), fixed(losses[losses.count - 1], 4))
print(accuracies[15].train)
print(accuracies[15].test)

let lossChart = LineChart(
    title: "The loss of the mini-batches", xAxis: .init(label: "step"),
    yAxis: .init(label: "cross-entropy", includesZero: true),
    series: [
        .init(
            name: "loss", positions: losses.indices.map { Double(100 * $0 + 100) }, values: losses,
            style: .line)
    ])
try Notebook.save(lossChart.svg(), as: "loss.svg")
let accuracyChart = LineChart(
    title: "Accuracy after each epoch", xAxis: .init(label: "epoch", format: .integer),
    yAxis: .init(label: "accuracy", format: .percent),
    series: [
        .init(name: "training", positions: (1...16).map(Double.init), values: accuracies.map(\.train)),
        .init(name: "test", positions: (1...16).map(Double.init), values: accuracies.map(\.test)),
    ])
try Notebook.save(accuracyChart.svg(), as: "accuracies.svg")
