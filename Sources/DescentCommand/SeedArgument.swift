import ArgumentParser

/// The value of `--seed`: what NumPy's generator takes, 0 to 4294967295.
enum SeedArgument {
    /// Parses the seed in `text`, also one that no integer type holds.
    ///
    /// - Throws: `ValidationError` that says the range.
    static func parse(_ text: String) throws -> Int {
        guard let seed = UInt32(text) else {
            throw ValidationError("--seed must be 0 to 4294967295, not \(text)")
        }
        return Int(seed)
    }
}
