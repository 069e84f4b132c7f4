import Arrays

/// The record of a computation, from which gradients are taken in reverse.
///
/// Each primitive adds a node: its value, the nodes that it was computed from, and its pullback, the function that
/// turns the loss's gradient by this value into the gradients by those. Values are computed at once, so the
/// record is always in an order in which each node stands after its inputs.
///
/// ```swift
/// let tape = Tape<Double>()
/// let x = tape.variable(NDArray([3.0, 4.0]))
/// let gradients = tape.gradients(of: (x * x).sum())
/// print(gradients[x])   // [6. 8.]
/// ```
///
/// Source: reverse accumulation (Linnainmaa 1970); Baydin et al. 2018, "Automatic differentiation in machine
/// learning: a survey", section 3.2.
public final class Tape<Scalar: DifferentiableScalar> {
    /// The gradients by a node's inputs, given the gradient by its value; nil for an input that needs none.
    ///
    /// It must not hold a tensor: a tensor holds the tape, and the tape holds the pullback.
    typealias Pullback = (NDArray<Scalar>) -> [NDArray<Scalar>?]
    /// The same, for a primitive that reads and gives images in a layout of their own.
    typealias StoredPullback = (StoredValue<Scalar>) -> [StoredValue<Scalar>?]

    /// A value on the tape: as an array, as images in some layout, or as what it will be computed from once
    /// somebody asks.
    struct Node {
        let shape: [Int]
        var value: NDArray<Scalar>?
        var stored: StoredValue<Scalar>?
        var picked: (any PickedRows)?
        var convolved: PendingConvolution?
        let inputs: [Int]
        let needsGradient: Bool
        /// Whether it came as a batch of numbers, and nothing that is learnt.
        var isConstant = false
        var pullback: StoredPullback?
    }

    var nodes: [Node] = []
    /// Which nodes stand for objects. There are few, and a search among them is faster than a table to make each step.
    private var leaves: [(identifier: ObjectIdentifier, node: Int)] = []
    /// The leaves' objects are kept: another one made after it was gone could have the same identifier.
    private var leafObjects: [AnyObject] = []
    /// Whether layers behave as in training (dropout and its like); evaluation otherwise.
    public let isTraining: Bool
    /// Whether pullbacks are kept. Without them a tape only computes.
    public let recordsGradients: Bool

    /// What the products of convolutions and of large dense layers are made in.
    public let precision: Precision
    /// How much of a batch's moments goes into running ones, in place of each layer's own; nil for the layers' own.
    /// With 1/k for the k-th batch the running moments are the batches' mean.
    public let momentShare: Float?
    /// Where the random numbers of this tape's layers begin.
    let randomOrigin: RandomOrigin
    private var streamCount: UInt32 = 0
    /// Told where the time goes; nil unless somebody measures.
    public var observer: TapeObserver?
    /// Whether a primitive was recorded whose slope jumps somewhere: ReLU, the largest of some numbers, a hinge.
    package internal(set) var hasKinks = false
    /// Whether a batch normalisation was given one number a channel to measure: such a batch has no variance.
    package internal(set) var hasSingleMoments = false
    /// The batch that will come after this tape's, if known; nil once somebody has taken charge of fetching it.
    package var upcoming: UpcomingRows?
    /// Notes what does not fit instead of stopping; nil except in a trial of the shapes.
    package var trial: ShapeTrial?

    /// An empty tape. Its layers' random numbers follow from `seed` and `step` and nothing else.
    @specialized(where Scalar == Float)
    public init(
        recordsGradients: Bool = true, isTraining: Bool = true, precision: Precision = .float32,
        momentShare: Float? = nil, seed: Int = 0, step: Int = 0
    ) {
        self.recordsGradients = recordsGradients
        self.isTraining = isTraining
        self.precision = precision
        self.momentShare = momentShare
        randomOrigin = RandomOrigin(seed: seed, step: step)
        // A tape that only computes has often one node, its result.
        guard recordsGradients else { return }
        nodes.reserveCapacity(16)
        leaves.reserveCapacity(8)
        leafObjects.reserveCapacity(8)
    }

    /// A value that gradients can be taken by.
    @specialized(where Scalar == Float)
    public func variable(_ value: NDArray<Scalar>) -> Tensor<Scalar> {
        append(
            Node(shape: value.shape, value: value, inputs: [], needsGradient: recordsGradients))
    }

    /// A value that no gradient is taken by.
    public func constant(_ value: NDArray<Scalar>) -> Tensor<Scalar> {
        append(Node(shape: value.shape, value: value, inputs: [], needsGradient: false, isConstant: true))
    }

    /// The variable that stands for `object` on this tape, made from `value` when it is first asked for.
    ///
    /// A network's parameters come onto the tape this way, once each however often they are used.
    @specialized(where Scalar == Float)
    public func variable(for object: AnyObject, value: () -> NDArray<Scalar>) -> Tensor<Scalar> {
        if let node = leaf(for: object) { return Tensor(tape: self, node: node) }
        let tensor = variable(value())
        leaves.append((ObjectIdentifier(object), tensor.node))
        leafObjects.append(object)
        return tensor
    }

    /// The value that stands for `object` on this tape; nil if nothing does.
    @specialized(where Scalar == Float)
    package func knownValue(for object: AnyObject) -> NDArray<Scalar>? {
        leaf(for: object).map { value(of: $0) }
    }

    /// Records what a primitive has computed.
    @specialized(where Scalar == Float)
    func record(
        _ value: NDArray<Scalar>, from inputs: [Tensor<Scalar>], pullback: @escaping Pullback
    ) -> Tensor<Scalar> {
        let needs = needsGradient(inputs)
        return append(
            Node(
                shape: value.shape, value: value, inputs: inputs.map(\.node), needsGradient: needs,
                pullback: needs
                    ? { upstream in pullback(upstream.array()).map { $0.map(StoredValue.init) } } : nil))
    }

    /// Records what a primitive has computed whose gradients may wait until they are needed.
    @specialized(where Scalar == Float)
    func record(
        _ value: NDArray<Scalar>, from inputs: [Tensor<Scalar>],
        pullback: @escaping (NDArray<Scalar>) -> [StoredValue<Scalar>?]
    ) -> Tensor<Scalar> {
        let needs = needsGradient(inputs)
        return append(
            Node(
                shape: value.shape, value: value, inputs: inputs.map(\.node), needsGradient: needs,
                pullback: needs ? { pullback($0.array()) } : nil))
    }

    /// Records images that a primitive has computed, in the layout that suited it.
    @specialized(where Scalar == Float)
    func record(
        images: StoredValue<Scalar>, from inputs: [Tensor<Scalar>], pullback: @escaping StoredPullback
    ) -> Tensor<Scalar> {
        let needs = needsGradient(inputs)
        return append(
            Node(
                shape: images.shape, stored: images, inputs: inputs.map(\.node), needsGradient: needs,
                pullback: needs ? pullback : nil))
    }

    /// Records a convolution that is not computed yet: if only its pooled result is asked for, the two are one pass.
    func record(
        pending: PendingConvolution, from inputs: [Tensor<Scalar>], pullback: @escaping StoredPullback
    ) -> Tensor<Scalar> {
        let needs = needsGradient(inputs)
        return append(
            Node(
                shape: pending.shape, convolved: pending, inputs: inputs.map(\.node), needsGradient: needs,
                pullback: needs ? pullback : nil))
    }

    @specialized(where Scalar == Float)
    private func needsGradient(_ inputs: [Tensor<Scalar>]) -> Bool {
        require(inputs.allSatisfy { $0.tape === self }, "the inputs are on different tapes")
        return recordsGradients && inputs.contains { nodes[$0.node].needsGradient }
    }

    /// Random numbers for the next layer that needs some; the order of the layers' calls decides which.
    func nextRandomStream() -> RandomStream {
        defer { streamCount += 1 }
        return RandomStream(origin: randomOrigin, place: streamCount)
    }

    @specialized(where Scalar == Float)
    func append(_ node: Node) -> Tensor<Scalar> {
        nodes.append(node)
        return Tensor(tape: self, node: nodes.count - 1)
    }

    /// The value of a node as an array; computes what nobody has asked for yet.
    @specialized(where Scalar == Float)
    func value(of node: Int) -> NDArray<Scalar> {
        if let value = nodes[node].value { return value }
        let value: NDArray<Scalar>
        if let picked = nodes[node].picked {
            let start = observer?.now
            value = picked.array()
            if let start { observer?.addData(since: start, inForward: true) }
        } else {
            value = stored(node, inRows: true).array()
        }
        nodes[node].value = value
        return value
    }

    /// The value of a node as it lies; `inRows`: what is computed only now lies in rows if it can.
    @specialized(where Scalar == Float)
    func stored(_ node: Int, inRows: Bool = false) -> StoredValue<Scalar> {
        if let stored = nodes[node].stored { return stored }
        if let convolved = nodes[node].convolved {
            guard let stored = convolved.passed(inRows: inRows).result as? StoredValue<Scalar> else {
                mistake("only Float convolutions wait")
            }
            nodes[node].stored = stored
            return stored
        }
        return StoredValue(value(of: node))
    }

    /// The gradients of `loss`, the sum of its elements, by every variable that it depends on.
    ///
    /// - Complexity: a small multiple of the time that the computation itself took.
    @specialized(where Scalar == Float)
    public func gradients(of loss: Tensor<Scalar>) -> Gradients<Scalar> {
        require(loss.tape === self, "the loss is on another tape")
        var gradients = [StoredValue<Scalar>?](repeating: nil, count: loss.node + 1)
        gradients[loss.node] = StoredValue(NDArray(shape: loss.shape, repeating: 1))
        for index in stride(from: loss.node, through: 0, by: -1) {
            guard let pullback = nodes[index].pullback, let upstream = gradients[index] else { continue }
            let start = observer?.now
            let inputs = nodes[index].inputs
            for (input, given) in zip(inputs, pullback(upstream.computed)) {
                guard let given, nodes[input].needsGradient else { continue }
                // Who measures wants the work counted where it belongs.
                let gradient = observer == nil ? given : given.computed
                if gradients[input] == nil {
                    gradients[input] = gradient
                } else {
                    gradients[input]?.accumulate(gradient)
                }
            }
            gradients[index] = nil
            if let start { observer?.addBackward(node: index, since: start) }
        }
        return Gradients(tape: self, byNode: gradients)
    }

    /// Forgets the values and pullbacks; gradients that were taken stay. Afterwards only they may be used.
    ///
    /// An optimiser changes weights in place only when nobody else holds them, and a tape does.
    @specialized(where Scalar == Float)
    public func clear() {
        nodes.removeAll(keepingCapacity: true)
        observer?.forgetNodes()
    }

    /// The object behind the last variable at or before a node.
    func object(nearestBefore node: Int) -> AnyObject? {
        // Nodes ascend in the order in which the leaves came.
        leaves.lastIndex { $0.node <= node }.map { leafObjects[$0] }
    }

    /// The node that stands for `object`, if the computation has used it.
    @specialized(where Scalar == Float)
    func leaf(for object: AnyObject) -> Int? {
        let identifier = ObjectIdentifier(object)
        for leaf in leaves where leaf.identifier == identifier { return leaf.node }
        return nil
    }
}

/// The numbers that are multiplied. Sums, weights and everything between layers are float32 either way.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// 24 bits of fraction.
    case float32
    /// Factors rounded to bfloat16, 8 bits of fraction; faster on some processors, see `automatic(on:)`.
    case bfloat16 = "bf16"
}
