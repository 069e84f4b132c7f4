import Descent
import Notes

func f(_ x: NDArray<Double>) -> Double { x[at: 0] * x[at: 0] + x[at: 1] * x[at: 1] }

func gradientDescent(from start: NDArray<Double>, learningRate: Double, steps: Int) -> [NDArray<Double>] {
    var x = start
    var path = [x]
    for _ in 0..<steps {
        x -= learningRate * numericalGradient(of: f, at: x, step: 1e-4)
        path.append(x)
    }
    return path
}

let path = gradientDescent(from: [-3.0, 4.0], learningRate: 0.1, steps: 100)
print(path[100])
print(gradientDescent(from: [-3.0, 4.0], learningRate: 10, steps: 100)[100])
print(gradientDescent(from: [-3.0, 4.0], learningRate: 1e-10, steps: 100)[100])

let leaps = gradientDescent(from: [3.0, 4.0], learningRate: 0.9, steps: 20)
let chart = VectorFieldChart(
    title: "Gradient descent", subtitle: "the arrows point downhill", over: -5...5, and: -5...5,
    paths: [
        .init(name: "rate 0.1", positions: path.map { $0[at: 0] }, values: path.map { $0[at: 1] }),
        .init(name: "rate 0.9", positions: leaps.map { $0[at: 0] }, values: leaps.map { $0[at: 1] }),
    ]
) { x0, x1 in (-2 * x0, -2 * x1) }
try Notebook.save(chart.svg(), as: "descent-path.svg")
