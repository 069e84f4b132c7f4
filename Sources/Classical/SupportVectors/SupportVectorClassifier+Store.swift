import ArrayFiles
import Arrays

extension SupportVectorClassifier {
    /// Whether the classifier can be written to a file: not with a kernel of one's own.
    public var isStorable: Bool {
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
        file.metadata[prefix + "labels"] = StoredLabels.text(labels)
        file.metadata[prefix + "kernel"] = "\(kernel)"
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.metadata[prefix + "formulation"] = isNu ? "nu" : "cost"
        switch supportVectors {
        case .bytes(let array): file.set(array, named: prefix + "support")
        case .numbers(let array): file.set(array, named: prefix + "support")
        }
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
        func wrong(_ what: String, expected: String? = nil, got: String? = nil) -> DescentError {
            DescentError(.badData, what, at: file.path, expected: expected, got: got)
        }
        func text(_ name: String) throws -> String {
            guard let text = file.metadata[prefix + name] else { throw wrong("no '\(prefix + name)'") }
            return text
        }
        func finite(_ name: String, shape: [Int]) throws -> NDArray<Double> {
            let array: NDArray<Double> = try file.array(named: prefix + name)
            guard array.shape == shape else {
                throw wrong(
                    "array \"\(prefix + name)\" has another shape", expected: "\(shape)",
                    got: "\(array.shape)")
            }
            guard array.elements.allSatisfy(\.isFinite) else {
                throw wrong("array \"\(prefix + name)\" has values that are not finite")
            }
            return array
        }
        let labels = StoredLabels.labels(try text("labels"))
        guard labels.count >= 2 else {
            throw wrong("too few classes", expected: "2 or more", got: "\(labels.count)")
        }
        let kernel: KernelFunction
        do {
            kernel = try KernelFunction(parsing: try text("kernel"))
            try kernel.check()
        } catch let error as DescentError {
            throw wrong("an impossible kernel", got: error.description)
        }
        let scaleText = try text("byte-scale")
        guard let scale = Float(scaleText), scale > 0, scale.isFinite else {
            throw wrong("an impossible scale of bytes", expected: "a number above 0", got: scaleText)
        }
        let support: Examples
        if let bytes: NDArray<UInt8> = try? file.array(named: prefix + "support") {
            support = .bytes(bytes)
        } else {
            support = .numbers(try file.array(named: prefix + "support"))
        }
        guard support.shape.count == 2 else {
            throw wrong(
                "array \"\(prefix)support\" has another shape", expected: "[S, D]", got: "\(support.shape)")
        }
        do { try support.checkFiniteForMargins() } catch let error as DescentError {
            throw wrong("array \"\(prefix)support\": \(error)")
        }
        let counts: NDArray<Int> = try file.array(named: prefix + "counts")
        guard counts.shape == [labels.count],
            counts.elements.allSatisfy({ (0...support.count).contains($0) }),
            counts.elements.reduce(0, +) == support.count
        else {
            throw wrong(
                "array \"\(prefix)counts\" contradicts the rest",
                expected: "\(labels.count) numbers that add up to \(support.count)", got: "\(counts.elements)"
            )
        }
        let pairs = labels.count * (labels.count - 1) / 2
        var sigmoids: [DecisionSigmoid]?
        if file.arrays[prefix + "sigmoids"] != nil {
            let values = try finite("sigmoids", shape: [pairs, 2]).elements
            sigmoids = (0..<pairs).map { DecisionSigmoid(slope: values[2 * $0], offset: values[2 * $0 + 1]) }
        }
        self.init(
            labels: labels, kernel: kernel, byteScale: scale, isNu: try text("formulation") == "nu",
            supportVectors: support, supportCounts: counts.elements,
            coefficients: try finite("coefficients", shape: [labels.count - 1, support.count]),
            thresholds: try finite("thresholds", shape: [pairs]).elements, sigmoids: sigmoids)
    }
}

/// Names of classes as one text: a line each, backslashes and line breaks escaped.
enum StoredLabels {
    static func text(_ labels: [String]) -> String {
        labels.map { label in
            var text = ""
            for scalar in label.unicodeScalars {
                switch scalar {
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text
        }.joined(separator: "\n")
    }

    static func labels(_ text: String) -> [String] {
        var labels: [String] = []
        var escaped = false
        // By scalars: a line break and what follows may be one character.
        var current = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if escaped {
                current.append(scalar == "n" ? "\n" : scalar)
                escaped = false
            } else if scalar == "\\" {
                escaped = true
            } else if scalar == "\n" {
                labels.append(String(current))
                current = String.UnicodeScalarView()
            } else {
                current.append(scalar)
            }
        }
        return labels + [String(current)]
    }
}
