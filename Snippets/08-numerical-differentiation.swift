import Charts
import Descent
import Notes

func f(_ x: Double) -> Double { 0.01 * (x * x) + 0.1 * x }

func numericalDiff(_ f: (Double) -> Double, _ x: Double, h: Double = 1e-4) -> Double {
    (f(x + h) - f(x - h)) / (2 * h)
}
print(numericalDiff(f, 5))
print(numericalDiff(f, 10))

// The notebook's first version: division and multiplication go before subtraction.
func firstVersion(_ f: (Double) -> Double, _ x: Double, h: Double = 1e-4) -> Double {
    f(x + h) - f(x - h) / 2 * h
}
print(firstVersion(f, 5))
print(firstVersion(f, 10))

// Too small a step is rounded away; so are many digits in single precision.
print(numericalDiff(f, 5, h: 1e-50))
print(Float(1e-50))
func f32(_ x: Float) -> Float { 0.01 * (x * x) + 0.1 * x }
let h32: Float = 1e-4
print((f32(5 + h32) - f32(5 - h32)) / (2 * h32))

func tangent(at x: Double) -> (Double) -> Double {
    let slope = numericalDiff(f, x)
    return { slope * ($0 - x) + f(x) }
}
let chart = LineChart(
    title: "f(x) = 0.01x² + 0.1x", subtitle: "and its tangents at 5 and 10",
    xAxis: .init(label: "x"), yAxis: .init(label: "f(x)"),
    series: [
        .init(name: "f", over: 0...20, f), .init(name: "tangent at 5", over: 0...20, tangent(at: 5)),
        .init(name: "tangent at 10", over: 0...20, tangent(at: 10)),
    ])
try Notebook.save(chart.svg(), as: "tangent.svg")
