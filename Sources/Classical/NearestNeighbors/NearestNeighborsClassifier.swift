import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// The classifier that ``NearestNeighbors`` fits: the training examples, ready to be searched.
public struct NearestNeighborsClassifier: StorableClassifier {
    /// The name of the type in a file.
    public static let kind = "knn"

    /// The names of the classes.
    public let classNames: [String]
    /// The number of neighbours that vote.
    package let k: Int
    /// The weight of a vote.
    package let weights: NearestNeighbors.Weights
    /// The accuracies by which k was chosen; nil when it was given.
    public let leaveOneOut: LeaveOneOut?
    /// Shares of the neighbours, or of their weights.
    public var scoreKind: ScoreKind { weights == .uniform ? .neighbors(k) : .weightedNeighbors }
    private let finder: NeighborFinder
    private let classes: [Int32]

    init(
        finder: NeighborFinder, classes: [Int32], classNames: [String], k: Int,
        weights: NearestNeighbors.Weights,
        leaveOneOut: LeaveOneOut?
    ) {
        (self.finder, self.classes, self.classNames, self.k) = (finder, classes, classNames, k)
        (self.weights, self.leaveOneOut) = (weights, leaveOneOut)
    }

    /// The distance between rows.
    package var metric: Metric { finder.metric }

    /// The training examples, which the neighbours' indices refer to.
    public var trainingExamples: FeatureMatrix { finder.rows.examples }

    /// The class of each training example.
    public var trainingClasses: [Int32] { classes }

    /// The graph by which neighbours are found approximately; nil when the search is exact.
    package var graph: NeighborGraph? {
        if case .approximate(let graph) = finder { graph } else { nil }
    }

    /// Returns the training examples nearest to each example, the nearest first.
    ///
    /// `k`: how many; as many as vote, by default.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `usage` when k
    ///   is larger than the training set; `interrupted`.
    public func neighbors(
        of examples: FeatureMatrix, k: Int? = nil, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> Neighbors {
        let count = k ?? self.k
        guard (1...classes.count).contains(count) else {
            throw DescentError(
                .usage, "impossible number of neighbours", at: "nearest neighbours",
                expected: "1...\(classes.count)",
                got: "\(count)")
        }
        return try finder.neighbors(
            of: examples, k: count, cancellation: cancellation, progress: progress)
    }

    /// Returns the class with the most votes, the first of equals, and each class's share of them.
    ///
    /// - Throws: as `neighbors(of:)`; `interrupted`, for a metric may take a tenth of a second a query.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let found = try neighbors(of: examples, cancellation: cancellation)
        var winners: [Int32] = []
        winners.reserveCapacity(found.count)
        var votes = Votes(classes: classNames.count)
        let shares = NDArray<Float>(shape: [found.count, classNames.count]) { target in
            for row in 0..<found.count {
                votes.clear()
                for place in 0..<k {
                    votes.add(Int(classes[Int(found.places[row * k + place])]), weights, found, row, place)
                }
                winners.append(Int32(votes.winner))
                let sum = votes.weights.reduce(0, +)
                for (number, weight) in votes.weights.enumerated() {
                    target.initializeElement(at: row * classNames.count + number, to: Float(weight / sum))
                }
            }
        }
        return Answers(classes: winners, scores: shares)
    }

    /// `k = 3, l2, 80 examples`.
    public var summary: String {
        "k = \(k), \(metric), \(Numerals.counted(trainingExamples.count, "example"))"
    }

    /// Reports the accuracy of the chosen k, and a graph's recall of the true neighbours.
    public func remarks(measuring rows: () throws -> FeatureMatrix) -> [String] {
        let chosen = leaveOneOut.map { ["\($0)"] } ?? []
        guard let graph, let recall = try? graph.recall(of: rows(), k: k) else { return chosen }
        return chosen + ["\(recall)"]
    }

    // MARK: In a file

    /// Puts the training examples, their classes, the settings and the graph, if there is one, under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        finder.store(in: &file, prefix: prefix)
        file.set(NDArray(classes.map(Int.init)), named: prefix + "classes")
        file.metadata[prefix + "k"] = "\(k)"
        file.metadata[prefix + "weights"] = weights.rawValue
        if let leaveOneOut { file.set(NDArray(leaveOneOut.accuracies), named: prefix + "leave-one-out") }
    }

    /// Restores the classifier from the entries that `store` wrote; the codes for the exact search are made again.
    ///
    /// - Throws: `badData` when something is missing or contradicts the rest.
    public init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        finder = try NeighborFinder(from: file, prefix: prefix)
        let examples = finder.rows.examples
        let numbers = try file.array(named: prefix + "classes", as: Int.self, shape: [examples.count])
            .elements
        let classCount = classNames.count
        guard numbers.allSatisfy({ (0..<classCount).contains($0) }) else {
            throw file.wrong(prefix + "classes", expected: "numbers in 0..<\(classCount)")
        }
        classes = numbers.map { Int32($0) }
        k = try file.setting(prefix + "k") { text in
            Int(text).flatMap { (1...examples.count).contains($0) ? $0 : nil }
        }
        weights = try file.setting(prefix + "weights") { NearestNeighbors.Weights(rawValue: $0) }
        leaveOneOut =
            file.arrays[prefix + "leave-one-out"] == nil
            ? nil
            : LeaveOneOut(accuracies: try file.finite(named: prefix + "leave-one-out", shape: [nil]).elements)
    }
}
