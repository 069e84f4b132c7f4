import ArrayFiles
import Arrays
import Support

extension SupportVectorClassifier {
    /// Reads a model that libsvm's `svm-train` wrote: C-SVC or nu-SVC, of any kernel but a precomputed one.
    ///
    /// - `featureCount`: how many features examples have; nil for the largest index in the model.
    /// - `byteScale`: the factor on bytes; libsvm has floating-point features only.
    /// - Throws: `missingInput`; `badData` with the line.
    /// - Note: libsvm keeps support vectors in double precision, here they are `Float`.
    public init(libSVMModel path: String, featureCount: Int? = nil, byteScale: Float = 1) throws {
        var lines = try LibSVMLines(contentsOf: path)
        try self.init(&lines, featureCount, byteScale)
    }

    init(_ lines: inout LibSVMLines, _ featureCount: Int?, _ byteScale: Float) throws {
        let header = try LibSVMModelHeader(&lines)
        let classCount = header.labels.count
        let total = header.supportCounts.reduce(0, +)
        // One line after the other, so that a number in the header cannot ask for memory that the file does not fill.
        var coefficients: [[Double]] = []
        var rows = SparseLines(firstIndex: nil)
        while lines.next() {
            var own: [Double] = []
            for _ in 0..<classCount - 1 {
                guard let word = lines.word() else {
                    if own.isEmpty { break }
                    throw lines.wrong(
                        "too few coefficients", expected: "\(classCount - 1)", got: "\(own.count)")
                }
                guard let value = LibSVMLines.number(word), value.isFinite else {
                    throw lines.wrong("not a coefficient", expected: "a number", got: LibSVMLines.shown(word))
                }
                own.append(value)
            }
            if own.isEmpty { continue }
            guard coefficients.count < total else {
                throw lines.wrong("more support vectors than total_sv says", expected: "\(total)")
            }
            coefficients.append(own)
            try rows.add(&lines, limit: featureCount)
        }
        guard coefficients.count == total else {
            throw lines.wrong(
                "fewer support vectors than total_sv says", expected: "\(total)",
                got: "\(coefficients.count)",
                advice: "the file may be truncated")
        }
        let width = featureCount ?? max(1, rows.width)
        let (size, overflow) = (4 * max(1, total)).multipliedReportingOverflow(by: width)
        // As much again when they are prepared. libsvm's own models are sparse text, some bytes for each number.
        let limit = MemoryLimit.bytes(forFileOf: lines.size) / 2
        guard !overflow && size <= limit else {
            throw lines.wrong(
                "support vectors that take too much memory",
                expected: "at most \(limit) bytes for a file of \(lines.size)",
                got: "\(total) x \(width) numbers of 4 bytes")
        }
        let support = rows.dense(width: width)
        self.init(
            classNames: header.labels, kernel: header.kernel, byteScale: byteScale, isNu: header.isNu,
            supportVectors: .floats(support), supportCounts: header.supportCounts,
            coefficients: NDArray(shape: [classCount - 1, total]) { target in
                for problem in 0..<classCount - 1 {
                    for row in 0..<total {
                        target.initializeElement(at: problem * total + row, to: coefficients[row][problem])
                    }
                }
            }, thresholds: header.thresholds, sigmoids: header.sigmoids)
    }

    /// Writes a model that libsvm's `svm-predict` reads, whole or not at all. Bytes are written as they are scaled.
    ///
    /// - Throws: `usage` for a kernel of one's own or a class that is not called a whole number; `cannotCreate`,
    ///   `inputOutput`.
    public func writeLibSVMModel(to path: String) throws {
        try checkStorable()
        let numbers = try classNames.map { label in
            guard let number = Int32(label) else {
                throw DescentError(
                    .usage, "libsvm's labels are whole numbers", at: path, expected: "a whole number",
                    got: "'\(label)'", advice: "give the classes whole numbers for names")
            }
            return number
        }
        func list(_ name: String, _ values: [some Any]) -> String {
            ([name] + values.map { "\($0)" }).joined(separator: " ") + "\n"
        }
        var header = "svm_type \(isNu ? "nu_svc" : "c_svc")\n"
        switch kernel {
        case .linear, .custom: header += "kernel_type linear\n"
        case .polynomial(let degree, _, let constant):
            header += "kernel_type polynomial\ndegree \(degree)\ngamma \(gamma)\ncoef0 \(constant)\n"
        case .rbf: header += "kernel_type rbf\ngamma \(gamma)\n"
        case .sigmoid(_, let constant): header += "kernel_type sigmoid\ngamma \(gamma)\ncoef0 \(constant)\n"
        }
        header += "nr_class \(classNames.count)\ntotal_sv \(supportVectors.count)\n"
        header += list("rho", thresholds) + list("label", numbers)
        if let sigmoids {
            header += list("probA", sigmoids.map(\.slope)) + list("probB", sigmoids.map(\.offset))
        }
        header += list("nr_sv", supportCounts) + "SV\n"
        let total = supportVectors.count
        try AtomicFile.write(to: path) { file in
            try file.write(header)
            try coefficients.withUnsafeElements { values in
                for row in 0..<total {
                    let own = (0..<classNames.count - 1).map { "\(values[$0 * total + row])" }
                    let features = LibSVMText.features(
                        supportVectors, row, supportVectors.featureCount, byteScale)
                    try file.write(own.joined(separator: " ") + features + " \n")
                }
            }
        }
    }

    private var gamma: Double {
        if case .value(let value) = kernel.width { value } else { 1 }
    }
}

/// The header of libsvm's model file, before the support vectors.
struct LibSVMModelHeader {
    private(set) var isNu = false
    private(set) var kernel = KernelFunction.linear
    private(set) var labels: [String] = []
    private(set) var thresholds: [Double] = []
    private(set) var supportCounts: [Int] = []
    private(set) var sigmoids: [DecisionSigmoid]?

    /// Reads up to the line `SV`.
    init(_ lines: inout LibSVMLines) throws {
        var entries: [String: [ArraySlice<UInt8>]] = [:]
        var places: [String: LibSVMLines] = [:]
        var ended = false
        while !ended {
            guard lines.next() else { throw lines.wrong("no line 'SV'", advice: "is it a model of libsvm?") }
            guard let word = lines.word() else { continue }
            let key = String(decoding: word, as: UTF8.self)
            if key == "SV" {
                ended = true
                break
            }
            guard Self.known.contains(key) else {
                throw lines.wrong(
                    "not a line of a model's header", got: LibSVMLines.shown(word),
                    advice: "is it a model of libsvm?")
            }
            guard entries[key] == nil else { throw lines.wrong("'\(key)' comes twice") }
            places[key] = lines
            var words: [ArraySlice<UInt8>] = []
            while let word = lines.word() { words.append(word) }
            entries[key] = words
        }
        let last = lines
        func words(_ key: String, _ count: Int? = nil) throws -> [ArraySlice<UInt8>] {
            guard let found = entries[key], let place = places[key] else { throw last.wrong("no '\(key)'") }
            if let count, found.count != count {
                throw place.wrong(
                    "'\(key)' has another number of values", expected: "\(count)", got: "\(found.count)")
            }
            return found
        }
        func numbers(_ key: String, _ count: Int) throws -> [Double] {
            try words(key, count).map { word in
                guard let number = LibSVMLines.number(word), number.isFinite else {
                    throw (places[key] ?? last).wrong(
                        "'\(key)' is not a number", expected: "a number", got: LibSVMLines.shown(word))
                }
                return number
            }
        }
        func counts(_ key: String, _ count: Int) throws -> [Int] {
            try words(key, count).map { word in
                guard let number = LibSVMLines.whole(word), number < 1 << 31 else {
                    throw (places[key] ?? last).wrong(
                        "'\(key)' is not a count", expected: "a whole number", got: LibSVMLines.shown(word))
                }
                return number
            }
        }
        func name(_ key: String) throws -> String { String(decoding: try words(key, 1)[0], as: UTF8.self) }

        switch try name("svm_type") {
        case "c_svc": isNu = false
        case "nu_svc": isNu = true
        case let other:
            throw (places["svm_type"] ?? last).wrong(
                "a kind of machine that is not read here", expected: "c_svc or nu_svc", got: other)
        }
        func gamma() throws -> KernelWidth { .value(try numbers("gamma", 1)[0]) }
        let kernelName = try name("kernel_type")
        switch kernelName {
        case "linear": kernel = .linear
        case "polynomial":
            let degree = try counts("degree", 1)[0]
            kernel = .polynomial(degree: degree, gamma: try gamma(), constant: try numbers("coef0", 1)[0])
        case "rbf": kernel = .rbf(gamma: try gamma())
        case "sigmoid": kernel = .sigmoid(gamma: try gamma(), constant: try numbers("coef0", 1)[0])
        default:
            throw (places["kernel_type"] ?? last).wrong(
                "a kernel that is not read here", expected: "linear, polynomial, rbf or sigmoid",
                got: kernelName)
        }
        do { try kernel.check() } catch let error as DescentError {
            throw (places["kernel_type"] ?? last).wrong("an impossible kernel", got: error.description)
        }
        let classCount = try counts("nr_class", 1)[0]
        guard (2...65_536).contains(classCount) else {
            throw (places["nr_class"] ?? last).wrong(
                "an impossible number of classes", expected: "2 or more", got: "\(classCount)")
        }
        labels = try numbers("label", classCount).map(LibSVMLines.className)
        guard Set(labels).count == classCount else {
            throw (places["label"] ?? last).wrong("a label comes twice")
        }
        supportCounts = try counts("nr_sv", classCount)
        let total = try counts("total_sv", 1)[0]
        guard supportCounts.reduce(0, +) == total else {
            throw (places["nr_sv"] ?? last).wrong(
                "'nr_sv' does not add up to 'total_sv'", expected: "\(total)",
                got: "\(supportCounts.reduce(0, +))")
        }
        let pairs = classCount * (classCount - 1) / 2
        thresholds = try numbers("rho", pairs)
        if entries["probA"] != nil || entries["probB"] != nil {
            sigmoids = zip(try numbers("probA", pairs), try numbers("probB", pairs)).map {
                DecisionSigmoid(slope: $0, offset: $1)
            }
        }
    }

    private static let known: Set<String> = [
        "svm_type", "kernel_type", "degree", "gamma", "coef0", "nr_class", "total_sv", "rho", "label",
        "probA", "probB",
        "nr_sv",
    ]
}
