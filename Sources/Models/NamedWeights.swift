import Arrays
import Networks

/// The value of a parameter, under its name in the network: "0.weight".
package struct NamedWeights: Sendable, Equatable {
    /// The name.
    package let name: String
    /// The value.
    package let value: NDArray<Float>

    /// Returns the present values of the parameters of a network, in their order.
    static func all(of network: any Layer) -> [NamedWeights] {
        network.namedParameters.map { NamedWeights(name: $0.name, value: $0.parameter.value) }
    }
}
