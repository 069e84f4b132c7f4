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
        let hasBias = bias != nil
        let needs = ConvolutionPrimitives.Needs(
            source: needsGradient, parameters: weight.needsGradient || bias?.needsGradient == true)
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
        let inputs = node.inputs.map { Tensor(tape: tape, node: $0) }
        let needs = ConvolutionPrimitives.Needs(
            source: inputs[0].needsGradient, parameters: inputs.dropFirst().contains { $0.needsGradient })
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
        let (sourceNeeds, weightNeeds) = (needsGradient, weight.needsGradient)
        return tape.record(Value(primitives.transposed(source, weights: weights)), from: [self, weight]) {
            let upstream = $0.layoutArray
            var gradients: [Value<Float>?] = [nil, nil]
            if sourceNeeds {
                let packed = primitives.packed(weights, forDataGradient: false)
                gradients[0] = Value(primitives.forward(upstream, packed: packed, bias: nil).result)
            }
            guard weightNeeds else { return gradients }
            // The gradient by w of the transposed convolution is that of the convolution, with the roles of its
            // source and of the gradient by its result exchanged.
            let passed = ConvolutionPrimitives.Passed(
                source: upstream, result: source, places: NDArray(shape: [0], repeating: 0), pooling: nil)
            gradients[1] = primitives.gradients(
                passed, upstream: source, weights: weights, needs: .init(source: false)
            ).parameters.map { .array($0.weights) }
            return gradients
        }
    }
}

private func convolutionGradients(
    _ convolution: DeferredConvolution, _ upstream: LayoutArray<Float>, _ needs: ConvolutionPrimitives.Needs,
    _ hasBias: Bool
) -> [Value<Float>?] {
    let gradients = convolution.primitives.gradients(
        convolution.passed(), upstream: upstream, weights: convolution.weights, needs: needs)
    let trained: [Value<Float>?] = [
        gradients.source.map { Value($0) }, gradients.parameters.map { .array($0.weights) },
    ]
    return hasBias ? trained + [gradients.parameters.map { .array($0.bias) }] : trained
}
