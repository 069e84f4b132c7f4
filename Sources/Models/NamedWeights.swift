import Arrays
import Networks

/// The value of a parameter, under its name in the network: "0.weight".
public struct NamedWeights: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The value.
    public let value: NDArray<Float>

    /// Returns the present values of the parameters of a network, in their order.
    static func all(of network: any Layer) -> [NamedWeights] {
        network.namedParameters.map { NamedWeights(name: $0.name, value: $0.parameter.value) }
    }
}
