import Arrays
import Support

/// A value with a state that training changes, which can be saved and restored.
package protocol Restorable {
    /// The arrays of the state, by unique names.
    var stateArrays: [(name: String, value: NDArray<Float>)] { get }
    /// The scalars of the state, by unique names; counts are whole numbers.
    var stateScalars: [(name: String, value: Double)] { get }
    /// Restores a state that `stateArrays` and `stateScalars` gave.
    ///
    /// - Throws: `badData` that names what is missing, surplus, given twice, impossible or of another shape; the value is
    ///   unchanged then.
    mutating func restore(
        arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]) throws
}

/// A state that is being read: each part is taken once, and nothing may be left.
struct SavedState {
    private let kind: String
    private var arrays: [String: NDArray<Float>] = [:]
    private var scalars: [String: Double] = [:]

    /// Creates a reader; `kind` says in errors whose state it is: "adam".
    init(
        of kind: String, arrays: [(name: String, value: NDArray<Float>)],
        scalars: [(name: String, value: Double)]
    ) throws {
        self.kind = kind
        for (name, value) in arrays where self.arrays.updateValue(value, forKey: name) != nil {
            throw error("given twice", name)
        }
        for (name, value) in scalars where self.scalars.updateValue(value, forKey: name) != nil {
            throw error("given twice", name)
        }
    }

    mutating func array(_ name: String, shape: [Int]) throws -> NDArray<Float> {
        guard let array = arrays.removeValue(forKey: name) else { throw error("missing", name) }
        guard array.shape == shape else {
            throw error("of another shape", name, expected: "\(shape)", got: "\(array.shape)")
        }
        return array
    }

    mutating func number(_ name: String) throws -> Double {
        guard let number = try optionalNumber(name) else { throw error("missing", name) }
        return number
    }

    mutating func optionalNumber(_ name: String) throws -> Double? {
        guard let number = scalars.removeValue(forKey: name) else { return nil }
        guard number.isFinite else { throw error("not a number", name, got: "\(number)") }
        return number
    }

    mutating func count(_ name: String) throws -> Int {
        let number = try number(name)
        guard let count = Int(exactly: number), count >= 0, count < 1 << 53 else {
            throw error("not a count", name, expected: "a whole number from 0 up", got: "\(number)")
        }
        return count
    }

    /// Refuses parts that were not read: they belong to the state of something else.
    func finish() throws {
        if let name = (arrays.keys.sorted() + scalars.keys.sorted()).first { throw error("unknown", name) }
    }

    private func error(
        _ what: String, _ name: String, expected: String? = nil, got: String? = nil
    ) -> DescentError {
        DescentError(
            .badData, "'\(name)' is \(what)", at: "the saved state of \(kind)", expected: expected, got: got,
            advice: "it was written by another kind of training, or is damaged")
    }
}
