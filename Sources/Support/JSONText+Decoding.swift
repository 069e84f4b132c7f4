/// A key, or an index, on the way to a value of a JSON text.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init(_ index: Int) { (stringValue, intValue) = ("[\(index)]", index) }
    init(stringValue: String) { self.init(stringValue) }
    init(intValue: Int) { self.init(intValue) }
}

extension JSONText: Decodable {
    /// Reads any JSON by another decoder. The order of keys is lost.
    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: JSONKey.self) {
            self = .object(
                try members.allKeys.map {
                    Member($0.stringValue, try members.decode(JSONText.self, forKey: $0))
                })
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var values: [JSONText] = []
            while !elements.isAtEnd { values.append(try elements.decode(JSONText.self)) }
            self = .array(values)
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .string(try value.decode(String.self))
        }
    }

    /// Decodes a value from this text. `userInfo` carries the registries of components.
    ///
    /// - Throws: `DecodingError` with its coding path, also for a number that is not an `Int`; and errors of the type
    ///   itself.
    package func decoded<Value: Decodable>(
        as type: Value.Type = Value.self, userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) throws -> Value {
        try TextDecoder(text: self, codingPath: [], userInfo: userInfo).value(as: type)
    }
}

/// A decoder of one text. One generic method serves for each of the protocols' overloads.
private struct TextDecoder: Decoder, SingleValueDecodingContainer {
    let text: JSONText
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any]

    func value<Value: Decodable>(as type: Value.Type) throws -> Value {
        let found: Any?
        switch type {
        case is Bool.Type: found = if case .bool(let value) = text { value } else { nil }
        case is String.Type: found = if case .string(let value) = text { value } else { nil }
        case is JSONText.Type: found = text
        case is Double.Type: found = try number()
        case is Float.Type: found = Float(try number())
        case let type as any FixedWidthInteger.Type: found = try integer(type)
        default: return try Value(from: self)
        }
        guard let value = found as? Value else { throw mismatch(type) }
        return value
    }

    private func number() throws -> Double {
        switch text {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: throw mismatch(Double.self)
        }
    }

    private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        let exact: Integer? =
            switch text {
            case .integer(let value): Integer(exactly: value)
            case .number(let value): Integer(exactly: value)
            default: throw mismatch(type)
            }
        guard let exact else {
            throw DecodingError.dataCorruptedError(
                in: self, debugDescription: "\(text.line) is no \(Integer.self)")
        }
        return exact
    }

    private func mismatch(_ type: Any.Type) -> DecodingError {
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: "not of the type")
        return text == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    private func inner(_ text: JSONText, _ key: any CodingKey) -> TextDecoder {
        TextDecoder(text: text, codingPath: codingPath + [key], userInfo: userInfo)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = text else { throw mismatch([String: JSONText].self) }
        return KeyedDecodingContainer(
            Members(
                decoder: self, values: Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let values) = text else { throw mismatch([JSONText].self) }
        return Elements(decoder: self, values: values)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { text == .null }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(as: type) }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: TextDecoder
        let values: [String: JSONText]
        var codingPath: [any CodingKey] { decoder.codingPath }
        var allKeys: [Key] { values.keys.sorted().compactMap { Key(stringValue: $0) } }

        func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }

        private func member(_ key: any CodingKey) throws -> TextDecoder {
            guard let value = values[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: codingPath, debugDescription: "missing"))
            }
            return decoder.inner(value, key)
        }

        func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try member(key).value(as: type)
        }
        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
            -> KeyedDecodingContainer<Nested>
        { try member(key).container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try member(key).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { try member(JSONKey("super")) }
        func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let decoder: TextDecoder
        let values: [JSONText]
        var currentIndex = 0
        var codingPath: [any CodingKey] { decoder.codingPath }
        var count: Int? { values.count }
        var isAtEnd: Bool { currentIndex >= values.count }

        private mutating func next() throws -> TextDecoder {
            let key = JSONKey(currentIndex)
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    JSONText.self,
                    .init(codingPath: codingPath + [key], debugDescription: "the list has ended"))
            }
            defer { currentIndex += 1 }
            return decoder.inner(values[currentIndex], key)
        }

        mutating func decodeNil() -> Bool {
            guard !isAtEnd, values[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try next().value(as: type)
        }
        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
            -> KeyedDecodingContainer<Nested>
        { try next().container(keyedBy: type) }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next().unkeyedContainer()
        }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }
}
