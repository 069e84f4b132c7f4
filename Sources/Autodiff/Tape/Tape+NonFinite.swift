import Arrays

extension Tape {
    /// The object behind the variable nearest before the first value that is not finite: the parameter that this value, or
    /// what it was computed from, was made with. Nil if all values are finite or no variable stands before.
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
