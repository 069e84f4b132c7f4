import ArrayFiles
import Arrays
import Networks
import Support

/// The file `model.safetensors`: the parameters of a network under their names in it ("0.weight").
enum ModelWeights {
    /// Writes the parameters; the same weights always give the same bytes.
    static func write(_ weights: [NamedWeights], to path: String) throws {
        var file = SafeTensors()
        file.metadata["format"] = "descent"
        for named in weights { file.set(named.value, named: named.name) }
        try file.write(to: path)
    }

    /// Reads a network of the architecture with the weights in the file.
    ///
    /// - Throws: `badData` when an array is missing, has another shape or type, or belongs to no parameter.
    static func network(of architecture: Architecture, at path: String) throws -> Sequential {
        let file = try SafeTensors(contentsOf: path)
        // The sizes come from config.json, which may be damaged: no memory is taken until they are known to be those of the
        // file, which is in memory already.
        let stored = file.arrays.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
        guard architecture.cost.storedValues == stored else {
            throw DescentError(
                .badData, "the weights do not fit config.json", at: path,
                expected: "\(architecture.cost.storedValues) numbers for \(architecture.sizes)",
                got: "\(stored)"
            )
        }
        let network = architecture.makeNetwork()
        for named in network.namedParameters {
            let value = try file.array(named: named.name, as: Float.self)
            guard value.shape == named.parameter.shape else {
                throw DescentError(
                    .badData, "\"\(named.name)\" does not fit config.json", at: path,
                    expected: "shape \(named.parameter.shape)", got: "\(value.shape)")
            }
            named.parameter.value = value
        }
        return network
    }
}
