import Descent

/// One step on one example in slow motion: the graph node by node with its numbers, the gradient that back-propagation gives, and
/// beside it the numerical one, which moves each number a little and computes everything behind it anew. In double precision.
///
/// Dropout is left out, and the update shown is plain gradient descent, whatever the run's optimiser is.
public struct SlowMotion: Encodable, Sendable {
    /// A node of the graph.
    public struct Node: Encodable, Sendable {
        /// Its name: `x`, `W1`, `b1`, `z1`, `a1` ... `p`, `L`.
        public var name: String
        /// What it is: `input`, `weight`, `bias`, `sum`, `activation`, `softmax`, `loss`.
        public var kind: String
        /// The nodes that it is computed from.
        public var inputs: [String]
        /// Its shape.
        public var shape: [Int]
        /// The rows and columns of it that are shown.
        public var rows: [Int], columns: [Int]
        /// The values that are shown, row by row.
        public var values: [Double]
        /// The gradient of the loss by each, back-propagated and numerical; nil for values that are not finite.
        public var gradient: [Double?], numerical: [Double?]
        /// What each would be after the step; empty for what is no parameter.
        public var updated: [Double]
    }

    /// The example's number among the training examples.
    public var example: Int
    /// Its class.
    public var label: Int
    /// The class that the network gives it.
    public var said: Int
    /// The loss before the step, and after it.
    public var loss: Double, lossAfter: Double
    /// The learning rate and the weight decay of the update.
    public var learningRate: Double, weightDecay: Double
    /// The nodes, from the input to the loss.
    public var nodes: [Node]
    /// The largest difference between the two gradients, relative to the larger of them and 1.
    public var largestDifference: Double

    /// The most rows or columns of a node that are shown.
    static let shown = 6

    init(_ training: LabTraining, example: Int) throws {
        try LabSettings.check("example", example, in: 0...training.data.train.count - 1)
        let graph = try ExampleGraph(training, example: example)
        let (rate, decay) = (training.learningRate, training.settings.weightDecay)
        let pass = graph.pass()
        guard pass.loss.isFinite else {
            throw DescentError(.usage, "the network's numbers are no longer finite", advice: "start over")
        }
        var largest = 0.0
        let nodes = graph.places.map { place in
            let (rows, columns) = graph.shown(place)
            let width = graph.shape(place).last ?? 1
            let indices = rows.flatMap { row in columns.map { row * width + $0 } }
            let values = pass.values[place]?.elements ?? []
            let gradients = pass.gradients[place]?.elements ?? []
            let numerical = indices.map { graph.numericalGradient(place, $0) }
            for (index, number) in zip(indices, numerical) where number.isFinite && gradients[index].isFinite
            {
                let size = max(1, max(number.magnitude, gradients[index].magnitude))
                largest = max(largest, (number - gradients[index]).magnitude / size)
            }
            let factor = place.kind == .weight ? decay : 0
            return Node(
                name: place.name, kind: place.kind.rawValue, inputs: graph.inputs(place),
                shape: graph.shape(place), rows: rows, columns: columns, values: indices.map { values[$0] },
                gradient: indices.map { Self.finite(gradients[$0]) }, numerical: numerical.map(Self.finite),
                updated: place.isParameter
                    ? indices.map { values[$0] - rate * (gradients[$0] + factor * values[$0]) } : [])
        }
        (self.example, label, said) = (example, Int(graph.label), pass.said)
        (learningRate, weightDecay, self.nodes, largestDifference) = (rate, decay, nodes, largest)
        loss = pass.loss
        let after = graph.loss(after: pass, rate: rate, decay: decay)
        lossAfter = after.isFinite ? after : .greatestFiniteMagnitude
    }

    private static func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
