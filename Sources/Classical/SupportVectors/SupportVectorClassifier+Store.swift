import ArrayFiles
import Arrays
import ExampleData
import Support

extension SupportVectorClassifier {
    /// Whether the classifier can be written to a file: not with a kernel of one's own.
    package var isStorable: Bool {
        if case .custom = kernel { false } else { true }
    }

    /// Throws `usage` when the classifier cannot be written; call it before `store`, which only leaves the kernel's name.
    public func checkStorable() throws {
        guard isStorable else {
            throw DescentError(
                .usage, "a kernel function of one's own cannot be stored", got: "\(kernel)",
                advice: "train with linear, polynomial, rbf or sigmoid")
        }
    }

    /// Puts the classifier under names that begin with `prefix`. A function of one's own leaves only its name, and what is
    /// written cannot be read again: `checkStorable` says so beforehand.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.metadata[prefix + "kernel"] = "\(kernel)"
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.metadata[prefix + "formulation"] = isNu ? "nu" : "cost"
        supportVectors.store(in: &file, name: prefix + "support")
        file.set(coefficients, named: prefix + "coefficients")
        file.set(NDArray(shape: [supportCounts.count], elements: supportCounts), named: prefix + "counts")
        file.set(NDArray(shape: [thresholds.count], elements: thresholds), named: prefix + "thresholds")
        if let sigmoids {
            file.set(
                NDArray(shape: [sigmoids.count, 2], elements: sigmoids.flatMap { [$0.slope, $0.offset] }),
                named: prefix + "sigmoids")
        }
    }

    /// Brings a classifier back.
    public init(from file: SafeTensors, prefix: String) throws {
        let classNames = try file.classNames(prefix: prefix)
        let kernel = try file.setting(prefix + "kernel") { text in
            let kernel = try KernelFunction(parsing: text)
            try kernel.check()
            return kernel
        }
        let scale = try file.setting(prefix + "byte-scale", Float.init)
        guard scale > 0 && scale.isFinite else {
            throw file.wrong(prefix + "byte-scale", expected: "a number above 0", got: "\(scale)")
        }
        let isNu = try file.setting(prefix + "formulation") { ["nu": true, "cost": false][$0] }
        let support = try FeatureMatrix(from: file, name: prefix + "support")
        guard support.shape.count == 2 else {
            throw file.wrong(prefix + "support", expected: "shape [S, D]", got: "\(support.shape)")
        }
        let counts = try file.array(named: prefix + "counts", as: Int.self, shape: [classNames.count])
            .elements
        guard counts.allSatisfy({ (0...support.count).contains($0) }), counts.reduce(0, +) == support.count
        else {
            throw file.wrong(
                prefix + "counts", expected: "numbers that add up to \(support.count)", got: "\(counts)")
        }
        let pairs = classNames.count * (classNames.count - 1) / 2
        var sigmoids: [DecisionSigmoid]?
        if file.arrays[prefix + "sigmoids"] != nil {
            let values = try file.finite(named: prefix + "sigmoids", as: Double.self, shape: [pairs, 2])
                .elements
            sigmoids = (0..<pairs).map { DecisionSigmoid(slope: values[2 * $0], offset: values[2 * $0 + 1]) }
        }
        self.init(
            classNames: classNames, kernel: kernel, byteScale: scale, isNu: isNu, supportVectors: support,
            supportCounts: counts,
            coefficients: try file.finite(
                named: prefix + "coefficients", shape: [classNames.count - 1, support.count]),
            thresholds: try file.finite(named: prefix + "thresholds", shape: [pairs]).elements,
            sigmoids: sigmoids)
    }
}
