import Arrays
import Support

/// The header of libsvm's model file, before the support vectors.
struct LibSVMModelHeader {
    private(set) var machine = LibSVMMachine.cSVC
    private(set) var kernel = KernelFunction.linear
    /// Empty where there are no classes.
    private(set) var labels: [String] = []
    private(set) var thresholds: [Double] = []
    private(set) var supportCounts: [Int] = []
    private(set) var sigmoids: [DecisionSigmoid]?

    /// Reads up to the line `SV` of a model of one of these machines.
    init(_ lines: inout LibSVMLines, allowing machines: [LibSVMMachine]) throws {
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

        let machineName = try name("svm_type")
        let named = LibSVMMachine(rawValue: machineName)
        guard let found = named, machines.contains(found) else {
            throw (places["svm_type"] ?? last).wrong(
                "a kind of machine that is not read here",
                expected: machines.map(\.rawValue).joined(separator: " or "), got: machineName,
                advice: named.map { "\($0.reader) reads it" })
        }
        machine = found
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
        guard machine.hasClasses ? (2...65_536).contains(classCount) : classCount == 2 else {
            throw (places["nr_class"] ?? last).wrong(
                "an impossible number of classes", expected: machine.hasClasses ? "2 or more" : "2",
                got: "\(classCount)")
        }
        let total = try counts("total_sv", 1)[0]
        guard machine.hasClasses else {
            supportCounts = [total, 0]
            thresholds = try numbers("rho", 1)
            return
        }
        labels = try numbers("label", classCount).map(LibSVMLines.className)
        guard Set(labels).count == classCount else {
            throw (places["label"] ?? last).wrong("a label comes twice")
        }
        supportCounts = try counts("nr_sv", classCount)
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
        "probA", "probB", "prob_density_marks", "nr_sv",
    ]
}
