import Arrays
import Classical
import CoreMLMessages
import ExampleData
import Support

/// Support vector machines as Core ML has them, which is as libsvm has them: rho is subtracted, coefficients are K - 1 lists.
enum CoreMLMachine {
    /// - Throws: `usage` for a kernel of one's own.
    static func classifier(_ machine: SupportVectorClassifier) throws
        -> CoreML_Specification_SupportVectorClassifier
    {
        var result = CoreML_Specification_SupportVectorClassifier()
        result.kernel = try kernel(machine.kernel)
        result.numberOfSupportVectorsPerClass = machine.supportCounts.map { Int32($0) }
        result.denseSupportVectors = try vectors(machine.supportVectors, machine.byteScale)
        result.coefficients = (0..<machine.coefficients.shape[0]).map { row in
            coefficients(machine.coefficients[row].contiguousCopy().elements)
        }
        result.rho = machine.thresholds
        result.probA = machine.sigmoids?.map(\.slope) ?? []
        result.probB = machine.sigmoids?.map(\.offset) ?? []
        result.stringClassLabels.vector = machine.classNames
        return result
    }

    /// f(x) `scale` + `offset`: a kernel's sum is linear in its coefficients.
    ///
    /// - Throws: `usage` for a kernel of one's own.
    static func regressor(_ machine: SupportVectorRegressor, scale: Double, offset: Double) throws
        -> CoreML_Specification_SupportVectorRegressor
    {
        var result = CoreML_Specification_SupportVectorRegressor()
        result.kernel = try kernel(machine.kernel)
        result.denseSupportVectors = try vectors(machine.supportVectors, machine.byteScale)
        result.coefficients = coefficients(machine.coefficients.map { $0 * scale })
        result.rho = machine.threshold * scale - offset
        return result
    }

    private static func coefficients(_ values: [Double]) -> CoreML_Specification_Coefficients {
        var list = CoreML_Specification_Coefficients()
        list.alpha = values
        return list
    }

    /// The support vectors as the kernel takes them.
    private static func vectors(_ rows: FeatureMatrix, _ byteScale: Float) throws
        -> CoreML_Specification_DenseSupportVectors
    {
        try rows.requireUnpackable(for: "svm")
        var floats = rows.unscaledFloats
        if case .bytes = rows.storage { floats = floats * byteScale }
        let width = rows.featureCount
        let elements = floats.contiguousCopy().elements
        var result = CoreML_Specification_DenseSupportVectors()
        result.vectors = (0..<rows.count).map { row in
            var vector = CoreML_Specification_DenseVector()
            vector.values = elements[row * width..<(row + 1) * width].map { Double($0) }
            return vector
        }
        return result
    }

    private static func kernel(_ function: KernelFunction) throws -> CoreML_Specification_Kernel {
        func number(_ width: KernelWidth) throws -> Double {
            guard case .value(let value) = width else {
                throw DescentError(
                    .usage, "a kernel whose gamma is not yet known", at: "svm", got: "\(function)")
            }
            return value
        }
        var kernel = CoreML_Specification_Kernel()
        switch function {
        case .linear: kernel.linearKernel = .init()
        case .polynomial(let degree, let gamma, let constant):
            kernel.polyKernel.degree = Int32(degree)
            (kernel.polyKernel.gamma, kernel.polyKernel.c) = (try number(gamma), constant)
        case .rbf(let gamma): kernel.rbfKernel.gamma = try number(gamma)
        case .sigmoid(let gamma, let constant):
            (kernel.sigmoidKernel.gamma, kernel.sigmoidKernel.c) = (try number(gamma), constant)
        case .custom:
            throw DescentError(
                .usage, "a kernel that Core ML cannot be told", at: "svm",
                expected: "linear, polynomial, rbf or sigmoid", got: "\(function)",
                advice: "one of one's own has code that only Swift can run")
        }
        return kernel
    }
}
