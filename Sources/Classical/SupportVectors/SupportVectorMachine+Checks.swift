import Arrays
import Classification
import ExampleData
import Support

extension SupportVectorMachine {
    /// Refuses settings and examples that cannot be trained on, before work starts.
    func check(_ examples: LabeledExamples) throws {
        try kernel.check()
        func usage(_ what: String, _ expected: String, _ got: some Any, advice: String? = nil) -> DescentError
        {
            DescentError(
                .usage, what, at: "support vector machine", expected: expected, got: "\(got)", advice: advice)
        }
        switch formulation {
        case .cost(let cost):
            guard cost > 0 && cost <= 1e30 else {
                throw usage("impossible cost", "a number above 0, at most 1e30", cost)
            }
        case .nu(let nu):
            guard nu > 0 && nu <= 1 else { throw usage("impossible nu", "above 0, at most 1", nu) }
            guard classWeights.isNeutral else {
                throw usage("class weights have no meaning for nu-SVC", "none", "\(classWeights)")
            }
        }
        guard tolerance > 0 && tolerance <= 1e30 else {
            throw usage("impossible tolerance", "a number above 0, at most 1e30", tolerance)
        }
        guard stepLimit ?? 1 >= 1 else { throw usage("impossible step limit", "1 or more", stepLimit ?? 0) }
        guard byteScale > 0 && byteScale <= 1e30 else {
            throw usage("impossible scale of bytes", "a number above 0, at most 1e30", byteScale)
        }
        guard UInt32(exactly: seed) != nil else { throw usage("impossible seed", "0..<2^32", seed) }
        try classWeights.check(examples, for: "support vector machine")
        try examples.checkForMargins("support vector machine")
        let counts = examples.countsByClass
        let sorted = counts.sorted()
        let largest = sorted.suffix(2).reduce(0, +)
        let needed = 4 * largest * KernelRowCache.leastRows(largest)
        guard cacheLimit >= needed else {
            throw usage(
                "the cache limit is too small", "at least \(needed) bytes for a pair of \(largest) examples",
                cacheLimit,
                advice: "raise the limit or take fewer examples")
        }
        if case .nu(let nu) = formulation {
            for first in counts.indices {
                for second in counts.indices.dropFirst(first + 1) {
                    let (n, m) = (counts[first], counts[second])
                    guard nu * Double(n + m) / 2 <= Double(min(n, m)) else {
                        let names = "'\(examples.classNames[first])' and '\(examples.classNames[second])'"
                        throw usage(
                            "no solution has this nu for the classes \(names)",
                            "at most \(2 * Double(min(n, m)) / Double(n + m))", nu)
                    }
                }
            }
        }
    }
}

extension LabeledExamples {
    /// Says why no margin can be found between the classes.
    ///
    /// - Throws: `badData` for one class only, an empty class, no features, a value that is not finite, features that are
    ///   all constant.
    func checkForMargins(_ learner: String) throws {
        try ExampleChecks.requireClasses(of: self, for: learner)
        let counts = countsByClass
        let present = counts.indices.filter { counts[$0] > 0 }
        guard present.count > 1 else {
            throw DescentError(
                .badData, "one class only", at: learner, expected: "examples of two classes or more",
                got: present.first.map { "only '\(classNames[$0])'" } ?? "no examples")
        }
        try ExampleChecks.require(self, for: learner)
        guard features.varies else {
            throw DescentError(
                .badData, "all features are constant", at: learner, expected: "examples that differ",
                got: "\(count) equal ones")
        }
    }
}

extension FeatureMatrix {
    /// Whether any feature differs between two examples.
    var varies: Bool {
        func varies<Scalar: Equatable>(_ values: UnsafeBufferPointer<Scalar>, _ width: Int) -> Bool {
            for place in width..<max(width, values.count) where values[place] != values[place - width] {
                return true
            }
            return false
        }
        let width = featureCount
        switch dense {
        case .bytes(let array): return array.withUnsafeElements { varies($0, width) }
        case .floats(let array): return array.withUnsafeElements { varies($0, width) }
        }
    }
}
