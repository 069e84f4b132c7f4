import Arrays
import Support
import TestSupport
import Testing

@testable import Autodiff

/// Arithmetic, functions, products, sums and shapes, forward and backward, against PyTorch.
@Suite struct ArithmeticVectorTests {
    static let names = [
        "add", "add, broadcast", "subtract", "subtract, broadcast", "multiply", "multiply, broadcast",
        "divide",
        "divide, broadcast", "negate", "with numbers", "exp", "log", "square root", "power 2.5", "power 3",
        "matmul", "dense, identity", "dense, sigmoid", "dense, tanh", "dense, relu", "dense, gelu",
        "dense, softmax", "sum", "sum by axis 0", "sum by axis 1, kept", "mean", "reshape", "transpose",
        "binary hinge, 1", "binary hinge, 2.5",
    ]

    private func result<Scalar: DifferentiableScalar>(of name: String, _ x: [Tensor<Scalar>]) -> Tensor<
        Scalar
    >? {
        func dense(_ activation: Activation) -> Tensor<Scalar> {
            x[0].dense(weight: x[1], bias: x[2], activation: activation)
        }
        func hinge(_ margin: Double) -> Tensor<Scalar> {
            x[0].binaryHinge(NDArray(shape: [4, 1], elements: [1, 1, 0, 0]), margin: margin)
        }
        return switch name {
        case "add", "add, broadcast": x[0] + x[1]
        case "subtract", "subtract, broadcast": x[0] - x[1]
        case "multiply", "multiply, broadcast": x[0] * x[1]
        case "divide", "divide, broadcast": x[0] / x[1]
        case "negate": -x[0]
        case "with numbers": (3 - x[0] * 2 + 1) / 4 - 0.5
        case "exp": x[0].exp()
        case "log": x[0].log()
        case "square root": x[0].squareRoot()
        case "power 2.5": x[0].power(2.5)
        case "power 3": x[0].power(3)
        case "matmul": x[0].matmul(x[1])
        case "dense, identity": dense(.identity)
        case "dense, sigmoid": dense(.sigmoid)
        case "dense, tanh": dense(.tanh)
        case "dense, relu": dense(.relu)
        case "dense, gelu": dense(.gelu)
        case "dense, softmax": dense(.softmax)
        case "sum": x[0].sum()
        case "sum by axis 0": x[0].sum(axis: 0)
        case "sum by axis 1, kept": x[0].sum(axis: 1, keepingDimensions: true)
        case "mean": x[0].mean()
        case "reshape": x[0].reshaped(to: [3, 2])
        case "transpose": x[0].transposed()
        case "binary hinge, 1": hinge(1)
        case "binary hinge, 2.5": hinge(2.5)
        default: nil
        }
    }

    @Test(arguments: names) func followsPyTorch(_ name: String) throws {
        let vectors = try PrimitiveVectors.load()
        try vectors.compare(name, in: Double.self, tolerance: 1e-14) {
            try #require(result(of: name, $0), "\(name)")
        }
        try vectors.compare(name, in: Float.self, tolerance: 2e-6) {
            try #require(result(of: name, $0), "\(name)")
        }
    }
}
