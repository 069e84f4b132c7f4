import Descent
import Diagnostics
import Foundation
import TestSupport
import Testing

// What stands below, up to the mark, is the code of Documentation/FirstNetwork.md, line by line.

/// Looks for eight small patterns, keeps where each is strongest, and decides by what it found.
struct FirstNetwork: Layer {
    let patterns = Convolution(1, 8, kernel: 5)
    let strongest = MaxPooling(3)
    var hidden = Dense(8 * 8 * 8, 64, initializer: .he)
    let output = Dense(64, 10)

    /// Scores [N, 10] of images that come as rows [N, 784].
    func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let count = input.shape[0]
        let images = input.reshaped(to: [count, 1, 28, 28])
        let found = strongest(patterns(images).relu())
        let features = found.reshaped(to: [count, 8 * 8 * 8])
        return output(hidden(features).relu())
    }
}

/// Trains it, and says how it went.
func trainFirstNetwork() throws -> History {
    let digits = BuiltInDigits.dataset(trainCount: 4000, testCount: 500)
    let network = FirstNetwork()

    var trainer = Trainer(optimizer: .adam(learningRate: 0.003), batchSize: 32, epochs: 6, seed: 1)
    trainer.schedule = .cosine()
    let history = try trainer.fit(network, on: digits.train, validating: digits.test) { event in
        if case .epoch(let epoch, _) = event {
            print("epoch \(epoch.number): loss \(epoch.training.loss), test \(epoch.test?.accuracy ?? 0)")
        }
    }

    let answers = try network.predictions(for: .bytes(digits.test.images), rows: 0..<10)
    print("said:  \(answers.labels)")
    print("right: \(digits.test.classes.prefix(10))")
    return history
}

func gradientsAreRight() throws -> Bool {
    let network = FirstNetwork()
    let digits = BuiltInDigits.dataset(trainCount: 4, testCount: 1).train
    var checker = GradientChecker(
        network, inputs: .bytes(digits.images), rows: [0, 1, 2, 3],
        labels: digits.classes)
    checker.sample = 5
    return try checker.check().agrees
}

func keep(_ network: FirstNetwork, in path: String) throws {
    var file = SafeTensors()
    for named in network.namedParameters { file.set(named.parameter.value, named: named.name) }
    try file.write(to: path)
}

func restore(_ network: FirstNetwork, from path: String) throws {
    let file = try SafeTensors(contentsOf: path)
    for named in network.namedParameters {
        named.parameter.value = try file.array(named: named.name, as: Float.self)
    }
}

// The end of the article's code.

@Suite struct FirstNetworkTests {
    @Test func theProgramOfTheArticleLearns() throws {
        let history = try trainFirstNetwork()
        #expect(history.epochs.count == 6)
        // The article says about 80 %.
        #expect(abs((history.test?.accuracy ?? 0) - 0.80) < 0.03, "\(String(describing: history.test))")
    }

    @Test func whatIsKeptIsRestored() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/first.safetensors"
        let (network, other) = (FirstNetwork(), FirstNetwork())
        var random = RandomState(3)
        network.initialize(using: &random)
        try keep(network, in: path)
        try restore(other, from: path)
        let digits = FeatureMatrix.bytes(BuiltInDigits.dataset(trainCount: 20, testCount: 1).train.images)
        let answers = try [network, other].map {
            try $0.predictions(for: digits, probabilities: true).probabilities?.elements
        }
        #expect(answers[0] != nil && answers[0] == answers[1])
        for file in ["FirstNetwork.md", "FirstNetwork.ko.md"] {
            let source = try String(contentsOfFile: #filePath, encoding: .utf8)
            let article = try article(file)
            let block = try #require(
                article.components(separatedBy: "```\nfunc keep").last?.components(separatedBy: "```").first)
            #expect(source.contains("func keep" + block), "not compiled: \(block)")
        }
    }

    @Test func itsGradientsAreRight() throws { #expect(try gradientsAreRight()) }

    @Test func theMessageOfTheArticleIsTheOneThatComes() throws {
        let digits = BuiltInDigits.dataset(trainCount: 2, testCount: 1).train
        let error = #expect(throws: DescentError.self) {
            try Trainer(epochs: 1).fit(FirstNetwork(hidden: Dense(500, 64, initializer: .he)), on: digits)
        }
        for file in ["FirstNetwork.md", "FirstNetwork.ko.md"] {
            #expect(
                try article(file).contains("\n\(try #require(error?.description))\n"),
                "\(error?.description ?? "")")
        }
    }

    @Test(arguments: ["FirstNetwork.md", "FirstNetwork.ko.md"])
    func theCodeOfTheArticleIsWhatIsCompiled(file: String) throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let blocks = try article(file).components(separatedBy: "```swift\n").dropFirst()
            .map { String($0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex)) }
        #expect(blocks.count == 2)
        for block in blocks {
            let code = block.replacing(/import \w+\n/, with: "")
            #expect(source.contains("\n" + code), "not compiled: \(code)")
        }
        let lines = blocks[0].split(separator: "\n").filter {
            !$0.trimmingCharacters(in: .whitespaces).isEmpty
        }
        #expect(lines.count <= 40)
    }

    private func article(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("Documentation/\(name)"), encoding: .utf8)
    }
}
