import Descent

extension LoadedData {
    /// Returns the training and test examples in memory, for what needs all of them at once. Says what memory it takes before
    /// it is taken, and that validation examples of the data are not used.
    ///
    /// `user`: what needs them, in messages.
    ///
    /// - Throws: as `ExampleParts.inMemory`.
    func inMemory(for user: String, _ options: OutputOptions) throws -> Dataset {
        if let validation = split.validation, !options.quiet {
            Output.error.tryWrite(
                "\(Numerals.counted(validation.count, "validation example")) of the data not used by \(user)\n"
            )
        }
        let bytes = try split.unreadByteCount
        if bytes > 0, !options.quiet {
            Output.error.tryWrite(
                "\(user) needs all examples at once: \(Numerals.bytes(bytes)) of memory\n")
        }
        return try DescentError.located(at: split.name) { try split.inMemory() }
    }
}

extension ExampleParts {
    /// Returns the features of the first `count` examples for the test, or to learn from where there are none.
    ///
    /// - Throws: what reading them throws.
    func samples(_ count: Int) throws -> FeatureMatrix {
        let examples = (test.count > 0 ? test : train).first(count)
        return try examples.residentFeatures ?? examples.features(of: (0..<examples.count).map { Int32($0) })
    }
}
