import Descent
import ImageFolders

/// Learns from pictures and says what one shows: `Photos photos photos/cat/1.jpg`; it draws digits if none are given.
@main struct Photos {
    static func main() throws {
        let arguments = CommandLine.arguments
        let photos = arguments.count > 1 ? arguments[1] : "digits"
        if arguments.count == 1 {
            try BuiltInDigits.dataset(trainCount: 1_000, testCount: 0).train.exportFolder(to: photos)
        }
        let data = try ImageFolder(photos).split(test: 0.2, seed: 1)
        let picture = arguments.count > 2 ? arguments[2] : "\(photos)/\(data.split.test[0].file)"
        let (train, test) = (try data.train.labeledExamples(), try data.test.labeledExamples())
        let model = try TrainableNetwork(named: "auto", for: train)
        _ = try Trainer(optimizer: .adam(learningRate: 0.002), batchSize: 32, epochs: 3).fit(
            model.network, on: train)
        let classifier = try model.classifier()
        print("\(test.count) test pictures: accuracy \(try classifier.evaluate(on: test).accuracy)")

        var folder = ModelFolder(classifier, samples: test.prefix(8).features)
        folder.input = .images(ImageInput(data.decoded.target))
        try folder.write(to: .folder("photos-model", replacing: true))
        let answer = try ClassifierModel(contentsOf: "photos-model").predict(imageAt: picture)
        print("\(picture): \(answer.className), probability \(answer.probability)")
    }
}
