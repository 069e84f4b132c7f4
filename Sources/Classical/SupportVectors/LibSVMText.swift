import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// libsvm's sparse text: a line for each example, its label (a number), then `index:value` for the features that are not
/// zero, indices ascending from 1.
///
/// Read as libsvm and SVMlight read it: spaces may follow a colon, `#` begins a comment, `qid:` is passed over, and a file
/// with an index 0 counts its features from 0.
///
/// ```swift
/// let train = try LibSVMText.read(contentsOf: "heart_scale")
/// let test = try LibSVMText.read(
///     contentsOf: "heart_scale.t", featureCount: train.examples.featureCount, classNames: train.classNames)
/// ```
public enum LibSVMText {
    /// Returns the examples of the file as floating-point features [N, D].
    ///
    /// Classes are numbered in the order in which they first appear, as libsvm does; with the labels -1 and +1 only,
    /// +1 comes first. Their names are the labels in shortest form: `1`, `-1`, `2.5`.
    ///
    /// - `featureCount`: D; nil for the largest index in the file.
    /// - `classNames`: the classes that may appear, in their order; nil for those in the file.
    /// - `firstIndex`: the index of the first feature, 0 or 1; nil for 0 where the file has an index 0, else 1. A test file in
    ///   which the first feature never occurs does not show it by itself: give the training file's.
    /// - `memoryLimit`: bytes that the N x D values may take; nil for 256 MiB, or 128 times the file's size up to 4 GiB.
    /// - Throws: `missingInput`; `badData` with the line, or when the values would take more memory: `readSparse` takes
    ///   none for zeros.
    public static func read(
        contentsOf path: String, featureCount: Int? = nil, classNames: [String]? = nil,
        firstIndex: Int? = nil, memoryLimit: Int? = nil
    ) throws -> LabeledExamples {
        var lines = try LibSVMLines(contentsOf: path)
        return try read(&lines, featureCount, classNames, memoryLimit, firstIndex: firstIndex)
    }

    /// Returns the examples of the file without their zeros: 8 bytes for each number that is written there, however large
    /// the indices are.
    ///
    /// Classes, `featureCount`, `classNames` and `firstIndex` are those of `read`.
    ///
    /// ```swift
    /// let texts = try LibSVMText.readSparse(contentsOf: "rcv1_train.binary")
    /// let history = try Trainer().fit(network, on: texts)
    /// ```
    ///
    /// - Throws: as `read`.
    public static func readSparse(
        contentsOf path: String, featureCount: Int? = nil, classNames: [String]? = nil, firstIndex: Int? = nil
    ) throws -> LabeledExamples {
        var lines = try LibSVMLines(contentsOf: path)
        let (rows, classes, names) = try parse(&lines, featureCount, classNames, firstIndex)
        return LabeledExamples(
            .sparse(rows.compressed(width: featureCount ?? rows.width)), classes: classes, classNames: names)
    }

    /// The examples of a file, without their zeros, and the index of its first feature.
    package struct File: Sendable {
        /// The examples.
        package let examples: LabeledExamples
        /// 0 or 1.
        package let firstIndex: Int
    }

    /// Returns the examples of the file without their zeros, with as many features as its largest index asks for.
    ///
    /// `classNames`, `firstIndex`: as for `read`.
    ///
    /// - Throws: as `read`.
    package static func readFile(
        contentsOf path: String, classNames: [String]? = nil, firstIndex: Int? = nil
    ) throws -> File {
        var lines = try LibSVMLines(contentsOf: path)
        let (rows, classes, names) = try parse(&lines, nil, classNames, firstIndex)
        return File(
            examples: LabeledExamples(
                .sparse(rows.compressed(width: rows.width)), classes: classes, classNames: names),
            firstIndex: rows.firstFeature)
    }

    /// Returns whether a text begins as this format does: with a line that is a number, then `index:value` pairs. Its last line
    /// may be cut.
    package static func begins(_ head: [UInt8]) -> Bool {
        var lines = LibSVMLines(head, path: "")
        lines.hasComments = true
        while lines.next() {
            guard let word = lines.word() else { continue }
            guard let label = LibSVMLines.number(word), label.isFinite else { return false }
            guard let pair = lines.word() else {
                // An example of zeros alone: the next line tells.
                continue
            }
            guard let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return false }
            return LibSVMLines.whole(pair[..<colon]) != nil || pair[..<colon].elementsEqual("qid".utf8)
        }
        return false
    }

    static func read(
        _ lines: inout LibSVMLines, _ featureCount: Int?, _ classNames: [String]?, _ memoryLimit: Int?,
        firstIndex: Int? = nil
    ) throws -> LabeledExamples {
        let (rows, classes, names) = try parse(&lines, featureCount, classNames, firstIndex)
        let features = try dense(rows, lines, featureCount, memoryLimit)
        return LabeledExamples(features, classes: classes, classNames: names)
    }

    /// The rows with all their zeros, where there is memory for them.
    static func dense(
        _ rows: SparseLines, _ lines: LibSVMLines, _ featureCount: Int?, _ memoryLimit: Int?
    ) throws -> FeatureMatrix {
        let width = featureCount ?? rows.width
        let limit = memoryLimit ?? MemoryLimit.bytes(forFileOf: lines.size)
        let (size, overflow) = (max(1, rows.count) * 4).multipliedReportingOverflow(by: width)
        guard !overflow && size <= limit else {
            throw DescentError(
                .badData, "the examples take too much memory", at: lines.path,
                expected: "at most \(limit) bytes"
                    + (memoryLimit == nil ? " for a file of \(lines.size)" : ""),
                got: "\(rows.count) x \(width) numbers of 4 bytes",
                advice: "raise the limit, take fewer features, or read them without their zeros")
        }
        return .floats(rows.dense(width: width))
    }

    /// Rows, the class of each, and the names of the classes.
    private static func parse(
        _ lines: inout LibSVMLines, _ featureCount: Int?, _ classNames: [String]?, _ firstIndex: Int?
    ) throws -> (SparseLines, [Int32], [String]) {
        try check(featureCount, firstIndex)
        lines.hasComments = true
        var names = classNames ?? []
        var numbers = Dictionary(
            names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        var classes: [Int32] = []
        var rows = SparseLines(firstIndex: firstIndex)
        while lines.next() {
            guard let word = lines.word() else { continue }
            guard let label = LibSVMLines.number(word), label.isFinite else {
                throw lines.wrong("not a label", expected: "a number", got: LibSVMLines.shown(word))
            }
            let name = LibSVMLines.className(label)
            if let number = numbers[name] {
                classes.append(number)
            } else {
                guard classNames == nil else {
                    throw lines.wrong(
                        "a class that is not known", expected: names.joined(separator: ", "), got: name)
                }
                numbers[name] = Int32(names.count)
                classes.append(Int32(names.count))
                names.append(name)
            }
            try rows.add(&lines, limit: featureCount)
        }
        if classNames == nil && names == ["-1", "1"] {
            names.reverse()
            for place in classes.indices { classes[place] = 1 - classes[place] }
        }
        return (rows, classes, names)
    }

    static func check(_ featureCount: Int?, _ firstIndex: Int?) throws {
        if let featureCount, !(1..<1 << 31).contains(featureCount) {
            throw DescentError(
                .usage, "impossible number of features", expected: "1 or more, below 2^31",
                got: "\(featureCount)")
        }
        if let firstIndex, firstIndex != 0 && firstIndex != 1 {
            throw DescentError(
                .usage, "impossible first index", expected: "0 or 1", got: "\(firstIndex)")
        }
    }

    /// Writes the examples, whole or not at all; zeros are left out. A label is the class's name, or the number that is the
    /// target. Where a name is no number, which libsvm needs, all classes are numbered from 0 in their order.
    ///
    /// - `byteScale`: the factor on bytes.
    /// - Returns: what should be said: how classes were numbered.
    /// - Throws: `usage` for several numbers as one example's target; `badData` for a value that is not finite; `cannotCreate`,
    ///   `inputOutput`.
    @discardableResult
    public static func write(
        _ examples: LabeledExamples, to path: String, byteScale: Float = 1
    ) throws -> [String] {
        if case .values = examples.targets {
            try writeValues(examples, to: path, byteScale: byteScale)
            return []
        }
        try ExampleChecks.requireClasses(of: examples, for: path)
        try ExampleChecks.requireFinite(examples.features, for: path)
        let areNumbers = examples.classNames.allSatisfy {
            LibSVMLines.number(Array($0.utf8)[...])?.isFinite == true
        }
        let labels = areNumbers ? examples.classNames : examples.classNames.indices.map(String.init)
        let width = examples.features.featureCount
        try AtomicFile.write(to: path) { file in
            for row in 0..<examples.count {
                let text = features(examples.features, row, width, byteScale)
                try file.write("\(labels[Int(examples.classes[row])])\(text)\n")
            }
        }
        return areNumbers
            ? [] : ["libsvm's labels are numbers: the classes are \(examples.numberedClassNames)"]
    }

    /// ` index:value` of the features of a row that are not zero.
    static func features(_ examples: FeatureMatrix, _ row: Int, _ width: Int, _ byteScale: Float) -> String {
        var text = ""
        switch examples.storage {
        case .bytes(let array):
            array.withUnsafeElements { values in
                for column in 0..<width {
                    let byte = values[row * width + column]
                    if byte != 0 { text += " \(column + 1):\(Float(byte) * byteScale)" }
                }
            }
        case .floats(let array):
            array.withUnsafeElements { values in
                for column in 0..<width {
                    let value = values[row * width + column]
                    if value != 0 { text += " \(column + 1):\(value)" }
                }
            }
        case .sparse(let rows):
            let (columns, values) = rows.entries(ofRow: row)
            for (column, value) in zip(columns, values) { text += " \(column + 1):\(value)" }
        }
        return text
    }
}
