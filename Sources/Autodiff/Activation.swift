/// An activation that a dense layer can apply as it computes.
public enum Activation: String, Sendable, CaseIterable, Codable {
    /// h(a) = a.
    case identity
    /// h(a) = 1 / (1 + exp(-a)); values in 0...1.
    case sigmoid
    /// h(a) = max(0, a).
    case relu
    /// h(a) = tanh a; values in -1...1.
    case tanh
}
