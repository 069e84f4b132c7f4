import Arrays
import Autodiff

extension ArchitectureBuilder {
    /// The layers that a name spells out, after `conv:` and with commas between them.
    ///
    /// | part | layer |
    /// |---|---|
    /// | `32@5` | a convolution of 32 channels, windows of 5x5 |
    /// | `32@5p2` | the same with 2 zeros around the image |
    /// | `32@3n` | without a bias and with batch normalisation before the activation |
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
                    expected: error.expected ?? "32@5, 32@5p2, 32@3n, pool, dropout0.3 or 64",
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
        guard sizes.count == 2 else {
            if shape.count > 1 { try flatten() }
            return dense([outputs])
        }
        let isNormalized = sizes[1].hasSuffix("n")
        let numbers = (isNormalized ? sizes[1].dropLast() : sizes[1]).split(
            separator: "p", omittingEmptySubsequences: false)
        let padding = numbers.count == 2 ? Int(numbers[1]) : 0
        guard numbers.count <= 2, let kernel = Int(numbers[0]), let padding, (1...64).contains(kernel),
            (0..<kernel).contains(padding)
        else { throw DescentError(.usage, "not a window of a convolution", expected: "32@5 or 32@5p2") }
        guard isNormalized else {
            return try convolution(outputs, Extent(kernel, kernel), padding: Padding(integerLiteral: padding))
        }
        // A bias before batch normalisation would be taken away again.
        try add(
            .convolution(
                channels: shape[0], outputs: outputs,
                windows: WindowGeometry(
                    kernel: Extent(kernel, kernel), padding: Padding(integerLiteral: padding)), groups: 1,
                hasBias: false, activation: .identity))
        try add(norm(outputs))
        try add(.activation(activation))
    }
}
