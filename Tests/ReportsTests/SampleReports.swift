import Arrays
import EvaluationMetrics
import Foundation
import Reports
import Support

/// Reports of made-up answers that follow from a seed.
enum SampleReports {
    static let animals = ["cat", "dog", "horse", "sheep", "cow", "goat", "hen", "duck", "goose", "pig"]
    /// What a folder may be called.
    static let strangeNames = [
        "<script>alert(1)</script>", "\"quoted\" & 'single'", "🐈‍⬛ 고양이",
        String(repeating: "very long name ", count: 12),
        "a\u{202E}b\u{7}\nc", "",
    ]

    /// `accuracy`: the share that is right, about; scores are too sure.
    static func classifier(
        _ names: [String], count: Int = 600, accuracy: Double = 0.9, calibrated: Bool = false,
        areProbabilities: Bool = true
    ) throws -> EvaluationReport {
        var random = RandomState(names.count)
        let width = names.count
        var (actual, predicted, scores): ([Int32], [Int32], [Float]) = ([], [], [])
        for _ in 0..<count {
            let right = random.randint(0, width)
            let answer =
                random.rand() < accuracy
                ? right : (right + 1 + Int(random.rand() * random.rand() * 3)) % width
            actual.append(Int32(right))
            predicted.append(Int32(answer))
            let sure = answer == right ? 1 - 0.3 * random.rand() * random.rand() : 0.55 + 0.45 * random.rand()
            let confidence = width == 1 ? 1 : sure
            scores += (0..<width).map {
                $0 == answer ? Float(confidence) : Float((1 - confidence) / Double(width - 1))
            }
        }
        let array = NDArray(shape: [count, width], elements: scores)
        return try EvaluationReport(
            of: .init(model: "runs/2026-11-30", data: "photos", split: "test"), classNames: names,
            actual: actual,
            predicted: predicted, scores: array, areProbabilities: areProbabilities,
            calibration: calibrated ? Calibration(fitting: array, actual: actual) : nil, mistakeLimit: 12)
    }

    static func regression(_ count: Int = 500) throws -> (report: EvaluationReport, page: EvaluationPage) {
        var random = RandomState(3)
        let actual = (0..<count).map { _ in 20 + 8 * random.randn() }
        let predicted = actual.map { $0 * 0.95 + 1.2 + random.randn() * $0.magnitude / 12 }
        var report = try EvaluationReport(
            of: .init(model: "runs/houses", data: "houses.csv", split: "test"), actual: actual,
            predicted: predicted)
        report.importance = [
            FeatureImportance(name: "area", mean: 3.21, deviation: 0.11),
            FeatureImportance(name: "distance to the station", mean: 1.4, deviation: 0.2),
            FeatureImportance(name: "colour of the door", mean: -0.01, deviation: 0.02),
        ]
        (report.targetName, report.unit) = ("price", "k€")
        report.regressionComparison = try RegressionComparison(
            name: "runs/old", actual: actual, first: predicted, second: actual.map { $0 * 0.9 + 1 })
        let residuals = RegressionMetrics.residuals(actual: actual, predicted: predicted)
        return (report, EvaluationPage(report, predicted: predicted, residuals: residuals))
    }

    /// A blob of a colour, for each mistake of a report.
    static func pictures(_ report: EvaluationReport, isColor: Bool) -> [Int: NDArray<UInt8>] {
        var pictures: [Int: NDArray<UInt8>] = [:]
        for (number, mistake) in report.worstMistakes.enumerated() {
            let channels = isColor ? 3 : 1
            let pixels = (0..<28 * 28 * channels).map { place -> UInt8 in
                let (y, x) = (place / channels / 28 - 14, place / channels % 28 - 14)
                let distance = abs(x * x + y * y - 60 - number * 4)
                return UInt8(max(0, 255 - distance * (2 + place % channels)))
            }
            pictures[mistake.index] = NDArray(shape: isColor ? [28, 28, 3] : [28, 28], elements: pixels)
        }
        return pictures
    }

    /// Everything that a page can have.
    static func whole(_ names: [String], language: Language = .en) throws -> EvaluationPage {
        var report = try classifier(names, calibrated: true)
        report.importance = [FeatureImportance(name: "petal <length>", mean: 0.42, deviation: 0.03)]
        report.comparison = try ModelComparison(
            name: "runs/2026-11-01", actual: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            first: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
            second: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
        return EvaluationPage(
            report, language: language, pictures: pictures(report, isColor: language == .ko))
    }
}
