import Arrays
import Autodiff
import Support

extension ArchitectureBuilder {
    /// Appends the layers that a name spells out, after `conv:` and with commas between them.
    ///
    /// | part | layer |
    /// |---|---|
    /// | `32@5` | a convolution of 32 channels, windows of 5x5 |
    /// | `32@5p2` | the same with 2 zeros around the image |
    /// | `32@5s2` | the same in steps of 2 pixels |
    /// | `32@5/2` | max pooling of its result by 2x2, and the activation after that |
    /// | `32@3n` | without a bias and with batch normalisation before the activation, and after the pooling |
    /// | `pool` | max pooling by 2x2 |
    /// | `dropout0.3` | dropout of three tenths of the elements |
    /// | `64` | a dense layer; all after it are dense too |
    ///
    /// The suffixes of a window may come in any order: `32@3/2n` and `32@3n/2` are the same layers.
    ///
    /// - Throws: `usage` that names the part that is wrong.
    mutating func convolutional(spelled name: String) throws {
        let parts = name.dropFirst(5).split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 64 else {
            throw DescentError(
                .usage, "too many layers", at: "`named`", expected: "at most 64 hidden layers",
                got: "\(parts.count)")
        }
        for part in parts {
            do {
                try add(SpelledLayer(parsing: part))
            } catch let error as DescentError {
                throw DescentError(
                    .usage, "'\(part)' is not possible there: \(error.what)", at: "`named`",
                    expected: error.expected ?? "32@5, 32@5p2, 32@3s2, 32@3/2, 32@3n, pool, dropout0.3 or 64",
                    got: error.got ?? "'\(name)'")
            }
        }
        if shape.count > 1 { try flatten() }
    }

    private mutating func add(_ layer: SpelledLayer) throws {
        switch layer {
        case .pool: try pool()
        case .dropout(let rate): try add(.dropout(rate: rate))
        case .dense(let outputs):
            if shape.count > 1 { try flatten() }
            dense([outputs])
        case .convolution(let layer): try add(layer)
        }
    }

    private mutating func add(_ layer: SpelledLayer.Convolution) throws {
        let isPlain = !layer.isNormalized && !layer.isPooled
        // Batch normalisation would subtract a bias before it again.
        try add(
            .convolution(
                channels: shape[0], outputs: layer.outputs,
                windows: WindowGeometry(
                    kernel: Extent(layer.kernel, layer.kernel), stride: Extent(layer.stride, layer.stride),
                    padding: Padding(integerLiteral: layer.padding)), groups: 1,
                hasBias: !layer.isNormalized, activation: isPlain ? activation : .identity))
        // Pooling comes first: three quarters less is left to normalise.
        if layer.isPooled { try pool() }
        if layer.isNormalized { try add(norm(layer.outputs)) }
        if !isPlain { try add(.activation(activation)) }
    }
}
