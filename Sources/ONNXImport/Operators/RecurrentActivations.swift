import Glibc
import Support

/// An activation inside a recurrent cell, by its name and up to two numbers.
struct CellActivation: Sendable {
    let name: String
    let alpha: Float
    let beta: Float

    private static let standards: [String: (alpha: Float, beta: Float)] = [
        "relu": (0, 0), "tanh": (0, 0), "sigmoid": (0, 0), "softsign": (0, 0), "softplus": (0, 0),
        "affine": (1, 0), "leakyrelu": (0.01, 0), "thresholdedrelu": (1, 0), "scaledtanh": (1, 1),
        "hardsigmoid": (0.2, 0.5), "elu": (1, 0),
    ]

    init(_ name: String, alpha: Float?, beta: Float?) throws {
        self.name = name.lowercased()
        guard let standard = Self.standards[self.name] else {
            throw DescentError(.badData, "an activation that is not known", got: "'\(name)'")
        }
        self.alpha = alpha ?? standard.alpha
        self.beta = beta ?? standard.beta
    }

    func callAsFunction(_ x: Float) -> Float {
        switch name {
        case "relu": max(x, 0)
        case "tanh": tanhf(x)
        case "sigmoid": 1 / (1 + expf(-x))
        case "softsign": x / (1 + abs(x))
        case "softplus": max(x, 0) + log1pf(expf(-abs(x)))
        case "affine": alpha * x + beta
        case "leakyrelu": x >= 0 ? x : alpha * x
        case "thresholdedrelu": x > alpha ? x : 0
        case "scaledtanh": alpha * tanhf(beta * x)
        case "hardsigmoid": min(max(alpha * x + beta, 0), 1)
        default: x >= 0 ? x : alpha * (expf(x) - 1)
        }
    }
}
