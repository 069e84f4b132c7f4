import Descent

extension DataOptions {
    /// The data set: made, read from a directory, or downloaded.
    func load(trainLimit: Int?, testLimit: Int?, _ options: OutputOptions) async throws -> Dataset {
        let data = try await load(
            name(), counts: (train: trainLimit ?? 60_000, test: testLimit ?? 10_000), options)
        return Dataset(
            name: data.name, train: trainLimit.map(data.train.prefix) ?? data.train,
            test: testLimit.map(data.test.prefix) ?? data.test, checksum: data.checksum)
    }

    /// One part of the data set.
    func load(
        part: SplitName, limit: Int?, default fallback: DataName, _ options: OutputOptions
    ) async throws -> LabeledImages {
        let counts = part == .test ? (train: 0, test: limit ?? 10_000) : (train: limit ?? 60_000, test: 0)
        let data = try await load(name(default: fallback), counts: counts, options)
        let examples = part == .test ? data.test : data.train
        return limit.map(examples.prefix) ?? examples
    }
}

extension DataOptions {
    private func load(
        _ name: DataName, counts: (train: Int, test: Int), _ options: OutputOptions
    ) async throws -> Dataset {
        if name == .builtin { return BuiltInDigits.dataset(train: counts.train, test: counts.test) }
        let display = DownloadDisplay(options, name: name.rawValue)
        defer { display.clear() }
        return try await DatasetSource.named(name.rawValue).load(directory: dataDir) { display.show($0) }
    }
}

extension BuiltInDigits {
    /// The built-in digits as a data set: the first 60,000 of their stream to learn from, the 10,000 behind them for
    /// the test; fewer of each when less is asked for.
    static func dataset(train: Int, test: Int) -> Dataset {
        func part(_ count: Int, from first: Int) -> LabeledImages {
            let digits = generate(count: count, seed: seed, firstIndex: first)
            return LabeledImages(
                images: digits.images, labels: digits.labels, classNames: (0..<10).map(String.init))
        }
        return Dataset(
            name: DataName.builtin.rawValue, train: part(min(train, 60_000), from: 0),
            test: part(min(test, 10_000), from: 60_000), checksum: "seed:\(seed)")
    }

    /// The seed of the digits themselves; `--seed` is the training's, and leaves the data as they are.
    private static let seed: UInt64 = 1
}
