import Arrays
import CKernels
import ExampleData
import Support

/// The kernel of a support vector machine: the similarity K(x, z) of two examples.
///
/// ```swift
/// let kernel = KernelFunction.rbf(gamma: 0.02)
/// let parsed = try KernelFunction(parsing: "polynomial:degree=4,gamma=0.02,constant=1")
/// ```
public enum KernelFunction: Sendable {
    /// <x, z>.
    case linear
    /// (gamma <x, z> + constant)^degree; degree 1 or more.
    case polynomial(degree: Int = 3, gamma: KernelWidth = .scale, constant: Double = 0)
    /// exp(-gamma |x - z|^2).
    case rbf(gamma: KernelWidth = .scale)
    /// tanh(gamma <x, z> + constant). Not positive definite: the solution is a stationary point.
    case sigmoid(gamma: KernelWidth = .scale, constant: Double = 0)
    /// A symmetric function of two rows of features (bytes come scaled). It is called from several threads; a
    /// classifier that uses one cannot be stored.
    case custom(name: String, @Sendable (Span<Float>, Span<Float>) -> Float)
}

/// The gamma of a kernel.
public enum KernelWidth: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// This number, above 0.
    case value(Double)
    /// 1 / D, libsvm's own choice.
    case oneOverFeatures
    /// 1 / (D Var(X)), the variance of all features of all training examples together; scikit-learn's own choice.
    case scale

    /// `.value(value)`.
    public init(floatLiteral value: Double) { self = .value(value) }
    /// `.value(value)`.
    public init(integerLiteral value: Int) { self = .value(Double(value)) }
}

extension KernelWidth: CustomStringConvertible {
    /// `0.02`, `1/features`, `scale`.
    public var description: String {
        switch self {
        case .value(let value): "\(value)"
        case .oneOverFeatures: "1/features"
        case .scale: "scale"
        }
    }

    init(parsing text: String?, in setting: SettingText) throws {
        switch text {
        case nil, "scale": self = .scale
        case "1/features": self = .oneOverFeatures
        case .some(let text):
            guard let value = Double(text), value > 0, value <= 1e30 else {
                throw setting.wrong(
                    "gamma", expected: "a number above 0, at most 1e30; 1/features or scale", got: text)
            }
            self = .value(value)
        }
    }
}

extension KernelFunction: CustomStringConvertible {
    /// Creates a kernel from its text: `linear`, `rbf:gamma=0.02`, `polynomial:degree=4,gamma=0.02,constant=1`,
    /// `sigmoid`.
    ///
    /// - Throws: `usage` for another name, an unknown setting or an impossible number.
    package init(parsing text: String) throws {
        var setting = SettingText(text, of: "kernel")
        switch setting.name {
        case "linear": self = .linear
        case "polynomial":
            let degree = try setting.whole("degree", main: true, from: 1) ?? 3
            guard degree <= Self.largestDegree else {
                throw setting.wrong("degree", expected: "at most \(Self.largestDegree)", got: "\(degree)")
            }
            self = .polynomial(
                degree: degree, gamma: try KernelWidth(parsing: setting.text("gamma"), in: setting),
                constant: try setting.number("constant", in: -1e30...1e30) ?? 0)
        case "rbf":
            self = .rbf(gamma: try KernelWidth(parsing: setting.text("gamma", main: true), in: setting))
        case "sigmoid":
            self = .sigmoid(
                gamma: try KernelWidth(parsing: setting.text("gamma", main: true), in: setting),
                constant: try setting.number("constant", in: -1e30...1e30) ?? 0)
        default: throw setting.unknownName(known: Self.names)
        }
        try setting.finish()
    }

    /// The names that `init(parsing:)` knows.
    package static let names = ["linear", "polynomial", "rbf", "sigmoid"]

    /// The text that `init(parsing:)` reads; `custom:name` for a function of one's own, which it does not.
    public var description: String {
        switch self {
        case .linear: "linear"
        case .polynomial(let degree, let gamma, let constant):
            "polynomial:degree=\(degree),gamma=\(gamma),constant=\(constant)"
        case .rbf(let gamma): "rbf:gamma=\(gamma)"
        case .sigmoid(let gamma, let constant): "sigmoid:gamma=\(gamma),constant=\(constant)"
        case .custom(let name, _): "custom:\(name)"
        }
    }

    static let largestDegree = 1000

    /// The gamma as set; nil where the kernel has none.
    var width: KernelWidth? {
        switch self {
        case .linear, .custom: nil
        case .polynomial(_, let gamma, _), .rbf(let gamma), .sigmoid(let gamma, _): gamma
        }
    }

    /// Returns the same kernel with this gamma; a kernel without one stays as it is.
    func with(gamma: Double) -> KernelFunction {
        switch self {
        case .linear, .custom: self
        case .polynomial(let degree, _, let constant):
            .polynomial(degree: degree, gamma: .value(gamma), constant: constant)
        case .rbf: .rbf(gamma: .value(gamma))
        case .sigmoid(_, let constant): .sigmoid(gamma: .value(gamma), constant: constant)
        }
    }

    /// Returns the kernel with its gamma as a number that follows from the training examples.
    func resolved(for examples: FeatureMatrix, scale: Float) -> KernelFunction {
        switch width {
        case nil, .value: return self
        case .oneOverFeatures: return with(gamma: 1 / Double(max(1, examples.featureCount)))
        case .scale:
            let variance = examples.variance(scale: scale)
            return with(gamma: variance > 0 ? 1 / (Double(examples.featureCount) * variance) : 1)
        }
    }

    /// Refuses impossible settings of the kernel.
    func check() throws {
        func wrong(_ what: String, _ expected: String, _ got: some Any) -> DescentError {
            DescentError(.usage, what, at: "kernel '\(self)'", expected: expected, got: "\(got)")
        }
        if case .value(let gamma) = width, !(gamma > 0 && gamma <= 1e30) {
            throw wrong("impossible gamma", "a number above 0, at most 1e30", gamma)
        }
        switch self {
        case .polynomial(let degree, _, let constant):
            guard (1...Self.largestDegree).contains(degree) else {
                throw wrong("impossible degree", "1...\(Self.largestDegree)", degree)
            }
            guard abs(constant) <= 1e30 else {
                throw wrong("impossible constant", "-1e30 to 1e30", constant)
            }
        case .sigmoid(_, let constant) where !(abs(constant) <= 1e30):
            throw wrong("impossible constant", "-1e30 to 1e30", constant)
        default: break
        }
    }

    /// The settings for the C kernels in double precision; nil for a function of one's own.
    var preciseSettings: ck_svm_precise? {
        func make(_ kind: ck_svm_kind, _ degree: Int, _ constant: Double) -> ck_svm_precise {
            var gamma = 1.0
            if case .value(let value) = width { gamma = value }
            return ck_svm_precise(
                kind: Int32(kind.rawValue), degree: Int32(degree), gamma: gamma, constant: constant)
        }
        switch self {
        case .linear: return make(CK_SVM_LINEAR, 0, 0)
        case .polynomial(let degree, _, let constant): return make(CK_SVM_POLYNOMIAL, degree, constant)
        case .rbf: return make(CK_SVM_RBF, 0, 0)
        case .sigmoid(_, let constant): return make(CK_SVM_SIGMOID, 0, constant)
        case .custom: return nil
        }
    }

    /// Returns the settings for the C kernels; nil for a function of one's own. `scale` multiplies inner products.
    func settings(scale: Float) -> ck_svm_kernel? {
        func make(_ kind: ck_svm_kind, _ degree: Int, _ gamma: Double, _ constant: Double) -> ck_svm_kernel {
            ck_svm_kernel(
                kind: Int32(kind.rawValue), degree: Int32(degree), gamma: Float(gamma),
                constant: Float(constant),
                scale: scale)
        }
        var gamma = 1.0
        if case .value(let value) = width { gamma = value }
        switch self {
        case .linear: return make(CK_SVM_LINEAR, 0, 1, 0)
        case .polynomial(let degree, _, let constant): return make(CK_SVM_POLYNOMIAL, degree, gamma, constant)
        case .rbf: return make(CK_SVM_RBF, 0, gamma, 0)
        case .sigmoid(_, let constant): return make(CK_SVM_SIGMOID, 0, gamma, constant)
        case .custom: return nil
        }
    }
}

extension FeatureMatrix {
    /// Returns the variance of all features of all examples together.
    func variance(scale: Float) -> Double {
        switch dense {
        case .bytes(let array):
            return array.withUnsafeElements { values in
                var histogram = [Int](repeating: 0, count: 256)
                for value in values { histogram[Int(value)] += 1 }
                let count = Double(max(1, values.count))
                let mean =
                    histogram.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / count
                let square = histogram.enumerated().reduce(0) {
                    $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * Double($1.element)
                }
                return square / count * Double(scale) * Double(scale)
            }
        case .floats(let array):
            return array.withUnsafeElements { values in
                let count = Double(max(1, values.count))
                var sum = 0.0
                for value in values { sum += Double(value) }
                let mean = sum / count
                var square = 0.0
                for value in values { square += (Double(value) - mean) * (Double(value) - mean) }
                return square / count
            }
        }
    }
}
