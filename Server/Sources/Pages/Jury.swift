import Classical
import Descent
import Foundation
import ImageFeatures
import Pipelines
import Serving

/// A network, a support vector machine and nearest neighbours for the same drawing: those that are not served already are trained on the
/// built-in digits, in seconds.
public struct Jury: Sendable {
    /// The models that were trained, as NAME=FOLDER.
    public private(set) var models: [String] = []
    private let folder: String

    /// Who belongs to it.
    private enum Member: String, CaseIterable {
        case network, svm, knn
    }

    /// The digits to learn from: kernels and neighbours take longer the more they keep.
    private static let counts: [Member: Int] = [.network: 20_000, .svm: 3_000, .knn: 6_000]
    private static let epochs = 6
    private static let seed = 1

    /// Trains the members that are missing among the models of a store.
    ///
    /// `said`: called with the name of each before it is trained.
    ///
    /// - Throws: what training and writing throw.
    public init(completing store: ModelStore?, said: (String) -> Void = { _ in }) throws {
        let present = try Self.members(of: store)
        folder = FileManager.default.temporaryDirectory.path + "/descent-jury-" + UUID().uuidString
        do {
            for member in Member.allCases where !present.contains(member) {
                said(member.rawValue)
                let path = "\(folder)/\(member.rawValue)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Self.train(member).write(to: .folder(path))
                models.append("\(member.rawValue)=\(path)")
            }
        } catch {
            remove()
            throw error
        }
    }

    /// Removes the folders of the models that were trained: to be called when the server has ended.
    public func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private static func members(of store: ModelStore?) throws -> Set<Member> {
        guard let store else { return [] }
        var found: Set<Member> = []
        for name in store.names {
            let model = try store.entry(named: name).model
            guard model.model.classifier.exampleShape == [28, 28] else { continue }
            if let member = Member(rawValue: try ModelInside(model.model, at: model.path).kind) {
                found.insert(member)
            }
        }
        return found
    }

    private static func train(_ member: Member) throws -> ModelFolder {
        let digits = BuiltInDigits.dataset(trainCount: counts[member] ?? 1_000, testCount: 8)
        let classifier: any TrainedClassifier =
            switch member {
            case .network: try network(digits.train)
            case .svm:
                try Pipeline(.hog(.init(cellSize: 4)), SupportVectorMachine(cost: 10)).fit(digits.train)
            case .knn: try Pipeline(.pixels, NearestNeighbors(k: 5), deskews: true).fit(digits.train)
            }
        var folder = ModelFolder(classifier, samples: digits.test.features)
        folder.input = .images(ImageInput(height: 28, width: 28, isColor: false))
        folder.novelty = try ModelNovelty(fittedTo: digits.train, of: classifier, seed: seed)
        return folder
    }

    private static func network(_ digits: LabeledExamples) throws -> NetworkClassifier {
        let architecture = try Architecture(named: "mlp:100", inputs: 28 * 28, classes: 10)
        let network = architecture.makeNetwork()
        let trainer = Trainer(
            optimizer: .adam(learningRate: 0.002), batchSize: 64, epochs: epochs, seed: seed,
            reinitializesWeights: true)
        _ = try trainer.fit(network, on: digits)
        return try NetworkClassifier(
            architecture: architecture, network: network, classNames: digits.classNames)
    }
}
