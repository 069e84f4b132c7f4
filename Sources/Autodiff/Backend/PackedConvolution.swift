import Arrays

// The convolution of `Float`: by oneDNN's primitives.
extension Tensor where Scalar == Float {
    /// A convolution that is deferred until it is known whether it is pooled.
    func packedConvolution(
        _ shape: ConvolutionShape, weight: Tensor, bias: Tensor?, _ cache: ConvolutionCache
    ) -> Tensor {
        let primitives = cache.primitives(for: shape)
        let weights = weight.value
        let deferred = DeferredConvolution(
            primitives: primitives, source: layoutArray, weights: weights,
            packed: cache.packed(weights, for: primitives, learning: tape.recordsGradients), bias: bias?.value
        )
        let (needs, hasBias) = (needsGradient, bias != nil)
        return tape.record(.deferred(deferred), from: [self, weight] + (bias.map { [$0] } ?? [])) {
            convolutionGradients(deferred, $0.layoutArray, needs, hasBias)
        }
    }

    /// Max pooling of a deferred convolution, computed in one pass with it; nil for any other value.
    func poolingDeferredConvolution(_ pooling: WindowGeometry, to size: Extent) -> Tensor? {
        let node = tape.nodes[self.node]
        guard case .deferred(let value) = node.value, let convolution = value as? DeferredConvolution,
            convolution.pooling == nil
        else { return nil }
        let pooled = DeferredConvolution(convolution, pooling: pooling, to: size)
        // A profile counts the time of each layer in its own.
        if tape.observer != nil { _ = pooled.passed() }
        let needs = tape.nodes[node.inputs[0]].needsGradient
        let inputs = node.inputs.map { Tensor(tape: tape, node: $0) }
        let hasBias = inputs.count == 3
        return tape.record(.deferred(pooled), from: inputs) {
            convolutionGradients(pooled, $0.layoutArray, needs, hasBias)
        }
    }

    /// A transposed convolution: the gradient of a convolution by its source.
    func packedTransposed(
        _ shape: ConvolutionShape, weight: Tensor, _ cache: ConvolutionCache
    ) -> Tensor {
        let primitives = cache.primitives(for: shape)
        let (source, weights) = (layoutArray, weight.value)
        return tape.record(Value(primitives.transposed(source, weights: weights)), from: [self, weight]) {
            let upstream = $0.layoutArray
            let packed = primitives.packed(weights, forDataGradient: false)
            let (sourceGradient, _) = primitives.forward(upstream, packed: packed, bias: nil)
            // The gradient by w of the transposed convolution is that of the convolution, with the roles of its
            // source and of the gradient by its result exchanged.
            let passed = ConvolutionPrimitives.Passed(
                source: upstream, result: source, places: NDArray(shape: [0], repeating: 0), pooling: nil)
            let gradients = primitives.gradients(
                passed, upstream: source, weights: weights, sourceNeeds: false)
            return [Value(sourceGradient), .array(gradients.weights)]
        }
    }
}

private func convolutionGradients(
    _ convolution: DeferredConvolution, _ upstream: LayoutArray<Float>, _ sourceNeeds: Bool, _ hasBias: Bool
) -> [Value<Float>?] {
    let gradients = convolution.primitives.gradients(
        convolution.passed(), upstream: upstream, weights: convolution.weights, sourceNeeds: sourceNeeds)
    let trained: [Value<Float>?] = [gradients.source.map { Value($0) }, .array(gradients.weights)]
    return hasBias ? trained + [.array(gradients.bias)] : trained
}
