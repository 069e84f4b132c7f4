import EvaluationMetrics
import Support
import TestSupport
import Testing

@testable import Reports

@Suite struct EvaluationTextTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test func aWholeText() throws {
        var report = try EvaluationReport(
            of: .init(model: "m", data: "d", split: "test"), classNames: ["ham", "spam"],
            actual: [0, 0, 0, 1, 1, 1, 1, 1], predicted: [0, 0, 1, 1, 1, 1, 1, 0])
        report.importance = [FeatureImportance(name: "words", mean: 0.25, deviation: 0.125)]
        report.comparison = try ModelComparison(
            name: "runs/1", actual: [0, 0, 0, 1, 1, 1, 1, 1], first: [0, 0, 1, 1, 1, 1, 1, 0],
            second: [0, 1, 1, 1, 1, 1, 0, 1])
        #expect(
            EvaluationText(report, loss: 0.25, remark: "No better than guessing.").text == """
                accuracy   75.00 %   (6 of 8; 95 % interval 40.9 - 92.9 %)
                loss        0.2500
                F1         73.33 %   (macro; 75.00 % weighted)
                No better than guessing.

                class             examples   recall  95 % interval  precision       F1
                ham                      3  66.67 %  20.8 - 93.9 %    66.67 %  66.67 %
                spam                     5  80.00 %  37.6 - 96.4 %    80.00 %  80.00 %
                macro average               73.33 %                   73.33 %  73.33 %
                weighted average            75.00 %                   75.00 %  75.00 %

                confusion: rows are true classes, columns predicted ones
                       ham spam
                ham      2    1
                spam     1    4

                most confused
                  true ham, predicted spam  1  33.33 % of its class
                  true spam, predicted ham  1  20.00 % of its class

                importance: how much the score falls when a feature is shuffled
                  words  0.2500  +- 0.1250

                against runs/1
                  accuracy 75.00 %, the other 62.50 %
                  only this is right: 2; only the other: 1
                  McNemar's exact test: p = 1.0: the difference may be chance

                collect next: ham
                  its recall is known least: 20.8 - 93.9 % from 3 examples
                  20 more in the test set would halve that interval

                """)
    }

    @Test func numbers() throws {
        let report = try EvaluationReport(
            of: .init(model: "m", data: "d", split: "test"), actual: [1, 2, 3, 6], predicted: [1, 3, 3, 4])
        #expect(
            EvaluationText(report).text
                == """
                MAE        0.7500   (95 % interval 0.0000 - 1.6883)
                RMSE       1.1180   (1.8708 if the mean were always predicted)
                R2         0.6429
                median     0.5000   (of the absolute errors)
                largest    2.0000
                bias      -0.2500   (mean of prediction - target)

                largest errors
                  true 6.0000, predicted 4.0000  -2.0000  example 3
                  true 2.0000, predicted 3.0000   1.0000  example 1

                """)
    }

    @Test func comparedNumbers() throws {
        var report = try EvaluationReport(
            of: .init(model: "m", data: "d", split: "test"), actual: [100, 200_000],
            predicted: [100, 200_000])
        report.unit = "EUR"
        report.regressionComparison = try RegressionComparison(
            name: "runs/1", actual: [100, 200_000], first: [100, 200_000], second: [101, 199_000])
        let text = EvaluationText(report).text
        #expect(text.contains("MAE       0.0000 EUR   (95 %"), "\(text)")
        #expect(text.contains("R2        1.0000\nmedian    0.0000 EUR"), "\(text)")
        #expect(!text.contains("largest errors"))
        #expect(
            text.contains(
                """
                against runs/1
                  MAE 0.0000, the other 500.50; RMSE 0.0000, the other 707.11
                  this is nearer: 2; the other: 0
                  Wilcoxon's test: p = 0.5: the difference may be chance
                """), "\(text)")
    }

    /// Eighty columns hold all, whatever the names: two wide letters for one, long ones, invisible ones.
    @Test(arguments: [2, 6, 10, 40])
    func eightyColumns(count: Int) throws {
        let kinds: [[String]] = [
            (0..<count).map { "class \($0)" }, (0..<count).map { "한국어로 된 아주 긴 클래스 이름 \($0)" },
            (0..<count).map { String(repeating: "w", count: 60) + "\($0)" },
            (0..<count).map { $0 < 6 ? SampleReports.strangeNames[$0] : "\u{202E}\($0)" },
            (0..<count).map(String.init),
        ]
        for names in kinds {
            let report = try SampleReports.classifier(names, count: 3000, accuracy: 0.6)
            for columns in [72, 80, 120] {
                let text = EvaluationText(report, columns: columns).text
                let widest = notEmpty(lines(text)).map { DisplayWidth.of($0) }.max() ?? 0
                #expect(widest <= columns, "\(count) names like \(names[0])")
                #expect(!text.contains("\u{202E}") && !text.contains("\u{7}"))
            }
        }
    }

    @Test func tenClassesAreAMatrix() throws {
        var (actual, predicted): ([Int32], [Int32]) = ([], [])
        for row in 0..<10 {
            for column in 0..<10 {
                let count = row == column ? 120 : (row + column) % 4 == 0 ? 3 : 0
                actual += [Int32](repeating: Int32(row), count: count)
                predicted += [Int32](repeating: Int32(column), count: count)
            }
        }
        let metrics = try ClassificationMetrics(
            actual: actual, predicted: predicted, classNames: (0..<10).map(String.init))
        let text = lines(ConfusionText(metrics).text)
        #expect(text.count == 12)
        #expect(text[1] == "     0   1   2   3   4   5   6   7   8   9")
        #expect(text[2] == "0  120   ·   ·   ·   3   ·   ·   ·   3   ·")
        #expect(text[11] == "9    ·   ·   ·   3   ·   ·   ·   3   · 120")
    }

    @Test func namesThatBeginAlikeAreNumbered() throws {
        let names = (0..<10).map { "species of bird \($0)" }
        let metrics = try ClassificationMetrics(actual: [0, 9, 9], predicted: [0, 9, 0], classNames: names)
        let text = lines(ConfusionText(metrics).text)
        #expect(text[1] == "                       1   2   3   4   5   6   7   8   9  10")
        #expect(text[2] == " 1 species of bird…    1   ·   ·   ·   ·   ·   ·   ·   ·   ·")
        #expect(text[11] == "10 species of bird…    1   ·   ·   ·   ·   ·   ·   ·   ·   1")
    }

    @Test func fortyClassesAreAList() throws {
        var (actual, predicted): ([Int32], [Int32]) = ([], [])
        for index in 0..<40 {
            actual += [Int32](repeating: Int32(index), count: 100)
            predicted += [Int32](repeating: Int32(index), count: 100)
        }
        predicted.replaceSubrange(0..<6, with: [1, 1, 1, 2, 3, 3])
        predicted.replaceSubrange(500..<520, with: (6..<26).map { Int32($0) })
        let metrics = try ClassificationMetrics(
            actual: actual, predicted: predicted, classNames: (0..<40).map { "class \($0)" })
        #expect(
            ConfusionText(metrics).text == """
                true class  correct  taken for
                class 0      94/100  class 1 (3), class 3 (2), class 2 (1)
                class 5      80/100  class 6 (1), class 7 (1), class 8 (1), +17 more
                no mistakes: 38 of 40 classes

                """)
    }

    @Test func widthsOfCharacters() {
        let widths = ["a", "é", "가", "日", "🐈‍⬛", "❤️", "e\u{301}", "…"].map { (text: String) in
            DisplayWidth.of(text)
        }
        #expect(widths == [1, 1, 2, 2, 2, 2, 1, 1])
        #expect(DisplayWidth.shortened("고양이와 개", to: 6) == "고양…")
        #expect(
            DisplayWidth.shortened("abc", to: 3) == "abc" && DisplayWidth.shortened("abcd", to: 3) == "ab…")
        #expect(
            DisplayWidth.padded("가", to: 4) == "가  " && DisplayWidth.padded("가", to: 3, isRight: true) == " 가"
        )
    }
}
