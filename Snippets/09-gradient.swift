import Charts
import Descent
import Notes

func f(_ x: NDArray<Double>) -> Double { x[at: 0] * x[at: 0] + x[at: 1] * x[at: 1] }

// Partial derivatives: one number moves, the other stands still.
print(numericalDerivative(of: { x0 in x0 * x0 + 4.0 * 4.0 }, at: 3.0))
print(numericalDerivative(of: { x1 in 3.0 * 3.0 + x1 * x1 }, at: 4.0))

// Both at once: the gradient.
print(numericalGradient(of: f, at: [3.0, 4.0]))
print(numericalGradient(of: f, at: [0.0, 2.0]))
print(numericalGradient(of: f, at: [3.0, 0.0]))

// In an integer array the step is cut off: 3.0001 is kept as 3, and 2.9999 as 2.
func integerGradient(at start: NDArray<Int>) -> NDArray<Int> {
    let h = 1e-4
    var x = start
    var gradient = NDArray<Int>.zeros(like: x)
    for i in 0..<x.count {
        let kept = Double(x[at: i])
        x[at: i] = Int(kept + h)
        let above = f(x.asType(Double.self))
        x[at: i] = Int(kept - h)
        let below = f(x.asType(Double.self))
        gradient[at: i] = Int(((above - below) / (2 * h)).rounded())
        x[at: i] = Int(kept)
    }
    return gradient
}
print(integerGradient(at: [3, 4]))

let field = VectorFieldChart(
    title: "Downhill on x0² + x1²", subtitle: "the negative gradient, at each point", over: -2...2,
    and: -2...2
) { x0, x1 in
    let g = numericalGradient(of: f, at: NDArray([x0, x1]))
    return (-g[at: 0], -g[at: 1])
}
try Notebook.save(field.svg(), as: "gradient-field.svg")
