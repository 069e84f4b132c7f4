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
        let header = try LibSVMModelHeader(&lines, allowing: [.cSVC, .nuSVC])
        let (coefficients, support) = try header.support(&lines, featureCount)
        let (problems, total) = (header.labels.count - 1, coefficients.count)
        self.init(
            classNames: header.labels, kernel: header.kernel, byteScale: byteScale,
            isNu: header.machine == .nuSVC, supportVectors: .floats(support),
            supportCounts: header.supportCounts,
            coefficients: NDArray(shape: [problems, total]) { target in
                for problem in 0..<problems {
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
        let machine = isNu ? LibSVMMachine.nuSVC : .cSVC
        var header = "svm_type \(machine.rawValue)\n" + kernel.libSVMLines
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
}
