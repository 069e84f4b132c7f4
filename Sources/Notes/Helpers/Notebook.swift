import ArrayFiles
import Arrays
import Datasets
import ExampleData
import Images
import Support

/// Helpers of the notebook's cells beside the libraries: the digits, a place for figures, Python's tuples.
///
/// A snippet runs alone (`swift run 06-mnist`) or under `descent notes`, which says by environment variables where
/// the data are (`NOTES_DATA`), where figures go (`NOTES_FIGURES`) and which weights to read (`NOTES_WEIGHTS`).
public enum Notebook {
    /// MNIST from `NOTES_DATA` or the cache of downloads, else as many built-in digits: 60,000 for training
    /// and 10,000 to test. The name of the set says which.
    ///
    /// - Throws: `DescentError` when the files in `NOTES_DATA` are missing or damaged.
    public static func digits() throws -> Dataset {
        if let directory = Environment["NOTES_DATA"] {
            return try DatasetSource.mnist.read(directory: directory)
        }
        if let cache = try? CacheDirectory.standard(),
            let data = try? DatasetSource.mnist.read(directory: cache + "/mnist")
        {
            return data
        }
        return BuiltInDigits.dataset()
    }

    /// Returns the arrays of the pickle that `NOTES_WEIGHTS` names; nil when it is not set.
    ///
    /// - Throws: `DescentError` when the file is missing, damaged, or holds anything but arrays of float32.
    public static func weights() throws -> [String: NDArray<Float>]? {
        try Environment["NOTES_WEIGHTS"].map(weights(in:))
    }

    /// Returns the weights W1, b1, W2, b2, W3, b3 of a pickle, float32, those of a network 784-50-100-10.
    ///
    /// - Throws: `DescentError` when the file is missing, damaged, or holds anything else.
    public static func weights(in path: String) throws -> [String: NDArray<Float>] {
        let arrays = try PickledValue(contentsOf: path).arrays()
        var weights: [String: NDArray<Float>] = [:]
        for (name, shape) in [
            ("W1", [784, 50]), ("b1", [50]), ("W2", [50, 100]), ("b2", [100]), ("W3", [100, 10]),
            ("b3", [10]),
        ] {
            guard case .float32(let values) = arrays[name], values.shape == shape else {
                let got = arrays[name].map { "\($0.elementType.rawValue) of shape \(tuple($0.shape))" }
                throw DescentError(
                    .badData, "not the weights of the network 784-50-100-10", at: "\(path), \(name)",
                    expected: "float32 of shape \(tuple(shape))", got: got ?? "nothing of that name")
            }
            weights[name] = values
        }
        return weights
    }

    /// Keeps a picture as `name` in `NOTES_FIGURES`; does nothing when that is not set.
    ///
    /// - Throws: `DescentError` when it cannot be written.
    public static func save(_ svg: String, as name: String) throws {
        guard let folder = Environment["NOTES_FIGURES"] else { return }
        try AtomicFile.write(svg, to: "\(folder)/\(name)")
    }

    /// Keeps a picture [H, W] as a PNG file `name` in `NOTES_FIGURES`; does nothing when that is not set.
    ///
    /// - Throws: `DescentError` when it cannot be written.
    public static func save(_ image: NDArray<UInt8>, as name: String) throws {
        guard let folder = Environment["NOTES_FIGURES"] else { return }
        try AtomicFile.write(PNG.encode(image), to: "\(folder)/\(name)")
    }
}

/// Returns a shape as Python prints it: `(3, 2)`, `(4,)`, `()`.
public func tuple(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
}

/// Seconds that some work takes, and its result.
public func timed<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try work()
    let taken = (clock.now - start).components
    return (result, Double(taken.seconds) + Double(taken.attoseconds) / 1e18)
}

/// Returns a number with so many decimals, as text.
public func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let digits = String(Int((value.magnitude * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && digits != "0" ? "-" : ""
    return decimals == 0 ? sign + digits : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
}
