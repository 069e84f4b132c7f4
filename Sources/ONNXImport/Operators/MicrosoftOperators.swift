import CGraph
import Support

/// The operators of onnxruntime's own set that its quantizer puts between those of ONNX.
enum MicrosoftKernels {
    /// Sums or products of quantized numbers: a, its scale and zero, b, its scale and zero, the result's scale and zero.
    static func linear(_ operation: cg_binary_operator) -> OperatorMaker {
        { _ in
            { arguments in
                let budget = arguments.budget
                func wide(_ first: Int) throws -> ONNXTensor {
                    let x = try arguments(first)
                    return try QuantizationKernels.dequantize(
                        x,
                        QuantizationKernels.spread(
                            x, arguments(first + 1), arguments.optional(first + 2), axis: 0, block: 0, budget),
                        budget)
                }
                let y = try ElementwiseKernels.binary(operation, wide(0), wide(3), budget)
                let spread = try QuantizationKernels.spread(
                    y, arguments(6), arguments.optional(7), axis: 0, block: 0, budget)
                return [try QuantizationKernels.quantize(y, spread, to: arguments(0).type, budget)]
            }
        }
    }

    /// a b + c of quantized matrices; c is whole numbers with the scale of the product.
    static let gemm: OperatorMaker = { node in
        let alpha = try node.float("alpha", or: 1)
        let (transposesA, transposesB) = (try node.flag("transA"), try node.flag("transB"))
        return { arguments in
            let budget = arguments.budget
            let a = try QuantizationKernels.shifted(
                arguments(0), arguments.optional(2), axis: transposesA ? 1 : 0, budget)
            let b = try QuantizationKernels.shifted(
                arguments(3), arguments.optional(5), axis: transposesB ? 0 : 1, budget)
            let sums = try ProductKernels.gemm(
                a, b, arguments.optional(6), alpha: 1, beta: 1, transposesA: transposesA,
                transposesB: transposesB, budget)
            let scale = Float(try arguments(1).scalarDouble(budget)) * alpha
            let scales = try arguments(4).floats(budget).map { $0 * scale }
            guard let y = try arguments.optional(7), let zero = try arguments.optional(8) else {
                let factors = try ONNXTensor(scales, shape: [scales.count], budget)
                return [
                    try ElementwiseKernels.binary(CG_MUL, sums.cast(to: .float32, budget), factors, budget)
                ]
            }
            return [try QuantizationKernels.requantized(sums, scales: scales, axis: 1, y, zero, budget)]
        }
    }
}

extension OperatorRegistry {
    static var microsoftOperators: Family {
        [
            ("com.microsoft.QLinearAdd", 1, MicrosoftKernels.linear(CG_ADD)),
            ("com.microsoft.QLinearMul", 1, MicrosoftKernels.linear(CG_MUL)),
            ("com.microsoft.QGemm", 1, MicrosoftKernels.gemm),
        ]
    }
}
