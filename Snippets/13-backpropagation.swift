import Charts
import Descent
import Notes

// One training step by hand: y = sigmoid(x w + b), loss = (y - t)² / 2.
let (x, w, b, t) = (2.0, 0.5, -0.4, 1.0)
func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(NDArray(-a)).item()) }

let product = x * w
let a = product + b
let y = sigmoid(a)
let loss = (y - t) * (y - t) / 2

// Backward: each node multiplies the gradient that arrives by its own derivative.
let dy = y - t
let da = dy * y * (1 - y)
let (dProduct, db) = (da, da)
let (dw, dx) = (dProduct * x, dProduct * w)
print(fixed(loss, 6))
print(fixed(dw, 6), fixed(db, 6))

// The tape does the same by itself.
let tape = Tape<Double>()
let (W, B) = (tape.variable([[0.5]]), tape.variable([-0.4]))
let step = tape.constant([[2.0]]).dense(weight: W, bias: B, activation: .sigmoid)
let slopes = tape.gradients(of: step.meanSquaredError([[1.0]]))
print(fixed(slopes[W].item(), 6), fixed(slopes[B].item(), 6))

let graph = ComputationalGraphChart(
    title: "One training step", subtitle: "above each edge the value, below it the gradient",
    nodes: [
        .init("x", column: 0, row: 0), .init("w", column: 0, row: 1), .init("b", column: 0, row: 2),
        .init("×", column: 1, row: 0.5), .init("+", column: 2, row: 1), .init("σ", column: 3, row: 1),
        .init("(y − t)²/2", column: 4, row: 1), .init("loss", column: 5, row: 1),
    ],
    edges: [
        .init(0, 3, value: x, gradient: dx), .init(1, 3, value: w, gradient: dw),
        .init(2, 4, value: b, gradient: db), .init(3, 4, value: product, gradient: dProduct),
        .init(4, 5, value: a, gradient: da), .init(5, 6, value: y, gradient: dy),
        .init(6, 7, value: loss, gradient: 1),
    ])
try Notebook.save(graph.svg(), as: "graph.svg")

// A whole network, 784-50-10, on three random images: numerical differentiation against the tape.
var random = RandomState(1)
let pictures = random.rand(3, 784)
let parameters = [
    random.randn(784, 50) * 0.01, NDArray<Double>.zeros(50), random.randn(50, 10) * 0.01, .zeros(10),
]
func networkLoss(_ p: [Tensor<Double>]) -> Tensor<Double> {
    let hidden = p[0].tape.constant(pictures).dense(weight: p[0], bias: p[1], activation: .sigmoid)
    return hidden.dense(weight: p[2], bias: p[3]).softmaxCrossEntropy(labels: [5, 0, 4])
}

let backward = timed {
    let tape = Tape<Double>()
    let variables = parameters.map { tape.variable($0) }
    let gradients = tape.gradients(of: networkLoss(variables))
    return variables.map { gradients[$0] }
}
let numerical = timed {
    parameters.indices.map { k in
        numericalGradient(
            of: { moved in
                let tape = Tape<Double>(recordsGradients: false)
                return networkLoss(parameters.indices.map { tape.constant($0 == k ? moved : parameters[$0]) })
                    .value.item()
            }, at: parameters[k])
    }
}
for k in parameters.indices { print(abs(backward.result[k] - numerical.result[k]).max()) }  // W1, b1, W2, b2
print(fixed(numerical.seconds, 4), "s")
print(fixed(backward.seconds, 4), "s")
