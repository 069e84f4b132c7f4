import Arrays
import ExampleData
import Support

/// The relative costs of mistakes in each class.
///
/// ```swift
/// machine.classWeights = ["rare": 5]   // the others 1
/// machine.classWeights = .balanced
/// ```
public enum ClassWeights: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// By the classes' names; 1 for those that are not named.
    case named([String: Double])
    /// N / (K n) for a class with n of the N examples in K classes, so that all classes count the same (G. King, L. Zeng,
    /// "Logistic regression in rare events data", 2001).
    case balanced

    /// Creates the weights of the classes that are named.
    public init(dictionaryLiteral elements: (String, Double)...) {
        self = .named(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }

    /// Weights as text: `balanced`, or `3=2,8=0.5`, where the last `=` ends a name.
    ///
    /// - Throws: `usage` when it is neither.
    package init(parsing text: String) throws {
        if text == "balanced" {
            self = .balanced
            return
        }
        var weights: [String: Double] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let place = part.lastIndex(of: "="), place > part.startIndex,
                let weight = Double(part[part.index(after: place)...]), weight > 0, weight <= 1e30
            else {
                throw DescentError(
                    .usage, "not weights of classes", expected: "balanced, or as in 3=2,8=0.5",
                    got: "'\(text)'")
            }
            weights[String(part[..<place])] = weight
        }
        self = .named(weights)
    }

    /// Whether all classes cost the same whatever the examples.
    package var isNeutral: Bool { if case .named(let weights) = self { weights.isEmpty } else { false } }

    /// Returns the weight of each class, K.
    package func values(for examples: LabeledExamples) -> [Double] {
        switch self {
        case .named(let weights): examples.classNames.map { weights[$0] ?? 1 }
        case .balanced:
            examples.countsByClass.map {
                Double(examples.count) / Double(examples.classNames.count * max(1, $0))
            }
        }
    }

    /// Throws `usage` for a class that is not there and for a weight that none can have.
    package func check(_ examples: LabeledExamples, for place: String) throws {
        guard case .named(let weights) = self else { return }
        for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
            guard examples.classNames.contains(name) else {
                throw DescentError(
                    .usage, "a weight for a class that is not there", at: place,
                    expected: examples.classNames.joined(separator: ", "), got: name)
            }
            guard weight > 0 && weight <= 1e30 else {
                throw DescentError(
                    .usage, "impossible weight of class '\(name)'", at: place,
                    expected: "a number above 0, at most 1e30",
                    got: "\(weight)")
            }
        }
    }
}
