import Arrays
import Autodiff

extension ArchitectureBuilder {
    /// The layers that a name spells out, after `conv:` and with commas between them.
    ///
    /// | part | layer |
    /// |---|---|
    /// | `32@5` | a convolution of 32 channels, windows of 5x5 |
    /// | `32@5p2` | the same with 2 zeros around the image |
    /// | `32@5s2` | the same in steps of 2 pixels |
    /// | `32@5/2` | of its result the largest of each 2x2, and the activation after that |
    /// | `32@3n` | without a bias and with batch normalisation before the activation; `32@3/2n`: after the largest |
    /// | `pool` | the largest of each 2x2 |
    /// | `dropout0.3` | three tenths of the numbers become zero in training |
    /// | `64` | a dense layer; all after it are dense too |
    ///
    /// - Throws: `usage` that names the part that is wrong.
    mutating func convolutional(spelled name: String) throws {
        let parts = name.dropFirst(5).split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 64 else {
            throw DescentError(
                .usage, "too many layers", at: "--model", expected: "at most 64 hidden layers",
                got: "\(parts.count)")
        }
        for part in parts {
            do {
                try add(spelled: part)
            } catch let error as DescentError {
                throw DescentError(
                    .usage, "'\(part)' is not possible there: \(error.what)", at: "--model",
                    expected: error.expected ?? "32@5, 32@5p2, 32@3s2, 32@3/2, 32@3n, pool, dropout0.3 or 64",
                    got: error.got ?? "'\(name)'")
            }
        }
        if shape.count > 1 { try flatten() }
    }

    private mutating func add(spelled part: Substring) throws {
        if part == "pool" { return try pool() }
        if part.hasPrefix("dropout") {
            guard let rate = Double(part.dropFirst(7)), rate >= 0, rate < 1 else {
                throw DescentError(.usage, "not a share", expected: "0 or more, below 1")
            }
            return try add(.dropout(rate: rate))
        }
        let sizes = part.split(separator: "@", omittingEmptySubsequences: false)
        guard sizes.count <= 2, let outputs = Int(sizes[0]),
            (1...LayerDescription.largestLayer).contains(outputs)
        else {
            throw DescentError(.usage, "not a layer")
        }
        guard sizes.count == 1 else { return try addConvolution(of: outputs, spelled: sizes[1]) }
        if shape.count > 1 { try flatten() }
        dense([outputs])
    }

    /// A convolution spelled `5`, `5p2`, `5s2`, `5/2`, `5n` after its channels.
    private mutating func addConvolution(of outputs: Int, spelled text: Substring) throws {
        let isNormalized = text.hasSuffix("n")
        var digits = isNormalized ? text.dropLast() : text
        let isPooled = digits.hasSuffix("/2")
        if isPooled { digits = digits.dropLast(2) }
        /// The number after `letter` at the end, which is taken away.
        func number(after letter: Character) -> Int? {
            guard let place = digits.lastIndex(of: letter) else { return letter == "s" ? 1 : 0 }
            defer { digits = digits[..<place] }
            return Int(digits[digits.index(after: place)...])
        }
        guard let stride = number(after: "s"), let padding = number(after: "p"), let kernel = Int(digits),
            (1...64).contains(kernel), (0..<kernel).contains(padding), (1...64).contains(stride)
        else {
            throw DescentError(.usage, "not a window of a convolution", expected: "32@5, 32@5p2 or 32@5s2")
        }
        let isPlain = !isNormalized && !isPooled
        // A bias before batch normalisation would be taken away again.
        try add(
            .convolution(
                channels: shape[0], outputs: outputs,
                windows: WindowGeometry(
                    kernel: Extent(kernel, kernel), stride: Extent(stride, stride),
                    padding: Padding(integerLiteral: padding)), groups: 1,
                hasBias: !isNormalized, activation: isPlain ? activation : .identity))
        // The largest comes first: three quarters less is left to normalise.
        if isPooled { try pool() }
        if isNormalized { try add(norm(outputs)) }
        if !isPlain { try add(.activation(activation)) }
    }
}
