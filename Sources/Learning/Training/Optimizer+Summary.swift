import Networks

extension Optimizer {
    /// The rule and its main numbers in words: "momentum, learning rate 0.01, momentum 0.9".
    public var summary: String {
        var text = "\(name), learning rate \(learningRate)"
        switch self {
        case .momentum(_, let momentum, _), .nesterov(_, let momentum, _): text += ", momentum \(momentum)"
        case .sgd, .adaGrad, .rmsProp, .adam, .adamW: break
        }
        return text
    }
}
