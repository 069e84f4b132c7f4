import Arrays
import Support

/// Which pictures of a folder are for learning, for choosing settings and for the test, with what each file held.
///
/// It is stored with a model, so that the model is tested with pictures that it has not learnt from, and says which files are
/// gone or have changed since.
public struct ImageSplit: Sendable, Equatable, Codable {
    /// A picture of a subset.
    public struct Entry: Sendable, Equatable, Codable {
        /// The path from the folder.
        public let file: String
        /// The name of its class.
        public let className: String
        /// CRC-32 and size of the file: equal for equal contents.
        package let contents: String

        enum CodingKeys: String, CodingKey {
            case file
            case className = "class"
            case contents
        }
    }

    /// The names of the classes, in the order of their numbers.
    package let classNames: [String]
    /// How it was made, in words.
    package let rule: String
    /// The pictures to learn from.
    public let train: [Entry]
    /// The pictures to choose settings by.
    public let validation: [Entry]
    /// The pictures for the test.
    public let test: [Entry]

    private static let format = "descent-image-split-1"

    enum CodingKeys: String, CodingKey {
        case format, classNames, rule, train, validation, test, checksum
    }

    init(
        classNames: [String], rule: String, train: [Entry], validation: [Entry], test: [Entry]
    ) {
        (self.classNames, self.rule) = (classNames, rule)
        (self.train, self.validation, self.test) = (train, validation, test)
    }

    /// Reads a split and checks it.
    ///
    /// - Throws: `DecodingError` for what has not its form; `badData` for a file on two sides, a class without a name, a path
    ///   that leads out of the folder, another checksum.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let format = try members.decode(String.self, forKey: .format)
        guard format == Self.format else {
            throw DescentError(
                .badData, "a split of another format", expected: Self.format, got: String(format.prefix(60)))
        }
        self.init(
            classNames: try members.decode([String].self, forKey: .classNames),
            rule: try members.decode(String.self, forKey: .rule),
            train: try members.decode([Entry].self, forKey: .train),
            validation: try members.decode([Entry].self, forKey: .validation),
            test: try members.decode([Entry].self, forKey: .test))
        try check(checksum: try members.decode(String.self, forKey: .checksum))
    }

    /// Writes the split, with its checksum.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(Self.format, forKey: .format)
        try members.encode(classNames, forKey: .classNames)
        try members.encode(rule, forKey: .rule)
        try members.encode(train, forKey: .train)
        try members.encode(validation, forKey: .validation)
        try members.encode(test, forKey: .test)
        try members.encode(checksum, forKey: .checksum)
    }

    /// The pictures of a subset.
    package func entries(_ subset: ImageSubset) -> [Entry] {
        switch subset {
        case .train: train
        case .validation: validation
        case .test: test
        }
    }

    /// A checksum of names, files and their contents: equal for equal splits.
    package var checksum: String {
        var checksum = Checksum()
        for name in classNames { checksum.add(name) }
        for subset in ImageSubset.allCases {
            checksum.add(subset.rawValue)
            for entry in entries(subset) {
                checksum.add(entry.file)
                checksum.add(entry.className)
                checksum.add(entry.contents)
            }
        }
        return checksum.text
    }

    private func check(checksum stored: String) throws {
        let names = Set(classNames)
        guard names.count == classNames.count, !names.isEmpty else {
            throw DescentError(.badData, "a split with no class, or with one twice", got: listed(classNames))
        }
        var subsets: [[UInt8]: ImageSubset] = [:]
        for subset in ImageSubset.allCases {
            for entry in entries(subset) {
                guard names.contains(entry.className) else {
                    throw DescentError(
                        .badData, "a class that is not among the split's", at: entry.file,
                        got: entry.className)
                }
                let parts = entry.file.utf8.split(
                    separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                guard !parts.contains(where: { $0.isEmpty || $0.elementsEqual("..".utf8) || $0.contains(0) })
                else {
                    throw DescentError(
                        .badData, "a path that leads out of the folder", got: String(entry.file.prefix(200)))
                }
                if let other = subsets.updateValue(subset, forKey: entry.file.pathKey) {
                    throw DescentError(
                        .badData, "a file that stands twice in the split", at: entry.file,
                        got: "\(other.rawValue) and \(subset.rawValue)")
                }
            }
        }
        guard checksum == stored else {
            throw DescentError(
                .badData, "the split was changed by hand or damaged", expected: checksum, got: stored)
        }
    }
}

extension ImageSplit {
    /// The split as JSON, one line for each picture.
    package var json: String {
        func entries(_ subset: ImageSubset) -> String {
            let lines = self.entries(subset).map { entry -> String in
                let members: [JSONText.Member] = [
                    .init("file", .string(entry.file)), .init("class", .string(entry.className)),
                    .init("contents", .string(entry.contents)),
                ]
                return "    " + JSONText.object(members).line
            }
            return lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"
        }
        return """
            {
              "format": \(JSONText.string(Self.format).line),
              "rule": \(JSONText.string(rule).line),
              "classNames": \(JSONText.array(classNames.map(JSONText.string)).line),
              "checksum": "\(checksum)",
              "train": \(entries(.train)),
              "validation": \(entries(.validation)),
              "test": \(entries(.test))
            }

            """
    }

    /// Reads a split from JSON.
    ///
    /// - Throws: `badData`.
    public init(json bytes: [UInt8], name: String) throws {
        do {
            self = try JSONText.decode(from: bytes)
        } catch let error as DescentError {
            throw error.at(error.place.map { "\(name), \($0)" } ?? name)
        } catch {
            throw DescentError(
                .badData, "not a split of pictures", at: name, expected: "the JSON that Descent writes",
                got: Self.words(error))
        }
    }

    private static func words(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case DecodingError.keyNotFound(let key, _): return "no \(key.stringValue)"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            return "another type at \(path(context))"
        default: return "another value"
        }
    }

    /// Writes the split to a file.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public func write(to path: String) throws { try AtomicFile.write(json, to: path) }

    /// Reads a split from a file.
    ///
    /// - Throws: `missingInput`, `badData`.
    public init(contentsOf path: String) throws {
        try self.init(json: Files.read(path, limit: 1 << 30), name: path)
    }

    /// Checks that every file of some subsets is in the folder and holds what it held.
    ///
    /// - Throws: `badData` that names the files that are missing or have changed; `interrupted`.
    /// - Complexity: O(bytes of the files).
    package func check(
        in folder: String, subsets: [ImageSubset] = ImageSubset.allCases, cancellation: Cancellation? = nil
    ) throws {
        let entries = subsets.flatMap { self.entries($0) }
        let faults = try inParallel(entries.count, cancellation: cancellation, at: folder) { index in
            Self.fault(of: entries[index], in: folder)
        }
        try Self.refuse(faults.compactMap { $0 }, in: folder)
    }

    private static func fault(of entry: Entry, in folder: String) -> String? {
        guard let read = try? FileBytes.read("\(folder)/\(entry.file)", limit: PictureDecoder.maximumBytes)
        else { return "\(entry.file) is missing" }
        var checksum = Checksum()
        read.bytes.withUnsafeBytes { checksum.add($0) }
        let contents = PictureRecord.contents(size: read.bytes.count, checksum: checksum.value)
        return contents == entry.contents ? nil : "\(entry.file) has changed"
    }

    static func refuse(_ faults: [String], in folder: String) throws {
        guard !faults.isEmpty else { return }
        throw DescentError(
            .badData,
            "\(Numerals.counted(faults.count, "picture")) of the split not in the folder as \(faults.count == 1 ? "it was" : "they were")",
            at: folder, advice: "give the folder as it was, or make a new split",
            transcript: Array(faults.prefix(20))
                + (faults.count > 20 ? ["and \(Numerals.grouped(faults.count - 20)) more"] : []))
    }
}
