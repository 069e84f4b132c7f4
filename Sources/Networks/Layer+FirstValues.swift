/// The network that last indexed a parameter, by which a larger network around it is told from a part of it.
final class ParameterIndexing {
    /// The number of parameters that it has indexed.
    let count: Int

    init(count: Int) { self.count = count }
}

extension Layer {
    /// Assigns to first values that are not drawn yet a seed of their own, by the parameters' indices.
    ///
    /// A network around others indexes all their parameters anew. Parameters of a network that is only partly in this one
    /// keep their seeds, so that a view of some of its layers does not change them; the others' seeds are those indices, or
    /// come after the kept ones where they would meet.
    package func seedFirstValues() {
        let parameters = parameters
        guard parameters.contains(where: { $0.firstSeed != nil }) else { return }
        var members: [ObjectIdentifier: Int] = [:]
        for case let indexing? in parameters.map(\.indexing) {
            members[ObjectIdentifier(indexing), default: 0] += 1
        }
        func keepsSeed(_ parameter: Parameter) -> Bool {
            guard let indexing = parameter.indexing else { return false }
            // The same parameters in another order are no larger network either.
            return members[ObjectIdentifier(indexing)] != indexing.count || indexing.count == parameters.count
        }
        let kept = parameters.map(keepsSeed)
        let seeds = Set(zip(parameters, kept).compactMap { $1 ? $0.firstSeed : nil })
        let isFree = parameters.indices.allSatisfy { kept[$0] || !seeds.contains($0) }
        let start = isFree ? 0 : (seeds.max() ?? 0) + 1
        let indexing = ParameterIndexing(count: kept.count { !$0 })
        for (place, parameter) in parameters.enumerated() where !kept[place] {
            parameter.seedFirstValues(start + place, by: indexing)
        }
    }
}
