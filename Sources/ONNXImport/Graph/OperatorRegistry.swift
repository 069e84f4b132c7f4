import Support

/// The operators by name, each from the version of its set on in which it means this.
struct OperatorRegistry: Sendable {
    struct Entry: Sendable {
        let since: Int
        let make: OperatorMaker
    }

    private var entries: [String: [Entry]] = [:]

    /// All operators.
    static let standard: OperatorRegistry = {
        var registry = OperatorRegistry()
        registry.add(elementwiseOperators)
        registry.add(comparisonOperators)
        registry.add(activationOperators)
        registry.add(castingOperators)
        registry.add(shapeOperators)
        registry.add(joiningOperators)
        registry.add(slicingOperators)
        registry.add(paddingOperators)
        registry.add(indexingOperators)
        registry.add(scatteringOperators)
        registry.add(creationOperators)
        registry.add(reductionOperators)
        registry.add(selectionOperators)
        registry.add(productOperators)
        registry.add(convolutionOperators)
        registry.add(poolingOperators)
        registry.add(normalizationOperators)
        registry.add(softmaxOperators)
        registry.add(lossOperators)
        registry.add(resizingOperators)
        registry.add(quantizationOperators)
        registry.add(microsoftOperators)
        registry.add(detectionOperators)
        registry.add(controlOperators)
        registry.add(sequenceOperators)
        registry.add(regionOperators)
        registry.add(windowOperators)
        registry.add(einsumOperators)
        registry.add(recurrentOperators)
        registry.add(orderOperators)
        registry.add(learningOperators)
        registry.add(linearModelOperators)
        registry.add(forestOperators)
        registry.add(preparationOperators)
        return registry
    }()

    /// A family of operators: name (after a point that of another set), the first version, the maker.
    typealias Family = [(name: String, since: Int, make: OperatorMaker)]

    mutating func add(_ family: Family) {
        for (name, since, make) in family {
            entries[name, default: []].append(Entry(since: since, make: make))
        }
    }

    /// Returns the maker of an operator in a version of its set: the newest that is not newer.
    func maker(_ domain: String, _ type: String, version: Int) -> OperatorMaker? {
        let name = domain.isEmpty ? type : "\(domain).\(type)"
        return entries[name]?.filter { $0.since <= version }.max { $0.since < $1.since }?.make
    }

    /// The names of all operators.
    var names: [String] { entries.keys.sorted() }
}
