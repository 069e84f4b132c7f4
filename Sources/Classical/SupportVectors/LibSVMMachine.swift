import ArrayFiles
import Arrays
import Support

/// The machines of libsvm, as its model files call them.
package enum LibSVMMachine: String, CaseIterable, Sendable {
    /// C-SVC: `SupportVectorClassifier`.
    case cSVC = "c_svc"
    /// nu-SVC: `SupportVectorClassifier`.
    case nuSVC = "nu_svc"
    /// One class: `OneClassClassifier`.
    case oneClass = "one_class"
    /// epsilon-SVR: `SupportVectorRegressor`.
    case epsilonSVR = "epsilon_svr"
    /// nu-SVR: `SupportVectorRegressor`.
    case nuSVR = "nu_svr"

    /// The machine of a model file, so that it can be read as what it is.
    ///
    /// - Throws: `missingInput`; `badData` with the line.
    package init(ofModel path: String) throws {
        var lines = try LibSVMLines(contentsOf: path)
        self = try LibSVMModelHeader(&lines, allowing: Self.allCases).machine
    }

    var hasClasses: Bool { self == .cSVC || self == .nuSVC }

    /// The type that reads such models.
    var reader: String {
        switch self {
        case .cSVC, .nuSVC: "SupportVectorClassifier"
        case .oneClass: "OneClassClassifier"
        case .epsilonSVR, .nuSVR: "SupportVectorRegressor"
        }
    }
}

extension LibSVMModelHeader {
    /// Reads the support vectors below the header: the coefficients of each, and the rows [S, D].
    ///
    /// - Throws: `badData` with the line.
    func support(
        _ lines: inout LibSVMLines, _ featureCount: Int?
    ) throws -> (coefficients: [[Double]], rows: NDArray<Float>) {
        let problems = max(1, labels.count - 1)
        let total = supportCounts.reduce(0, +)
        // One line after the other, so that a number in the header cannot ask for memory that the file does not fill.
        var coefficients: [[Double]] = []
        var rows = SparseLines(firstIndex: nil)
        while lines.next() {
            var own: [Double] = []
            for _ in 0..<problems {
                guard let word = lines.word() else {
                    if own.isEmpty { break }
                    throw lines.wrong("too few coefficients", expected: "\(problems)", got: "\(own.count)")
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
        return (coefficients, rows.dense(width: width))
    }
}

extension KernelFunction {
    /// The kernel's lines in the header of a model file.
    var libSVMLines: String {
        let gamma: Double = if case .value(let value) = width { value } else { 1 }
        return switch self {
        case .linear, .custom: "kernel_type linear\n"
        case .polynomial(let degree, _, let constant):
            "kernel_type polynomial\ndegree \(degree)\ngamma \(gamma)\ncoef0 \(constant)\n"
        case .rbf: "kernel_type rbf\ngamma \(gamma)\n"
        case .sigmoid(_, let constant): "kernel_type sigmoid\ngamma \(gamma)\ncoef0 \(constant)\n"
        }
    }
}

extension SupportVectorExpansion {
    /// The decision function of a model file whose header is read.
    init(
        _ lines: inout LibSVMLines, _ header: LibSVMModelHeader, _ featureCount: Int?, _ byteScale: Float
    ) throws {
        let (coefficients, support) = try header.support(&lines, featureCount)
        self.init(
            kernel: header.kernel, byteScale: byteScale, supportVectors: .floats(support),
            coefficients: coefficients.map { $0[0] }, threshold: header.thresholds[0])
    }

    func writeLibSVMModel(_ machine: LibSVMMachine, to path: String) throws {
        try checkStorable()
        try AtomicFile.write(to: path) { file in
            try file.write("svm_type \(machine.rawValue)\n" + kernel.libSVMLines)
            try file.write("nr_class 2\ntotal_sv \(coefficients.count)\nrho \(threshold)\nSV\n")
            for (row, coefficient) in coefficients.enumerated() {
                let features = LibSVMText.features(
                    supportVectors, row, supportVectors.featureCount, byteScale)
                try file.write("\(coefficient)\(features) \n")
            }
        }
    }
}
