import Arrays
import Autodiff
import CKernels

/// An optimiser at work: its rule, and what it remembers of the steps so far.
public struct OptimizerState {
    /// The rule; it may be changed between steps (another learning rate), but not for one that remembers more.
    public var optimizer: Optimizer {
        didSet {
            precondition(
                optimizer.memoryCount == oldValue.memoryCount,
                "\(oldValue.name) cannot become \(optimizer.name) half-way: what they remember differs")
        }
    }
    /// How many steps have been made.
    public private(set) var stepCount = 0
    private let parameters: [Parameter]
    /// What is remembered of each parameter.
    private var memory: [Moments]

    /// Up to two numbers for each weight: the velocity, or the mean gradient, and the mean squared gradient.
    private struct Moments {
        var first: NDArray<Float>
        var second: NDArray<Float>
    }

    /// The state before the first step: all that is remembered is zero.
    public init(_ optimizer: Optimizer, for parameters: [Parameter]) {
        self.optimizer = optimizer
        self.parameters = parameters
        memory = parameters.map { parameter in
            Moments(
                first: NDArray(shape: optimizer.memoryCount > 0 ? parameter.shape : [0], repeating: 0),
                second: NDArray(shape: optimizer.memoryCount > 1 ? parameter.shape : [0], repeating: 0))
        }
    }

    /// Changes every parameter by its gradient, in place. A parameter that the loss does not depend on stays.
    public mutating func update(with gradients: Gradients<Float>) {
        stepCount += 1
        for (index, parameter) in parameters.enumerated() {
            guard let gradient = gradients[parameter] else { continue }
            change(parameter, by: gradient, memory: &memory[index])
        }
    }

    private func change(_ parameter: Parameter, by gradient: NDArray<Float>, memory: inout Moments) {
        let count = Int64(gradient.count)
        parameter.value.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                let (w, g) = (w.baseAddress, g.baseAddress)
                switch optimizer {
                case .sgd(let rate, let decay):
                    ck_sgd_f32(count, w, g, rate, decay)
                case .momentum(let rate, let momentum, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_momentum_f32(count, w, g, $0.baseAddress, rate, momentum, 0, decay)
                    }
                case .nesterov(let rate, let momentum, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_momentum_f32(count, w, g, $0.baseAddress, rate, momentum, 1, decay)
                    }
                case .adaGrad(let rate, let epsilon, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_adagrad_f32(count, w, g, $0.baseAddress, rate, epsilon, decay)
                    }
                case .rmsProp(let rate, let smoothing, let epsilon, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_rmsprop_f32(count, w, g, $0.baseAddress, rate, smoothing, epsilon, decay)
                    }
                case .adam(let rate, let beta1, let beta2, let epsilon, let decay):
                    adam(count, w, g, &memory, rate, beta1, beta2, epsilon, decay, decoupled: false)
                case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
                    adam(count, w, g, &memory, rate, beta1, beta2, epsilon, decay, decoupled: true)
                }
            }
        }
    }

    private func adam(
        _ count: Int64, _ w: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?,
        _ memory: inout Moments, _ rate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float,
        _ decay: Float, decoupled: Bool
    ) {
        // In double: 1 - beta2^t loses all its digits in float for the first steps.
        let correction1 = 1 - power(Double(beta1), stepCount)
        let correction2 = 1 - power(Double(beta2), stepCount)
        memory.first.withUnsafeMutableElements { m in
            memory.second.withUnsafeMutableElements { v in
                ck_adam_f32(
                    count, w, g, m.baseAddress, v.baseAddress, rate, beta1, beta2, epsilon,
                    Float(correction1),
                    Float(correction2), decay, decoupled ? 1 : 0)
            }
        }
    }
}

/// base^exponent by repeated squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
