import Descent

/// A network that learns in steps of Adam, one random batch for each call.
struct NetworkTraining {
    private let inputs: ByteRows
    private let labels: [Int32]
    private let network: Sequential
    private let batch: Int
    private var learn: TrainingStep
    private var random = RandomState(1)
    /// Drawn one step ahead, as `Trainer` has them.
    private var next: [Int32] = []

    init(_ name: String, _ examples: LabeledImages, batch: Int, precision: Precision) throws {
        inputs = ByteRows(examples.images)
        labels = examples.labels.elements.map { Int32($0) }
        network = try Architecture(named: name, inputs: 784, classes: 10).makeNetwork(
            using: &random)
        self.batch = batch
        learn = TrainingStep(network, optimizer: .adam(), precision: precision)
        next = drawRows()
    }

    private mutating func drawRows() -> [Int32] {
        random.randint(0, inputs.count, shape: [batch]).elements.map { Int32($0) }
    }

    mutating func step() {
        let rows = next
        next = drawRows()
        _ = learn(inputs, labels: labels, rows: rows, nextRows: next)
    }

    /// On the first 2,000 images, as the peers have it: enough to see that it learns.
    func accuracy(on images: LabeledImages) -> Double {
        let rows = 0..<min(2000, images.count)
        let said = (try? network.predictions(for: ByteRows(images.images), rows: rows))?.labels ?? []
        let correct = zip(said, images.labels.elements).count { $0 == Int32($1) }
        return Double(correct) / Double(said.count)
    }
}
