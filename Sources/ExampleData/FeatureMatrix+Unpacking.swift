import Arrays
import Support

extension FeatureMatrix {
    /// The largest memory that sparse rows may take with their zeros: 4 GiB.
    package static let unpackingLimit = 1 << 32

    /// The bytes of `count` rows with their zeros, as `Float`; `Int.max` where that is no number of bytes.
    package func unpackedByteCount(rows count: Int) -> Int {
        let (numbers, overflow) = max(1, count).multipliedReportingOverflow(by: max(1, featureCount))
        return overflow || numbers > Int.max / 4 ? .max : 4 * numbers
    }

    /// Whether sparse rows may be unpacked; true for others, which have their zeros already.
    package var canBeUnpacked: Bool {
        guard case .sparse = storage else { return true }
        return unpackedByteCount(rows: count) <= Self.unpackingLimit
    }

    /// The share of the elements that are not zero, for sparse rows; 1 for others, whose elements are not counted.
    package var density: Double {
        guard case .sparse(let rows) = storage else { return 1 }
        return Double(rows.nonZeroCount) / max(1, Double(count) * Double(featureCount))
    }

    /// Requires that sparse rows may be unpacked, before memory is taken for it.
    ///
    /// `rows`: the number of rows that are unpacked at once; nil for all. `learner`: what needs them with their zeros.
    ///
    /// - Throws: `badData` that says how much memory they would take.
    package func requireUnpackable(
        rows count: Int? = nil, for learner: String, limit: Int = unpackingLimit
    ) throws(DescentError) {
        guard case .sparse = storage else { return }
        let count = min(count ?? self.count, self.count)
        let bytes = unpackedByteCount(rows: count)
        guard bytes > limit else { return }
        throw DescentError(
            .badData, "the sparse rows would take too much memory with their zeros", at: learner,
            expected: "at most \(Self.size(limit))",
            got:
                "\(Self.size(bytes)) for \(Numerals.grouped(count)) rows of \(Numerals.grouped(featureCount)) features",
            advice:
                "take a linear support vector machine or a network that begins with a dense layer, which skip the "
                + "zeros, or fewer examples")
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 30
            ? "\(Numerals.fixed(Double(bytes) / 1048576, 1)) MiB"
            : "\(Numerals.fixed(Double(bytes) / 1073741824, 1)) GiB"
    }
}
