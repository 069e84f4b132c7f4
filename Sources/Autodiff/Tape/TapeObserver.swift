/// A profiler of a tape's computations, layer by layer.
///
/// A tape without an observer, as in all training that is not profiled, pays one comparison a layer and a node for it. With
/// one, each layer is computed by itself: a convolution and the pooling behind it, otherwise one pass, take longer.
///
/// ```swift
/// let observer = TapeObserver()
/// tape.observer = observer
/// _ = tape.gradients(of: loss(network(tape.input(images, rows: rows)), labels: labels))
/// print(observer.layers[0].forward, observer.layers[0].backward)   // seconds
/// ```
package final class TapeObserver {
    /// The time of one of the outermost `Sequential`'s layers, summed over all steps.
    package struct LayerTime: Equatable, Sendable {
        /// Seconds in the layer's call.
        package var forward = 0.0
        /// Seconds in the pullbacks of the nodes that the call recorded.
        package var backward = 0.0
    }

    /// The times of the layers, by index.
    package private(set) var layers: [LayerTime] = []
    /// Seconds in which batches were gathered from bytes.
    package private(set) var dataSeconds = 0.0
    /// Seconds in the pullbacks of nodes outside layers: the loss.
    package private(set) var lossBackward = 0.0
    /// Seconds in forward passes with the loss, and in backward passes, as a whole; measured by the training step.
    package var forwardSeconds = 0.0
    /// See `forwardSeconds`.
    package var backwardSeconds = 0.0
    /// Seconds in updates of the parameters.
    package var updateSeconds = 0.0

    private let clock = ContinuousClock()
    /// Layers inside layers are part of the outermost one.
    private var isInside = false
    /// The layer that recorded each node; -1 for none.
    private var owners: [Int] = []

    /// Creates an observer without measurements.
    package init() {}

    /// Seconds in the loss, forward.
    package var lossForward: Double {
        max(0, forwardSeconds - dataInForward - layers.reduce(0) { $0 + $1.forward })
    }
    private var dataInForward = 0.0

    /// The current instant.
    package var now: ContinuousClock.Instant { clock.now }

    /// Seconds since a moment.
    package func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (clock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// Adds the time since `start` to that of data; `inForward`: it is part of a forward pass.
    package func addData(since start: ContinuousClock.Instant, inForward: Bool = false) {
        let seconds = seconds(since: start)
        dataSeconds += seconds
        if inForward { dataInForward += seconds }
    }

    func addBackward(node: Int, since start: ContinuousClock.Instant) {
        let seconds = seconds(since: start)
        let owner = node < owners.count ? owners[node] : -1
        if owner >= 0 { layers[owner].backward += seconds } else { lossBackward += seconds }
    }

    func forgetNodes() { owners.removeAll(keepingCapacity: true) }

    /// Measures a layer's call, unless it is nested in another's.
    func layer<Scalar>(_ index: Int, on tape: Tape<Scalar>, _ compute: () -> Tensor<Scalar>) -> Tensor<Scalar>
    {
        guard !isInside else { return compute() }
        isInside = true
        defer { isInside = false }
        while layers.count <= index { layers.append(LayerTime()) }
        let (first, dataBefore, start) = (tape.nodes.count, dataInForward, now)
        let output = compute()
        // A value deferred to the next layer, to be computed with it, is computed now: its time is this layer's.
        if case .deferred = tape.nodes[output.node].value { _ = output.layoutArray }
        layers[index].forward += seconds(since: start) - (dataInForward - dataBefore)
        while owners.count < first { owners.append(-1) }
        while owners.count < tape.nodes.count { owners.append(index) }
        return output
    }
}

extension Tensor {
    /// Whether the computations of this tensor's tape are profiled.
    package var isObserved: Bool { tape.observer != nil }

    /// Applies `layer` to this tensor, measured under `index` if the tape is profiled.
    package func observed(_ index: Int, _ layer: (Tensor) -> Tensor) -> Tensor {
        guard let observer = tape.observer else { return layer(self) }
        return observer.layer(index, on: tape) { layer(self) }
    }
}
