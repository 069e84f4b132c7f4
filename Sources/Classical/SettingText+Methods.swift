import Arrays
import Classification
import Support

// Settings that several learners read from text.

extension SettingText {
    /// Returns a number above 0 that a method can compute with, nil if `key` is not given.
    mutating func positive(_ key: String, called what: String, atMost most: Double = 1e30) throws -> Double? {
        try numbers(key, called: what, atMost: most)?.first
    }

    /// Such a number of a method that is not searched for: one only.
    mutating func single(
        _ key: String, called what: String, advice: String = "svm with a linear kernel takes several"
    ) throws -> Double? {
        guard let values = try numbers(key, called: what) else { return nil }
        guard values.count == 1 else {
            throw DescentError(
                .usage, "\(name) is not searched for", at: key, expected: "one number", advice: advice)
        }
        return values[0]
    }

    /// Such numbers with commas between them, nil if `key` is not given.
    mutating func numbers(_ key: String, called what: String, atMost most: Double = 1e30) throws -> [Double]?
    {
        guard let text = text(key) else { return nil }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Double(part), value > 0, value <= most else {
                throw DescentError(
                    .usage, "impossible \(what)", at: key,
                    expected: "a number above 0, at most \(most == 1 ? "1" : "1e30")",
                    got: Double(part).map { "\($0)" } ?? String(part))
            }
            return value
        }
    }

    /// Weights of classes, nil if they are not given.
    mutating func classWeights() throws -> ClassWeights? {
        guard let text = text("class-weights") else { return nil }
        return try DescentError.naming("class-weights") { try ClassWeights(parsing: text) }
    }

    /// Reads the seed of the random numbers, nil if it is not given.
    mutating func seed() throws -> Int? { try whole("seed", in: 0...Int(UInt32.max)) }
}

extension DescentError {
    /// Returns the result of `body`; its errors that name no place name the setting `name`.
    static func naming<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DescentError where error.place == nil {
            throw error.at(name)
        }
    }
}

extension ClassWeights: CustomStringConvertible {
    /// The text that `init(parsing:)` reads, unless a class has no name or one with a comma.
    public var description: String {
        switch self {
        case .balanced: "balanced"
        case .named(let weights):
            weights.sorted { $0.key < $1.key }.map { "\($0.key)=\(Numerals.number($0.value))" }
                .joined(separator: ",")
        }
    }

    /// The setting of a learner; empty where all classes count the same, nil where the text would be read as other
    /// weights or refused, as for a class name with a comma.
    var settings: [LearnerSetting]? {
        if isNeutral { return [] }
        guard (try? ClassWeights(parsing: description)) == self else { return nil }
        return [LearnerSetting("class-weights", description)]
    }
}
