import Charts
import Descent
import Notes

func f(_ x: NDArray<Double>) -> Double { x[at: 0] * x[at: 0] + x[at: 1] * x[at: 1] }

func gradientDescent(
    on f: (NDArray<Double>) -> Double, from start: NDArray<Double>, learningRate: Double, steps: Int
) -> [NDArray<Double>] {
    var x = start
    var path = [x]
    for _ in 0..<steps {
        x -= learningRate * numericalGradient(of: f, at: x, step: 1e-4)
        path.append(x)
    }
    return path
}

for rate in [0.1, 10, 1e-10] {
    print(gradientDescent(on: f, from: [-3.0, 4.0], learningRate: rate, steps: 100)[100])
}

// A long, narrow valley shows what the learning rate does: 20 times as steep across as along.
func valley(_ x: NDArray<Double>) -> Double { x[at: 0] * x[at: 0] / 20 + x[at: 1] * x[at: 1] }

func path(from start: NDArray<Double>, rate: Double, steps: Int) -> LineChart.Series {
    let points = gradientDescent(on: valley, from: start, learningRate: rate, steps: steps)
    return .init(
        name: "rate \(rate)", positions: points.map { $0[at: 0] }, values: points.map { $0[at: 1] })
}
let slow = path(from: [7.0, 2.0], rate: 0.1, steps: 30)
let fast = path(from: [-7.0, 2.0], rate: 0.95, steps: 30)
let diverging = path(from: [2.0, 1.0], rate: 1.05, steps: 8)
for end in [slow, fast, diverging] {
    print(fixed(end.positions.last ?? 0, 3), fixed(end.values.last ?? 0, 3))
}

var chart = VectorFieldChart(
    title: "Gradient descent on x0²/20 + x1²", subtitle: "the arrows point downhill; every mark is a step",
    over: -8...8, and: -3...3, columns: 15, paths: [slow, fast, diverging]
) { x0, x1 in (-x0 / 10, -2 * x1) }
chart.width = 820
try Notebook.save(chart.svg(), as: "descent-path.svg")
