import Arrays

extension Tape {
    /// The object of the last variable before the first value that is not finite: the parameter from which this value,
    /// or its input, was computed. Nil if all values are finite or no variable precedes them.
    ///
    /// - Complexity: a pass over all values.
    package func parameterOfFirstNonFiniteValue() -> AnyObject? {
        let first = nodes.indices.first { node in
            !value(of: node).withUnsafeElements { $0.allSatisfy(\.isFinite) }
        }
        guard let first else { return nil }
        return object(nearestBefore: first)
    }
}
