import Descent

extension DataOptions {
    /// Makes the data set, reads it from its files, or downloads it. Examples of a file without a test file are held out for the
    /// test, which is said.
    ///
    /// `testFile`: `--test-data`; `seed`: that of the split; `validation`: the pictures of a folder that are held back to choose
    /// by; `scaling`: how a table's numbers are scaled.
    func load(
        trainLimit: Int?, testLimit: Int?, testFile: String? = nil, seed: Int = 1,
        validation: HeldBack? = nil, own: OwnDataOptions? = nil, scaling: TablePreprocessing.Scaling? = nil,
        _ options: OutputOptions
    ) async throws -> LoadedData {
        let source = try source()
        var request = DataRequest(
            testFile: testFile, seed: seed, trainLimit: trainLimit, testLimit: testLimit)
        try own?.add(to: &request)
        if let scaling { request.table.scaling = scaling }
        request.validation = validation?.heldOut
        var loaded = try await reading(source, request, options) { request in
            try await downloading(source, options) { try await source.load(request, progress: $0) }
        }
        let split = loaded.split
        if let share = own?.testSplit, share > 0, loaded.ownSubsets.contains(.test) {
            throw DescentError(
                .usage, "the folder has test pictures of its own", at: "--test-split",
                got: Numerals.number(share), advice: "leave it out")
        }
        tell(
            loaded.notes,
            advice: source.kind == .file && testFile == nil ? "--test-data FILE names one" : nil, options)
        Self.tell(trainLimit, "--train-limit", of: split.train.count, "training", options)
        Self.tell(testLimit, "--test-limit", of: split.test.count, "test", options)
        loaded.split = split.prefix(train: trainLimit, test: testLimit)
        if let table = loaded.trainingTable, let trainLimit, trainLimit < table.count {
            loaded.trainingTable = table.gathered((0..<trainLimit).map { Int32($0) })
        }
        return try own?.prepared(loaded) ?? loaded
    }

    /// Returns one part of the data.
    ///
    /// `request`: what a model expects of a file, and how it is split; whole files by default.
    func load(
        part: SplitName, limit: Int?, default fallback: DataName,
        request: DataRequest = DataRequest(testShare: 0), _ options: OutputOptions
    ) async throws -> LoadedPart {
        let source = try source(default: fallback)
        // The other part's files are not needed.
        var loaded = try await reading(source, request, options) { request in
            try await downloading(source, options) {
                try await source.load(part == .test ? .test : .train, limit: limit, request, progress: $0)
            }
        }
        tell(loaded.notes, advice: nil, options)
        Self.tell(
            limit, "--limit", of: loaded.examples.count, part == .test ? "test" : "training", options)
        if let limit { loaded.examples = loaded.examples.first(limit) }
        return loaded
    }

    /// Says that there are fewer examples than were requested.
    private static func tell(
        _ limit: Int?, _ flag: String, of count: Int, _ part: String, _ options: OutputOptions
    ) {
        guard let limit, limit > count, !options.quiet else { return }
        Output.error.tryWrite(
            "\(flag) \(limit): there are only \(Numerals.grouped(count)) \(part) examples; using all\n")
    }

    /// Says what was done to the examples of a file.
    private func tell(_ notes: [String], advice: String?, _ options: OutputOptions) {
        guard !options.quiet else { return }
        for (index, note) in notes.enumerated() {
            let ending = index == notes.count - 1 ? advice.map { "; \($0)" } ?? "" : ""
            Output.error.tryWrite("\(note.showingControlCharacters)\(ending)\n")
        }
    }

    /// Returns what `body` loads by the request, showing the progress of reading files of one's own. A signal ends it.
    private func reading<Loaded>(
        _ source: DataSource, _ request: DataRequest, _ options: OutputOptions,
        _ body: (DataRequest) async throws -> Loaded
    ) async throws -> Loaded {
        guard source.isOwn else { return try await body(request) }
        let display = ReadingDisplay(options, name: source.name)
        defer { display.clear() }
        let interruption = Interruption(saying: options, "stopping; Ctrl-C again quits at once")
        defer { interruption.end() }
        var request = request
        request.reading = { display.show($0) }
        request.cancellation = interruption.cancellation
        func interrupted() -> DescentError {
            DescentError(
                .interrupted, "interrupted while the data were read", at: source.name,
                advice: "nothing was kept")
        }
        do {
            let loaded = try await body(request)
            // It may have come too late for the reading to notice.
            if interruption.cancellation.isCancelled { throw interrupted() }
            return loaded
        } catch let error as DescentError where error.kind == .interrupted {
            throw interrupted()
        }
    }

    /// Returns what `body` loads, showing the progress of a download.
    private func downloading<Loaded>(
        _ source: DataSource, _ options: OutputOptions,
        _ body: (@escaping @Sendable (DownloadProgress) -> Void) async throws -> Loaded
    ) async throws -> Loaded {
        let display = DownloadDisplay(options, name: source.name)
        defer { display.clear() }
        do {
            return try await body { display.show($0) }
        } catch let error as DescentError where error.kind == .unavailable || error.kind == .cannotCreate {
            // The library names its own arguments; these are the flags.
            let flags = "--data-dir DIR names their directory, --data builtin needs no network"
            throw error.advising(error.advice.map { "\($0): \(flags)" } ?? flags)
        }
    }
}
