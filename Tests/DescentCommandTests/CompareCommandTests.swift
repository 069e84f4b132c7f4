import Descent
import Foundation
import FoundationXML
import TestSupport
import Testing

/// `descent compare`.
@Suite struct CompareCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private static let few = ["compare", "--train-limit", "200", "--test-limit", "60"]

    private func compare(_ more: String...) throws -> CommandRun.Result {
        command.end(try command.start(Self.few + more))
    }

    @Test func jsonHasTheFieldsOfTheDesign() throws {
        let result = try compare(
            "--only", "knn on pixels", "--only", "SVM on HOG", "--only", "two-layer", "--json", "--quiet",
            "--html",
            "page.html")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.error.isEmpty && result.objects.count == 1)
        let line = try #require(result.objects.first)
        #expect(line["version"] as? Int == 1 && line["data"] as? String == "builtin")
        #expect(line["train_count"] as? Int == 200 && line["test_count"] as? Int == 60)
        let rows = line["rows"] as? [[String: Any]] ?? []
        let names = ["KNN on pixels", "linear SVM on HOG", "RBF SVM on HOG", "two-layer"]
        #expect(rows.map { $0["method"] as? String } == names)
        for row in rows {
            let accuracy = row["accuracy"] as? Double ?? -1
            let interval = row["interval"] as? [Double] ?? []
            #expect(interval.count == 2 && interval[0] < accuracy && accuracy < interval[1], "\(row)")
            #expect(row["train_seconds"] as? Double ?? -1 >= 0)
            #expect(row["predict_microseconds"] as? Double ?? -1 > 0)
            #expect(row["model_bytes"] as? Int ?? 0 > 1000)
            let confusion = row["confusion"] as? [[Int]] ?? []
            #expect(confusion.count == 10 && confusion.allSatisfy { $0.count == 10 })
            #expect(confusion.reduce(0) { $0 + $1.reduce(0, +) } == 60)
            let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
            #expect(abs(accuracy - Double(right) / 60) < 1e-12)
            let classes = row["classes"] as? [[String: Any]] ?? []
            #expect(classes.count == 10)
            #expect(classes.compactMap { $0["correct"] as? Int }.reduce(0, +) == right)
        }
        let pairs = line["pairs"] as? [[String: Any]] ?? []
        #expect(pairs.count == 6)
        for pair in pairs {
            #expect(
                names.contains(pair["first"] as? String ?? "")
                    && names.contains(pair["second"] as? String ?? ""))
            #expect((0...1).contains(pair["p"] as? Double ?? -1) && pair["significant"] is Bool)
        }
        #expect((line["left_out"] as? [Any])?.isEmpty == true)
        // The page: everything in one file, nothing from elsewhere.
        let page = command.text("page.html")
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        for name in names { #expect(page.contains(name)) }
        #expect(page.contains("src=\"data:image/png;base64,"))
        for part in ["http:", "https:", "<script", "url(", "@import", "<link"] {
            #expect(!page.contains(part), "\(part)")
        }
        #expect(XMLParser(data: Data(page.utf8)).parse(), "the page's tags are not closed in order")
    }

    @Test func peopleReadATable() throws {
        let result = try compare("--only", "knn on pixels", "--only", "two-layer", "--quiet")
        #expect(result.code == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "builtin: 200 training images, 60 test images")
        let head =
            /^ +method +accuracy +95 % interval +better than +training +per image +model +most frequent mistakes$/
        #expect(lines[2].contains(head), "\(lines[2])")
        for line in lines[3...4] {
            #expect(
                line.contains(
                    /^[12] +(KNN on pixels|two-layer) +[0-9.]+ % +[0-9.]+ - [0-9.]+ % +(2 +)?[0-9.]+ s +[0-9.]+ us +[0-9.]+ [kM]?B +[0-9] as [0-9] .*$/
                ), "\(line)")
        }
        #expect(
            result.output.contains(
                /[01] of 1 pairs? differs? by more than chance \(McNemar's exact test, Holm, 5 %\)/),
            "\(result.output)")
    }

    @Test func whatDoesNotSuitIsLeftOutAndSaid() throws {
        // 6x6: smaller than HOG's blocks of 8x8.
        for (name, count) in [("train", 60), ("t10k", 20)] {
            let labels = (0..<count).map { UInt8($0 % 10) }
            let pixels = labels.flatMap { label in
                (0..<36).map { UInt8($0 % 10) == label ? 255 : 0 } as [UInt8]
            }
            try IDX.write(
                NDArray(shape: [count, 6, 6], elements: pixels),
                to: "\(command.directory)/\(name)-images-idx3-ubyte")
            try IDX.write(
                NDArray(shape: [count], elements: labels),
                to: "\(command.directory)/\(name)-labels-idx1-ubyte")
        }
        let data = ["--data", "mnist", "--data-dir", ".", "--quiet"]
        let some = command.end(
            try command.start(["compare", "--only", "knn on hog", "--only", "knn on pixels"] + data))
        #expect(some.code == 0, "\(some.error)")
        #expect(
            some.output.contains("left out: KNN on HOG: an image is smaller than a block of HOG"),
            "\(some.output)")
        #expect(some.output.contains("KNN on pixels   100.00 %"), "\(some.output)")
        let none = command.end(try command.start(["compare", "--only", "hog"] + data))
        #expect(none.code == 65 && none.output.isEmpty, "\(none.output)")
        #expect(
            none.error.contains("no method suits these images; KNN on HOG: an image is smaller"),
            "\(none.error)")
    }

    @Test func methodsAreListedAndMistakesNamed() throws {
        let list = try command.run("compare", "--list")
        #expect(list.code == 0 && list.output.split(separator: "\n").count == 14)
        let some = try command.run("compare", "--list", "--only", "surf", "--only", "LENET")
        #expect(
            some.output == "KNN on SURF words\nlinear SVM on SURF words\nRBF SVM on SURF words\nlenet\n",
            "\(some.output)")
        for (code, part, arguments) in [
            (64, "no such method", ["--only", "forest"]), (64, "--train-limit", ["--train-limit", "0"]),
            (64, "--test-limit", ["--test-limit", "-1"]), (64, "--seed", ["--seed", "-1"]),
            (64, "an empty path", ["--html", ""]),
            (73, "nowhere/page.html: cannot write the page", ["--html", "nowhere/page.html"]),
            (73, "cannot write the page", ["--html", "."]),
            (66, "nowhere", ["--data", "mnist", "--data-dir", "nowhere"]),
        ] as [(Int32, String, [String])] {
            let result = command.end(try command.start(["compare"] + arguments))
            #expect(result.code == code, "\(arguments): \(result.error)")
            #expect(result.error.contains(part), "\(arguments): \(result.error)")
            #expect(
                result.error.split(separator: "\n").count == 1 && result.output.isEmpty, "\(result.error)")
        }
        let help = try command.run("compare", "--help")
        #expect(
            help.code == 0
                && notEmpty(help.output.split(separator: "\n") as [Substring]).allSatisfy { $0.count <= 80 })
    }
}
