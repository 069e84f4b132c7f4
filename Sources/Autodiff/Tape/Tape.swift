import Arrays
import Support

/// The record of a computation, for automatic differentiation in reverse mode.
///
/// Each primitive adds a node: its value, the nodes that it was computed from, and its pullback, the function that
/// turns the loss's gradient by this value into the gradients by those. Values are computed eagerly, so the record is
/// always in topological order: each node comes after its inputs.
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
    /// The gradients by a node's inputs, given the gradient by its value, which is computed; nil for an input that needs
    /// none.
    ///
    /// It must not hold a tensor: a tensor holds the tape, and the tape holds the pullback.
    typealias Pullback = (Value<Scalar>) -> [Value<Scalar>?]

    /// A recorded computation, or a leaf.
    struct Node {
        let shape: [Int]
        var value: Value<Scalar>
        let inputs: [Int]
        let needsGradient: Bool
        /// Whether the node is a constant array rather than a parameter.
        var isConstant = false
        var pullback: Pullback?
    }

    var nodes: [Node] = []
    /// The leaves of parameters, by object identity. They are few, and a linear search is faster than making a table in
    /// each step.
    private var leaves: [(identifier: ObjectIdentifier, node: Int)] = []
    /// The leaves' objects, kept alive: an object made after one was freed could have the same identifier.
    private var leafObjects: [AnyObject] = []
    /// Whether layers behave as in training (dropout and its like); evaluation otherwise.
    public let isTraining: Bool
    /// Whether pullbacks are kept. Without them a tape only computes forward passes.
    public let recordsGradients: Bool

    /// The precision in which convolutions and large dense layers multiply.
    package let precision: Precision
    /// The share of a batch's moments in the running ones, in place of each layer's own; nil for the layers' own.
    /// With 1/k for the k-th batch the running moments are the batches' mean.
    package let momentShare: Float?
    /// The origin of the random numbers of this tape's layers, see `RandomStream`.
    let randomOrigin: RandomOrigin
    private var streamCount: UInt32 = 0
    /// An optional profiler; nil without profiling.
    package var observer: TapeObserver?
    /// Whether a primitive with a kink was recorded, a discontinuous derivative: ReLU, a maximum, a hinge.
    package internal(set) var hasKinks = false
    /// Whether a batch normalisation in training got one element a channel: such a batch has no variance.
    package internal(set) var hasSingleMoments = false
    /// The trial of the shapes in progress; nil in all other computations.
    package var trial: ShapeTrial?

    /// Creates an empty tape. Its layers' random numbers are a function of `seed` and `step` alone.
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

    /// Records a variable: a value with a gradient.
    @specialized(where Scalar == Float)
    public func variable(_ value: NDArray<Scalar>) -> Tensor<Scalar> {
        append(Node(shape: value.shape, value: .array(value), inputs: [], needsGradient: recordsGradients))
    }

    /// Records a constant: a value without a gradient.
    public func constant(_ value: NDArray<Scalar>) -> Tensor<Scalar> {
        leaf(.array(value), isConstant: true)
    }

    /// Records a leaf without a gradient.
    @specialized(where Scalar == Float)
    func leaf(_ value: Value<Scalar>, isConstant: Bool = false) -> Tensor<Scalar> {
        append(
            Node(
                shape: value.shape, value: value, inputs: [], needsGradient: false, isConstant: isConstant))
    }

    /// Returns the variable of `object` on this tape, recorded from `value` on first use. One that is not trainable
    /// gets no gradient.
    ///
    /// A network's parameters come onto the tape this way, once each however often they are used.
    @specialized(where Scalar == Float)
    package func variable(
        for object: AnyObject, isTrainable: @autoclosure () -> Bool = true, value: () -> NDArray<Scalar>
    ) -> Tensor<Scalar> {
        if let node = leaf(for: object) { return Tensor(tape: self, node: node) }
        let array = value()
        let tensor = append(
            Node(
                shape: array.shape, value: .array(array), inputs: [],
                needsGradient: recordsGradients && isTrainable()))
        leaves.append((ObjectIdentifier(object), tensor.node))
        leafObjects.append(object)
        return tensor
    }

    /// Returns the value of `object` on this tape; nil if it was not used.
    @specialized(where Scalar == Float)
    package func knownValue(for object: AnyObject) -> NDArray<Scalar>? {
        leaf(for: object).map { value(of: $0) }
    }

    /// Records a primitive: its value, in the form in which it was computed, and its pullback.
    @specialized(where Scalar == Float)
    func record(
        _ value: Value<Scalar>, from inputs: [Tensor<Scalar>], pullback: @escaping Pullback
    ) -> Tensor<Scalar> {
        require(inputs.allSatisfy { $0.tape === self }, "the inputs are on different tapes")
        let needs = recordsGradients && inputs.contains { nodes[$0.node].needsGradient }
        return append(
            Node(
                shape: value.shape, value: value, inputs: inputs.map(\.node), needsGradient: needs,
                pullback: needs ? pullback : nil))
    }

    /// Returns the random stream of the next layer that needs one, by the order of the layers' calls.
    func nextRandomStream() -> RandomStream {
        defer { streamCount += 1 }
        return RandomStream(origin: randomOrigin, place: streamCount)
    }

    @specialized(where Scalar == Float)
    private func append(_ node: Node) -> Tensor<Scalar> {
        nodes.append(node)
        return Tensor(tape: self, node: nodes.count - 1)
    }

    /// The value of a node as an array, computed if it is not known yet.
    @specialized(where Scalar == Float)
    func value(of node: Int) -> NDArray<Scalar> {
        switch nodes[node].value {
        case .array(let array): return array
        case .image(let images, let known):
            if let known { return known }
            let array = images.array()
            nodes[node].value = .image(images, array: array)
            return array
        case .rows(let rows, let known):
            if let known { return known }
            let start = observer?.now
            let array: NDArray<Scalar> = rows.array()
            if let start { observer?.addData(since: start, inForward: true) }
            nodes[node].value = .rows(rows, array: array)
            return array
        case .deferred(let value):
            nodes[node].value = Value(value.computed(inRows: true))
            return self.value(of: node)
        }
    }

    /// The value of a node in the layout that it has, computed if it is not known yet.
    @specialized(where Scalar == Float)
    func layoutArray(of node: Int) -> LayoutArray<Scalar> {
        switch nodes[node].value {
        case .image(let images, _): return images
        case .deferred(let value):
            let images = value.computed(inRows: false)
            nodes[node].value = Value(images)
            return images
        case .array, .rows: return LayoutArray(value(of: node))
        }
    }

    /// Computes the gradients of `loss`, the sum of its elements, by every variable that it depends on: the backward
    /// pass.
    ///
    /// - Complexity: a small multiple of the time that the computation itself took.
    @specialized(where Scalar == Float)
    public func gradients(of loss: Tensor<Scalar>) -> Gradients<Scalar> {
        require(loss.tape === self, "the loss is on another tape")
        var gradients = [Value<Scalar>?](repeating: nil, count: loss.node + 1)
        gradients[loss.node] = .array(NDArray(shape: loss.shape, repeating: 1))
        for index in stride(from: loss.node, through: 0, by: -1) {
            guard let pullback = nodes[index].pullback, let upstream = gradients[index] else { continue }
            let start = observer?.now
            let inputs = nodes[index].inputs
            for (input, given) in zip(inputs, pullback(upstream.computed)) {
                guard let given, nodes[input].needsGradient else { continue }
                // A profile counts the work where it belongs.
                Value.add(observer == nil ? given : given.computed, to: &gradients[input])
            }
            gradients[index] = nil
            if let start { observer?.addBackward(node: index, since: start) }
        }
        return Gradients(tape: self, byNode: gradients)
    }

    /// Releases the values and pullbacks. Only gradients that were computed before may be used afterwards.
    ///
    /// An optimiser updates weights in place only if it holds the only reference, and a tape holds another.
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

    /// The node of `object`, if the computation has used it.
    @specialized(where Scalar == Float)
    func leaf(for object: AnyObject) -> Int? {
        let identifier = ObjectIdentifier(object)
        for leaf in leaves where leaf.identifier == identifier { return leaf.node }
        return nil
    }
}
