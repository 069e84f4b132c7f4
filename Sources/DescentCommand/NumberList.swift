import ArgumentParser
import Descent

/// One number, or several with commas between them.
struct NumberList: ExpressibleByArgument, Equatable {
    let values: [Double]
    /// The text as given.
    let text: String

    /// Parses the numbers of `5` or `1,10,100`; nil if one cannot be read.
    init?(argument: String) {
        text = argument
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        values = parts.compactMap { Double($0) }
        guard values.count == parts.count else { return nil }
    }

    /// The number, when there is one only.
    var single: Double? { values.count == 1 ? values[0] : nil }
}

extension ClassWeights: ExpressibleByArgument {
    /// Reads the weights that `balanced` or `1,2,0.5` says; nil where they cannot be read.
    public init?(argument: String) {
        guard let weights = try? ClassWeights(parsing: argument) else { return nil }
        self = weights
    }
}
