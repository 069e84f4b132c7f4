import Arrays
import Networks
import Support

/// One part of a name that spells out its layers: `32@5p2`, `pool`, `dropout0.3`, `64`.
///
/// The suffixes of a convolution's window may come in any order; `description` has the one that is stored and printed:
/// padding, stride, pooling, normalisation.
enum SpelledLayer: Equatable, CustomStringConvertible {
    case pool
    case dropout(Double)
    case dense(Int)
    case convolution(Convolution)

    /// A convolution with what belongs to it.
    struct Convolution: Equatable {
        var outputs: Int
        var kernel: Int
        var padding = 0
        var stride = 1
        var isPooled = false
        var isNormalized = false
    }

    /// Parses the layer that `part` spells.
    ///
    /// - Throws: `usage` that names the unreadable part.
    init(parsing part: Substring) throws {
        if part == "pool" {
            self = .pool
            return
        }
        if part.hasPrefix("dropout") {
            guard let rate = Double(part.dropFirst(7)), rate >= 0, rate < 1 else {
                throw DescentError(.usage, "not a share", expected: "0 or more, below 1, as in dropout0.3")
            }
            self = .dropout(rate)
            return
        }
        guard !part.isEmpty else { throw DescentError(.usage, "nothing stands between two commas") }
        let sizes = part.split(separator: "@", omittingEmptySubsequences: false)
        guard sizes.count <= 2, let outputs = Int(sizes[0]),
            (1...LayerDescription.largestLayer).contains(outputs)
        else { throw DescentError(.usage, "not a layer") }
        self =
            sizes.count == 1
            ? .dense(outputs) : .convolution(try Self.convolution(of: outputs, spelled: sizes[1]))
    }

    /// Parses a convolution spelled `5`, `5p2`, `5s2`, `5/2`, `5n`, or with several of these, after its channels.
    private static func convolution(of outputs: Int, spelled text: Substring) throws -> Convolution {
        func wrong(_ what: String, _ expected: String = "32@5, 32@5p2, 32@3s2, 32@3/2 or 32@3n")
            -> DescentError
        { DescentError(.usage, what, expected: expected) }
        var rest = text
        /// Returns the next digits as a number.
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return Int(digits)
        }
        guard let kernel = number(), (1...64).contains(kernel) else {
            throw wrong("not a window of a convolution", "1 to 64 pixels behind the @, as in 32@5")
        }
        var layer = Convolution(outputs: outputs, kernel: kernel)
        var seen: Set<Character> = []
        while let letter = rest.popFirst() {
            guard "ps/n".contains(letter) else { throw wrong("there is no '\(letter)' behind a window") }
            guard seen.insert(letter).inserted else { throw wrong("'\(letter)' is given twice") }
            switch letter {
            case "p":
                guard let padding = number(), (0..<kernel).contains(padding) else {
                    throw wrong("not a padding", "0 to \(kernel - 1) pixels behind p, as in 32@5p2")
                }
                layer.padding = padding
            case "s":
                guard let stride = number(), (1...64).contains(stride) else {
                    throw wrong("not a stride", "1 to 64 pixels behind s, as in 32@3s2")
                }
                layer.stride = stride
            case "/":
                guard number() == 2 else { throw wrong("not a pooling", "/2, the largest of each 2 x 2") }
                layer.isPooled = true
            default: layer.isNormalized = true
            }
        }
        return layer
    }

    /// The part as it is stored and printed.
    var description: String {
        switch self {
        case .pool: return "pool"
        case .dropout(let rate): return "dropout\(rate == 0 ? "0" : "\(rate)")"
        case .dense(let outputs): return "\(outputs)"
        case .convolution(let layer):
            return "\(layer.outputs)@\(layer.kernel)" + (layer.padding > 0 ? "p\(layer.padding)" : "")
                + (layer.stride > 1 ? "s\(layer.stride)" : "") + (layer.isPooled ? "/2" : "")
                + (layer.isNormalized ? "n" : "")
        }
    }
}

extension Architecture {
    /// Returns the name as it is stored and printed: layers and sizes in their one spelling. A name that cannot be read
    /// stays as it is, for `init(named:)` to refuse.
    package static func canonicalName(_ name: String) -> String {
        for kind in ["conv:", "mlp:"] where name.hasPrefix(kind) {
            let parts = name.dropFirst(kind.count).split(separator: ",", omittingEmptySubsequences: false)
            let spelled = parts.map { part in
                (try? SpelledLayer(parsing: part)).flatMap { layer -> String? in
                    if kind == "conv:" { return layer.description }
                    if case .dense = layer { return layer.description }
                    return nil
                } ?? String(part)
            }
            return kind + spelled.joined(separator: ",")
        }
        return name
    }

    /// Returns the sizes of `mlp:256,128`.
    ///
    /// - Throws: `usage` that names the part that is not a size.
    static func sizes(of name: String) throws -> [Int] {
        let parts = name.dropFirst(4).split(separator: ",", omittingEmptySubsequences: false)
        return try parts.enumerated().map { number, part in
            guard let size = Int(part), (1...LayerDescription.largestLayer).contains(size) else {
                let which = parts.count == 1 ? "the hidden layer" : "hidden layer \(number + 1)"
                throw DescentError(
                    .usage, part.isEmpty ? "\(which) has no size" : "\(which) has an impossible size",
                    at: "`named`",
                    expected: "1 to \(LayerDescription.largestLayer) units for each, as in mlp:256,128",
                    got: part.isEmpty ? "nothing there in '\(name)'" : "'\(part)' in '\(name)'")
            }
            return size
        }
    }
}
