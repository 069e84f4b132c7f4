import Descent
import Pipelines
import Tables

/// Learns from a table and predicts the rows of another: `Wine wine.csv new.csv`; it writes a small table if none is given.
@main struct Wine {
    static func main() throws {
        var files = Array(CommandLine.arguments.dropFirst())
        if files.count != 2 {
            files = ["moons.csv", "moons.csv"]
            let points = PlanePoints(.moons, count: 400, noise: 0.2, seed: 1)
            try DelimitedText.write(points.examples, to: files[0])
        }
        let table = try Table(files[0])
        print(table.notes.joined(separator: "\n"))
        let parts = try table.split(test: 0.2, seed: 1)
        let preprocessing = try TablePreprocessing(fittedTo: parts.train)
        let train = try parts.train.examples(preprocessing)
        let classifier = try Pipeline(.pixels, SupportVectorMachine(cost: 1)).fit(train)
        if let test = try parts.test?.examples(preprocessing) {
            print("\(test.count) test rows: accuracy \(try classifier.evaluate(on: test).accuracy)")
        }
        var folder = ModelFolder(classifier, samples: train.prefix(8).features)
        folder.input = .table(preprocessing)
        try folder.write(to: .folder("wine-model", replacing: true))
        for answer in try ClassifierModel(contentsOf: "wine-model").predict(tableAt: files[1]).prefix(5) {
            print(answer.className, answer.probability)
        }
    }
}
