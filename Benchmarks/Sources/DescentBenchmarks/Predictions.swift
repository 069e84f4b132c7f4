import Descent
import Foundation
import Images

extension Benchmark {
    /// A trained model in use: from an image to an answer, from a folder to a model, and the whole program for one picture.
    ///
    /// Ours alone: `inference, batch 1: lenet` has the time of the layers, and the peers'.
    static var predictions: [Benchmark] {
        [
            Benchmark(name: "predict(image): lenet", unit: .microseconds, usesThreads: false) { environment in
                let model = try ClassifierModel(contentsOf: writtenModel(environment))
                let image = BuiltInDigits.dataset(trainCount: 0, testCount: 1).test.images[0].contiguousCopy()
                return .body {
                    let answer = try model.predict(image)
                    precondition(answer.probability > 0)
                }
            },
            Benchmark(name: "loading a model folder: lenet", unit: .milliseconds, usesThreads: false) {
                environment in
                let path = try writtenModel(environment)
                return .body {
                    let model = try ClassifierModel(contentsOf: path)
                    precondition(model.classNames.count == 10)
                }
            },
            Benchmark(name: "whole program: predict on one PNG", unit: .milliseconds, usesThreads: false) {
                environment in
                let program = environment.root + "/.build/release/descent"
                guard FileManager.default.isExecutableFile(atPath: program) else {
                    return .skipped("\(program) is not built: run ./descent once")
                }
                let image = BuiltInDigits.dataset(trainCount: 0, testCount: 1).test.images[0].contiguousCopy()
                let picture = environment.scratch + "/digit-\(UUID().uuidString).png"
                try Data(PNG.encode(image)).write(to: URL(fileURLWithPath: picture))
                let model = try writtenModel(environment)
                return .program { threads in
                    [program, "predict", model, picture, "--quiet", "--threads", String(threads)]
                }
            },
        ]
    }

    /// The folder of a network with its first weights, as `train` writes one.
    private static func writtenModel(_ environment: Environment) throws -> String {
        let data = BuiltInDigits.dataset(trainCount: 2000, testCount: 8)
        let model = try TrainableNetwork(named: "lenet", for: data.train)
        let classifier = try model.classifier()
        var folder = ModelFolder(classifier, samples: data.test.features)
        folder.novelty = try ModelNovelty(fittedTo: data.train, of: classifier, seed: 1)
        return try folder.write(to: .folder(environment.scratch + "/lenet-\(UUID().uuidString)"))
    }
}
