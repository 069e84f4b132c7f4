import ArrayFiles
import Arrays

/// libsvm's sparse text: a line for each example, its label (a number), then `index:value` for the features that are not
/// zero, indices from 1 and ascending.
///
/// ```swift
/// let train = try LibSVMText.read(contentsOf: "heart_scale")
/// let test = try LibSVMText.read(
///     contentsOf: "heart_scale.t", featureCount: train.examples.featureCount, classNames: train.classNames)
/// ```
public enum LibSVMText {
    /// The examples of the file as numbers [N, D].
    ///
    /// Classes are numbered in the order in which they first appear, as libsvm does; with the labels -1 and +1 only,
    /// +1 comes first. They are called as the numbers are written shortest: `1`, `-1`, `2.5`.
    ///
    /// - `featureCount`: D; nil for the largest index in the file.
    /// - `classNames`: the classes that may appear, in their order; nil for those in the file.
    /// - `memoryLimit`: bytes that the N x D numbers may take.
    /// - Throws: `missingInput`; `badData` with the line, or when the numbers would take more memory.
    public static func read(
        contentsOf path: String, featureCount: Int? = nil, classNames: [String]? = nil,
        memoryLimit: Int = 1 << 32
    ) throws -> LabeledExamples {
        var lines = try LibSVMLines(contentsOf: path)
        return try read(&lines, featureCount, classNames, memoryLimit)
    }

    static func read(
        _ lines: inout LibSVMLines, _ featureCount: Int?, _ classNames: [String]?, _ memoryLimit: Int
    ) throws -> LabeledExamples {
        if let featureCount, featureCount < 1 {
            throw DescentError(
                .usage, "impossible number of features", expected: "1 or more", got: "\(featureCount)")
        }
        var names = classNames ?? []
        var numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var classes: [Int] = []
        var starts = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        var width = 0
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
                numbers[name] = names.count
                classes.append(names.count)
                names.append(name)
            }
            try lines.features { column, value in
                columns.append(Int32(column))
                values.append(value)
            }
            if let last = columns.last, columns.count > starts[starts.count - 1] {
                width = max(width, Int(last) + 1)
                if let featureCount, width > featureCount {
                    throw lines.wrong(
                        "an index beyond the features", expected: "1...\(featureCount)", got: "\(width)")
                }
            }
            starts.append(columns.count)
        }
        if classNames == nil && names == ["-1", "1"] {
            names.reverse()
            for place in classes.indices { classes[place] = 1 - classes[place] }
        }
        let count = classes.count
        width = featureCount ?? width
        let (size, overflow) = (max(1, count) * 4).multipliedReportingOverflow(by: width)
        guard !overflow && size <= memoryLimit else {
            throw DescentError(
                .badData, "the examples take too much memory", at: lines.path,
                expected: "at most \(memoryLimit) bytes",
                got: "\(count) x \(width) numbers of 4 bytes",
                advice: "raise the limit or take fewer features")
        }
        let features = NDArray<Float>(shape: [count, width]) { target in
            target.initialize(repeating: 0)
            for row in 0..<count {
                for entry in starts[row]..<starts[row + 1] {
                    target[row * width + Int(columns[entry])] = values[entry]
                }
            }
        }
        return LabeledExamples(.numbers(features), classes: classes, classNames: names)
    }

    /// Writes the examples, whole or not at all; zeros are left out.
    ///
    /// - `byteScale`: what bytes are multiplied by.
    /// - Throws: `usage` when a class is not called a number; `badData` for a value that is not finite; `cannotCreate`,
    ///   `inputOutput`.
    public static func write(_ examples: LabeledExamples, to path: String, byteScale: Float = 1) throws {
        for name in examples.classNames {
            let utf8 = Array(name.utf8)[...]
            guard let label = LibSVMLines.number(utf8), label.isFinite else {
                throw DescentError(
                    .usage, "libsvm's labels are numbers", at: path, expected: "a number", got: "'\(name)'",
                    advice: "give the classes numbers for names")
            }
        }
        try ExampleChecks.requireFinite(examples.examples, for: path)
        let width = examples.examples.featureCount
        try AtomicFile.write(to: path) { file in
            for row in 0..<examples.count {
                let text = features(examples.examples, row, width, byteScale)
                try file.write("\(examples.classNames[examples.classes[row]])\(text)\n")
            }
        }
    }

    /// ` index:value` of the features of a row that are not zero.
    static func features(_ examples: Examples, _ row: Int, _ width: Int, _ byteScale: Float) -> String {
        var text = ""
        switch examples {
        case .bytes(let array):
            array.withUnsafeElements { values in
                for column in 0..<width {
                    let byte = values[row * width + column]
                    if byte != 0 { text += " \(column + 1):\(Float(byte) * byteScale)" }
                }
            }
        case .numbers(let array):
            array.withUnsafeElements { values in
                for column in 0..<width {
                    let value = values[row * width + column]
                    if value != 0 { text += " \(column + 1):\(value)" }
                }
            }
        }
        return text
    }
}
