import Descent

extension DataOptions {
    /// Makes the data set, reads it from a directory, or downloads it.
    func load(trainLimit: Int?, testLimit: Int?, _ options: OutputOptions) async throws -> Dataset {
        let data = try await load(
            name(), counts: (train: trainLimit ?? 60_000, test: testLimit ?? 10_000), options)
        Self.tell(trainLimit, "--train-limit", of: data.train.count, "training", options)
        Self.tell(testLimit, "--test-limit", of: data.test.count, "test", options)
        return Dataset(
            name: data.name, train: trainLimit.map(data.train.prefix) ?? data.train,
            test: testLimit.map(data.test.prefix) ?? data.test, checksum: data.checksum)
    }

    /// Returns one part of the data set.
    func load(
        part: SplitName, limit: Int?, default fallback: DataName, _ options: OutputOptions
    ) async throws -> LabeledExamples {
        let name = name(default: fallback)
        let examples: LabeledExamples
        if name == .builtin {
            let counts = part == .test ? (train: 0, test: limit ?? 10_000) : (train: limit ?? 60_000, test: 0)
            let data = BuiltInDigits.dataset(trainCount: counts.train, testCount: counts.test)
            examples = part == .test ? data.test : data.train
        } else {
            // The other part's files are not needed.
            let display = DownloadDisplay(options, name: name.rawValue)
            defer { display.clear() }
            examples = try await DatasetSource.named(name.rawValue).load(
                part == .test ? .test : .train, directory: dataDir
            ) { display.show($0) }
        }
        Self.tell(limit, "--limit", of: examples.count, part == .test ? "test" : "training", options)
        return limit.map(examples.prefix) ?? examples
    }

    /// Says that there are fewer examples than were requested.
    private static func tell(
        _ limit: Int?, _ flag: String, of count: Int, _ part: String, _ options: OutputOptions
    ) {
        guard let limit, limit > count, !options.quiet else { return }
        Output.error.tryWrite(
            "\(flag) \(limit): there are only \(Numerals.grouped(count)) \(part) examples; using all\n")
    }
}

extension DataOptions {
    private func load(
        _ name: DataName, counts: (train: Int, test: Int), _ options: OutputOptions
    ) async throws -> Dataset {
        if name == .builtin { return BuiltInDigits.dataset(trainCount: counts.train, testCount: counts.test) }
        let display = DownloadDisplay(options, name: name.rawValue)
        defer { display.clear() }
        do {
            return try await DatasetSource.named(name.rawValue).load(directory: dataDir) { display.show($0) }
        } catch let error as DescentError where error.kind == .unavailable || error.kind == .cannotCreate {
            // The library names its own arguments; these are the flags.
            let flags = "--data-dir DIR names their directory, --data builtin needs no network"
            throw error.advising(error.advice.map { "\($0): \(flags)" } ?? flags)
        }
    }
}
