extension JSONText {
    /// Creates the text of a value, with keys in the order in which the value encodes them: that of its coding keys.
    ///
    /// A dictionary has no order and does not belong in files written for people.
    ///
    /// - Throws: `usage` for a number that JSON cannot hold, or a key that is encoded twice; and errors of the value
    ///   itself.
    package init(encoding value: some Encodable) throws {
        let place = Place()
        try place.encode(value, at: [])
        self = place.text
    }
}

/// The slot of one value, filled once it is encoded.
private final class Place {
    private enum Content {
        case nothing
        case value(JSONText)
        case object([(key: String, place: Place)])
        case array([Place])
    }
    private var content = Content.nothing

    /// The encoded value; an empty object if nothing was encoded, as of a type without settings.
    var text: JSONText {
        switch content {
        case .nothing: .object([])
        case .value(let value): value
        case .object(let members): .object(members.map { JSONText.Member($0.key, $0.place.text) })
        case .array(let places): .array(places.map(\.text))
        }
    }

    var count: Int {
        if case .array(let places) = content { places.count } else { 0 }
    }

    func encode(_ value: some Encodable, at path: [any CodingKey]) throws {
        switch value {
        case let value as JSONText: content = .value(value)
        case let value as Bool: content = .value(.bool(value))
        case let value as String: content = .value(.string(value))
        case let value as Double: try set(value, at: path)
        case let value as Float: try set(Double(value), at: path)
        case let value as any BinaryInteger:
            guard let integer = Int(exactly: value) else { throw impossible("\(value)", at: path) }
            content = .value(.integer(integer))
        default: try value.encode(to: OrderedEncoder(place: self, codingPath: path))
        }
    }

    private func set(_ number: Double, at path: [any CodingKey]) throws {
        guard number.isFinite else { throw impossible("\(number)", at: path) }
        content = .value(.number(number))
    }

    private func impossible(_ number: String, at path: [any CodingKey]) -> DescentError {
        DescentError(
            .usage, "a number that JSON cannot hold", at: path.map(\.stringValue).joined(separator: "."),
            got: number)
    }

    func encodeNull() { content = .value(.null) }

    /// Makes this an object, keeping the keys that it has, so that a value may encode itself in parts.
    func becomeObject() {
        if case .nothing = content { content = .object([]) }
    }

    func becomeArray() {
        if case .nothing = content { content = .array([]) }
    }

    func member(_ key: any CodingKey, at path: [any CodingKey]) throws -> Place {
        guard case .object(var members) = content, !members.contains(where: { $0.key == key.stringValue })
        else {
            throw DescentError(
                .usage, "'\(key.stringValue)' is encoded twice, or into what is not an object",
                at: path.map(\.stringValue).joined(separator: "."))
        }
        let place = Place()
        members.append((key.stringValue, place))
        content = .object(members)
        return place
    }

    func element() -> Place {
        let place = Place()
        if case .array(let places) = content { content = .array(places + [place]) }
        return place
    }
}

/// An encoder into one slot. One generic method serves for each of the protocols' overloads.
private struct OrderedEncoder: Encoder, SingleValueEncodingContainer {
    let place: Place
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(Members(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeArray()
        return Elements(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { place.encodeNull() }
    func encode<Value: Encodable>(_ value: Value) throws { try place.encode(value, at: codingPath) }

    private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let place: Place
        let codingPath: [any CodingKey]

        func encodeNil(forKey key: Key) throws { try place.member(key, at: codingPath).encodeNull() }

        func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
            try place.member(key, at: codingPath).encode(value, at: codingPath + [key])
        }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
            -> KeyedEncodingContainer<Nested>
        { encoder(key).container(keyedBy: type) }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoder(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder(JSONKey("super")) }
        func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

        /// These cannot throw: for a repeated key, the later value is lost.
        private func encoder(_ key: any CodingKey) -> OrderedEncoder {
            OrderedEncoder(
                place: (try? place.member(key, at: codingPath)) ?? Place(), codingPath: codingPath + [key])
        }
    }

    private struct Elements: UnkeyedEncodingContainer {
        let place: Place
        let codingPath: [any CodingKey]
        var count: Int { place.count }

        func encodeNil() { place.element().encodeNull() }

        func encode<Value: Encodable>(_ value: Value) throws {
            let path = codingPath + [JSONKey(count)]
            try place.element().encode(value, at: path)
        }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            encoder().container(keyedBy: type)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
        func superEncoder() -> any Encoder { encoder() }

        private func encoder() -> OrderedEncoder {
            let path = codingPath + [JSONKey(count)]
            return OrderedEncoder(place: place.element(), codingPath: path)
        }
    }
}
