import Arrays
import TestSupport
import Testing

/// Every operation against NumPy (Vectors/operations.json, and indices.json with random indices, 0-d arrays and axes of
/// length 0): shape, type and values; the same bits unless a case
/// allows units in the last place, which it does where a function is not exactly rounded or a product's order
/// of addition is the library's own.
@Suite struct OperationTests {
    @Test(arguments: ["operations.json", "indices.json"])
    func everyOperationIsNumPys(_ name: String) throws {
        let file = try VectorFile(name)
        let cases = try file.list("cases")
        let arrays = try file.list("arrays")
        #expect(cases.count > 1500)
        for (number, content) in cases.enumerated() {
            let item = OperationCase(content, arrays)
            let expected = try Typed(item.object("result"))
            guard let got = try item.evaluate() else {
                Issue.record("case \(number): nothing evaluates \(item.op)")
                continue
            }
            let tolerance = item.integer("ulp") ?? 0
            let place = "case \(number): \(item.summary)"
            #expect(got.dtype == expected.dtype, "\(place)")
            #expect(got.values.shape == expected.values.shape, "\(place)")
            let same = Self.agree(
                got.values, expected.values, ulps: tolerance, single: expected.dtype == "f4")
            #expect(same, "\(place): got \(got.values), expected \(expected.values)")
        }
    }

    /// Whether all elements agree to some units in the last place; for products of matrices the unit is that of the
    /// largest element, because small ones come from cancellation.
    static func agree(_ a: NDArray<Double>, _ b: NDArray<Double>, ulps: Int, single: Bool) -> Bool {
        if ulps == 0 { return Bits(a) == Bits(b) }
        guard a.shape == b.shape else { return false }
        let unit = single ? 0x1p-23 : 0x1p-52
        let largest = ulps >= 1 << 14 ? b.elements.map(\.magnitude).max() ?? 0 : 0
        return zip(a.elements, b.elements).allSatisfy { x, y in
            if x == y || (x.isNaN && y.isNaN) { return true }
            guard x.isFinite && y.isFinite else { return false }
            let tiny = single ? Double(Float.leastNonzeroMagnitude) : .leastNonzeroMagnitude
            if ulps >= 1 << 14 { return abs(x - y) <= 64 * unit * max(largest, y.magnitude) }
            return abs(x - y) <= max(Double(ulps) * unit * y.magnitude, tiny)
        }
    }
}

/// An array with its NumPy type; the values as Double, exactly (all integers in the vectors below 2^53 are).
struct Typed {
    let dtype: String
    let values: NDArray<Double>

    init<Scalar>(_ array: NDArray<Scalar>) {
        values = array.asType(Double.self)
        dtype =
            switch array {
            case is NDArray<Float>: "f4"
            case is NDArray<Double>: "f8"
            case is NDArray<Int32>: "i4"
            case is NDArray<Int>: "i8"
            case is NDArray<UInt8>: "u1"
            default: "b1"
            }
    }

    init(_ object: [String: Any]) throws {
        // NumPy sums bytes as uint64, which this package does not have.
        let name = object["dtype"] as? String ?? ""
        dtype = name == "u8" ? "i8" : name
        values =
            dtype.hasPrefix("f") ? try VectorFile.doubles(object) : try VectorFile.integers(object).asType()
    }
}

/// One case of operations.json.
struct OperationCase {
    let content: [String: Any]
    let op: String
    let args: [[String: Any]]
    private let arrays: [[String: Any]]

    init(_ content: [String: Any], _ arrays: [[String: Any]]) {
        self.content = content
        self.arrays = arrays
        op = content["op"] as? String ?? ""
        args = (content["args"] as? [Int] ?? []).map { arrays[$0] }
    }

    var summary: String {
        let others = content.filter { !["op", "args", "result"].contains($0.key) }
        return "\(op) \(args.map { "\($0["dtype"] ?? "") \($0["shape"] ?? "")" }) \(others)"
    }

    func object(_ key: String) -> [String: Any] { content[key] as? [String: Any] ?? [:] }
    func integer(_ key: String) -> Int? { content[key] as? Int }
    func integers(_ key: String) -> [Int] { content[key] as? [Int] ?? [] }
    func number(_ key: String) -> Double { content[key] as? Double ?? .nan }
    func numbers(_ key: String) -> [Double] {
        parsed(content[key] as? [String] ?? [], as: Double.self)
    }
    func flag(_ key: String) -> Bool { content[key] as? Bool ?? false }
    func array<Scalar>(_ index: Int, as type: Scalar.Type = Scalar.self) throws -> NDArray<Scalar> {
        try array(args[index])
    }

    /// An array written out, drawn, or a view of another (see make_vectors.py).
    private func array<Scalar>(_ object: [String: Any]) throws -> NDArray<Scalar> {
        if let seed = object["drawn"] as? Int {
            var random = RandomState(seed)
            return random.randn(shape: object["shape"] as? [Int] ?? []).asType()
        }
        if let base = object["of"] as? Int, let slices = object["slices"] as? [[Any]] {
            var view: NDArray<Scalar> = try array(arrays[base])
            for (axis, bounds) in slices.enumerated() {
                let bound = { (k: Int) in k < bounds.count ? bounds[k] as? Int : nil }
                let single = bounds.count == 1  // Python's slice(stop)
                let slice = ArrayIndex.slice(
                    from: single ? nil : bound(0), to: single ? bound(0) : bound(1), by: bound(2) ?? 1)
                view =
                    axis == 0 ? view[slice] : axis == 1 ? view[.all, slice] : view[.all, .all, slice]
            }
            return view.permuted(object["axes"] as? [Int] ?? [])
        }
        if (object["dtype"] as? String ?? "").hasPrefix("f") {
            return try VectorFile.doubles(object).asType()
        }
        return try VectorFile.integers(object).asType()
    }

    /// The result in this package, or nil for an operation that no table knows.
    func evaluate() throws -> Typed? {
        if args.isEmpty { return creation() }
        let types = op == "where" ? args.dropFirst() : args[...]
        switch types.first?["dtype"] as? String ?? "" {
        case "f8":
            return try floating(Double.self) ?? linear(Double.self) ?? numeric(Double.self) ?? ordered(
                Double.self) ?? general(Double.self) ?? rearranged(Double.self)
        case "f4":
            return try floating(Float.self) ?? linear(Float.self) ?? numeric(Float.self) ?? ordered(
                Float.self) ?? general(Float.self) ?? rearranged(Float.self)
        case "i8":
            return try integral(Int.self) ?? numeric(Int.self) ?? ordered(Int.self) ?? general(Int.self)
                ?? rearranged(Int.self)
        case "i4":
            return try integral(Int32.self) ?? numeric(Int32.self) ?? ordered(Int32.self) ?? general(
                Int32.self) ?? rearranged(Int32.self)
        case "u1":
            return try integral(UInt8.self) ?? numeric(UInt8.self) ?? ordered(UInt8.self) ?? general(
                UInt8.self) ?? rearranged(UInt8.self)
        default: return try logical() ?? general(Bool.self) ?? rearranged(Bool.self)
        }
    }
}
