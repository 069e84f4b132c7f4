import Arrays
import Foundation

@testable import Charts

/// One chart of every kind with realistic data, seeded: what the tests read as XML, and what a person looks at
/// (set DESCENT_GALLERY to a folder, and the tests write the files there).
enum Gallery {
    static func all(_ appearance: ChartAppearance) throws -> [(name: String, svg: String)] {
        [
            ("learning-curve", learned.svg(appearance: appearance)),
            ("learning-curve-overfitting", overfitted.svg(appearance: appearance)),
            ("learning-curve-slow", slow.svg(appearance: appearance)),
            ("learning-curve-one-epoch", oneEpoch.svg(appearance: appearance)),
            ("learning-curve-diverged", diverged.svg(appearance: appearance)),
            ("lines-six-logarithmic", sixOptimizers.svg(appearance: appearance)),
            ("lines-many-points", manySteps.svg(appearance: appearance)),
            ("weights", try weights.svg(appearance: appearance)),
            ("digits", try digits.svg(appearance: appearance)),
            ("heat-map", try heatMap.svg(appearance: appearance)),
            ("tangent", tangent.svg(appearance: appearance)),
            ("descent", descent.svg(appearance: appearance)),
            ("confusion-digits", confusion(10, names: (0..<10).map(String.init)).svg(appearance: appearance)),
            (
                "confusion-names",
                confusion(4, names: ["T-shirt/top", "ankle boot", "\u{C2E0}\u{BC1C}", "bag"]).svg(
                    appearance: appearance)
            ),
            ("confusion-small", smallConfusion(10, width: 350).svg(appearance: appearance)),
            ("confusion-forty", smallConfusion(40, width: 720).svg(appearance: appearance)),
            ("reliability", reliability.svg(appearance: appearance)),
            ("coverage", coverage.svg(appearance: appearance)),
            ("residuals", residuals.svg(appearance: appearance)),
        ]
    }

    static func smallConfusion(_ count: Int, width: Double) -> ConfusionMatrixChart {
        var chart = confusion(count, names: (0..<count).map { "species \($0)" })
        chart.maximumWidth = width
        return chart
    }

    static var reliability: ReliabilityChart {
        func bins(_ slope: Double) -> [ReliabilityChart.Bin] {
            (0..<15).map { bin in
                let confidence = (Double(bin) + 0.6) / 15
                return .init(
                    lower: Double(bin) / 15, upper: Double(bin + 1) / 15, count: bin < 3 ? 0 : bin * bin,
                    confidence: bin < 3 ? nil : confidence, accuracy: bin < 3 ? nil : confidence * slope)
            }
        }
        var chart = ReliabilityChart(bins: bins(0.8), subtitle: "expected calibration error 15.2\u{A0}%")
        chart.calibrated = bins(0.98)
        return chart
    }

    static var coverage: CoverageChart {
        let shares = (1...50).map { Double($0) / 50 }
        return CoverageChart(
            coverage: shares, accuracy: shares.map { 1 - 0.08 * $0 * $0 }, subtitle: "digits, test part")
    }

    static var residuals: ResidualChart {
        var noise = Generator(state: 4)
        let predicted = (0..<800).map { _ in 20 + 6 * noise.normal() }
        return ResidualChart(
            predicted: predicted, residuals: predicted.map { $0 / 12 * noise.normal() }, subtitle: "houses")
    }

    /// Numbers in [0, 1) from xorshift64*, so that the pictures are the same everywhere.
    struct Generator {
        var state: UInt64
        mutating func next() -> Double {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return Double((state &* 2_685_821_657_736_338_717) >> 11) / 9_007_199_254_740_992
        }
        mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + next() } }
    }

    static var heatMap: HeatMap {
        var noise = Generator(state: 23)
        let weights = (0..<50 * 784).map { place in
            place % 784 == 300 ? 0.5 : exp(3 * noise.normal() - 18)
        }
        return HeatMap(
            bound: 1e-5,
            panels: [
                .init(
                    name: "0.weight  [784 x 50]", note: "some",
                    values: NDArray(shape: [50, 784], elements: weights)),
                .init(name: "0.bias", values: NDArray(shape: [1, 50], elements: Array(weights[..<50]))),
                .init(name: "nothing", values: NDArray(shape: [0, 4], elements: [])),
            ], title: "Gradients", subtitle: "loss 2.3", label: "relative difference")
    }

    static var learned: LearningCurve {
        var noise = Generator(state: 7)
        let epochs = Array(1...16)
        let loss = epochs.map {
            0.075 + 0.85 * exp(-0.5 * Double($0)) + 0.25 / Double($0 + 1) + 0.002 * noise.normal()
        }
        let training = loss.map { 1 - 0.27 * $0 }
        let test = training.map { $0 - 0.006 + 0.0015 * noise.normal() }
        return LearningCurve(
            epochs: epochs, trainingLoss: loss, trainingAccuracy: training, testAccuracy: test,
            title: "784-50-10 learns MNIST")
    }

    static var overfitted: LearningCurve {
        var noise = Generator(state: 11)
        let epochs = Array(0...200)
        let training = epochs.map { min(1, 1 - 0.9 * exp(-0.06 * Double($0)) + 0.004 * noise.normal()) }
        let test = epochs.map { 0.79 - 0.69 * exp(-0.07 * Double($0)) + 0.004 * noise.normal() }
        let loss = epochs.map { 2.29 * exp(-0.035 * Double($0)) + 0.01 }
        let testLoss = epochs.map { 0.68 + 1.62 * exp(-0.05 * Double($0)) + 0.0008 * Double($0) }
        return LearningCurve(
            epochs: epochs, trainingLoss: loss, testLoss: testLoss, trainingAccuracy: training,
            testAccuracy: test, title: "300 pictures, 200 epochs: learned by heart")
    }

    static var slow: LearningCurve {
        let epochs = Array(1...200)
        func accuracy(_ epoch: Int, _ top: Double) -> Double {
            0.12 + top / (1 + exp((90 - Double(epoch)) / 25))
        }
        return LearningCurve(
            epochs: epochs, trainingLoss: epochs.map { 0.5 + 1.8 / (1 + exp((Double($0) - 100) / 30)) },
            testLoss: epochs.map { 0.8 + 1.5 / (1 + exp((Double($0) - 100) / 30)) },
            trainingAccuracy: epochs.map { accuracy($0, 0.78) },
            testAccuracy: epochs.map { accuracy($0, 0.66) },
            title: "300 pictures: the gap has a slope")
    }

    static var oneEpoch: LearningCurve {
        LearningCurve(
            epochs: [1], trainingLoss: [0.61], trainingAccuracy: [0.871], testAccuracy: [0.889],
            title: "One epoch & <a \"strange\" name>")
    }

    static var diverged: LearningCurve {
        LearningCurve(
            epochs: [1, 2, 3, 4, 5], trainingLoss: [1.2, 0.9, 8.4, .infinity, .nan],
            trainingAccuracy: [0.7, 0.8, 0.3, 0.098, 0.098], testAccuracy: [0.71, 0.79, 0.31, 0.098, 0.098],
            title: "A learning rate of 20")
    }

    static var sixOptimizers: LineChart {
        let rates = [0.9, 0.7, 0.55, 0.42, 0.35, 0.3]
        let names = ["SGD", "momentum", "AdaGrad", "RMSProp", "Adam", "AdamW with a long name"]
        return LineChart(
            title: "Six optimisers on one valley", subtitle: "f(x, y) = x\u{B2}/20 + y\u{B2}",
            xAxis: .init(label: "step", format: .integer), yAxis: .init(label: "f", scale: .logarithmic),
            series: zip(rates, names).map { rate, name in
                .init(name: name, values: (0..<25).map { 3 * pow(rate, Double($0) / 2) })
            })
    }

    static var manySteps: LineChart {
        var noise = Generator(state: 3)
        let values = (0..<9600).map { 2.3 * exp(-Double($0) / 900) + 0.15 + 0.06 * abs(noise.normal()) }
        return LineChart(
            title: "Loss of each mini-batch", xAxis: .init(label: "step", format: .integer),
            yAxis: .init(label: "Loss", includesZero: true),
            series: [.init(name: "mini-batch", values: values)])
    }

    static var weights: ImageGrid {
        var noise = Generator(state: 5)
        let units = 50
        var values = [Float](repeating: 0, count: 784 * units)
        for unit in 0..<units {
            let blobs = (0..<6).map { _ in
                (7 + 14 * noise.next(), 7 + 14 * noise.next(), 2 + 3 * noise.next(), 0.6 * noise.normal())
            }
            for pixel in 0..<784 {
                let (row, column) = (Double(pixel / 28), Double(pixel % 28))
                var value = 0.03 * noise.normal()
                for (y, x, size, height) in blobs {
                    value +=
                        height
                        * exp(-((row - y) * (row - y) + (column - x) * (column - x)) / (2 * size * size))
                }
                values[pixel * units + unit] = Float(value)
            }
        }
        return .weights(
            NDArray(shape: [784, units], elements: values), tileHeight: 28, tileWidth: 28,
            title: "What the 50 hidden units look for",
            subtitle: "Weights of the first layer; orange pixels switch a unit on, blue ones off")
    }

    static var digits: ImageGrid {
        var pixels: [UInt8] = []
        for tile in 0..<23 {
            for pixel in 0..<784 {
                let (y, x) = (Double(pixel / 28) - 13.5, Double(pixel % 28) - 13.5)
                let radius = (y * y + x * x).squareRoot()
                let distance = abs(radius - 4 - Double(tile % 5))
                pixels.append(UInt8(max(0, min(255, 300 - 150 * distance))))
            }
        }
        let captions = (0..<23).map { tile in
            tile % 4 == 0
                ? ImageGrid.Caption("7 \u{2192} 1", isEmphasized: true) : ImageGrid.Caption("\(tile % 10)")
        }
        return ImageGrid(
            images: NDArray(shape: [23, 28, 28], elements: pixels), captions: captions,
            title: "Test pictures",
            subtitle: "label \u{2192} answer, where they differ")
    }

    static func confusion(_ count: Int, names: [String]) -> ConfusionMatrixChart {
        var noise = Generator(state: 9)
        let counts = (0..<count).map { row in
            (0..<count).map { column in
                row == column ? 900 + Int(150 * noise.next()) : Int(12 * noise.next() * noise.next())
            }
        }
        return ConfusionMatrixChart(counts: counts, classNames: names, title: "What was taken for what")
    }

    static var tangent: LineChart {
        var chart = LineChart(
            title: "The tangent at x = 5", subtitle: "f(x) = 0.01 x\u{B2} + 0.1 x, slope 0.2",
            xAxis: .init(label: "x"), yAxis: .init(label: "f(x)"),
            series: [
                .init(name: "f", over: 0...20) { 0.01 * $0 * $0 + 0.1 * $0 },
                .init(name: "tangent", over: 0...20) { 0.2 * $0 - 0.25 },
                .init(name: "x = 5", positions: [5], values: [0.75], style: .marks),
            ], width: 560)
        chart.showsLastValues = false
        return chart
    }

    static var descent: VectorFieldChart {
        var path = [(-3.0, 4.0)]
        for _ in 0..<20 { path.append((path[path.count - 1].0 * 0.8, path[path.count - 1].1 * 0.8)) }
        return VectorFieldChart(
            title: "Downhill on x0\u{B2} + x1\u{B2}",
            subtitle: "20 steps from (\u{2212}3, 4), learning rate 0.1",
            over: -4.5...4.5, and: -4.5...4.5,
            paths: [.init(name: "gradient descent", positions: path.map(\.0), values: path.map(\.1))]
        ) { (-2 * $0, -2 * $1) }
    }
}
