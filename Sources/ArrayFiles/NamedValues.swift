/// A dictionary of values by name that compares names byte for byte.
///
/// Swift's `String` takes "é" for the same text whether it is one code point or two; to safetensors, zip and pickle
/// those are two names. It is used like a dictionary. Its order is that of the names' bytes.
///
/// ```swift
/// var settings: NamedValues<String> = ["format": "descent"]
/// settings["\u{E9}"] = "one code point"
/// settings["e\u{301}"] = "two"
/// settings.count   // 3
/// ```
public struct NamedValues<Value>: ExpressibleByDictionaryLiteral, Sequence {
    /// A name and its value.
    public typealias Element = (key: String, value: Value)

    private var values_: [Name: Value] = [:]

    private struct Name: Hashable, Sendable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            // A native string is contiguous; another is copied.
            let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
                hasher.combine(bytes: UnsafeRawBufferPointer($0))
            }
            if isDone == nil { Array(text.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
        }
    }

    /// Creates an empty dictionary.
    public init() {}

    /// Creates values from a literal; the last of a repeated name is kept.
    public init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The value of that name; nil if there is none, and setting nil removes it.
    public subscript(name: String) -> Value? {
        get { values_[Name(text: name)] }
        set { values_[Name(text: name)] = newValue }
    }

    /// The number of values.
    public var count: Int { values_.count }

    /// Whether there are no values.
    package var isEmpty: Bool { values_.isEmpty }

    /// The names, in the order of their bytes.
    public var keys: [String] {
        values_.keys.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The values, in the order of the names' bytes.
    public var values: [Value] { map(\.value) }

    /// Iterates over names and values, in the order of the names' bytes.
    public func makeIterator() -> IndexingIterator<[Element]> {
        values_.map { (key: $0.key.text, value: $0.value) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.makeIterator()
    }

    /// Returns the results of `transform`, by the same names.
    package func mapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> NamedValues<Other> {
        var result = NamedValues<Other>()
        for (name, value) in self { result[name] = try transform(value) }
        return result
    }

    /// Returns the non-nil results of `transform`, by the same names.
    package func compactMapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other?
    ) throws(Failure) -> NamedValues<Other> {
        var result = NamedValues<Other>()
        for (name, value) in self { result[name] = try transform(value) }
        return result
    }

    /// Returns the values for which `isIncluded` is true.
    package func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> NamedValues {
        var result = NamedValues()
        for element in self where try isIncluded(element) { result[element.key] = element.value }
        return result
    }
}

extension NamedValues: Sendable where Value: Sendable {}

extension NamedValues: Equatable where Value: Equatable {
    /// Returns whether both have the same names, byte for byte, with equal values.
    public static func == (left: NamedValues, right: NamedValues) -> Bool { left.values_ == right.values_ }
}

/// A name from a file as errors show it: in quotes, the middle of a long one left out.
func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars
    guard scalars.count > 120 else { return "\"\(name)\"" }
    return "\"\(String(scalars.prefix(60)))...\(String(scalars.suffix(40)))\""
}
