import Foundation
import Support

/// The agreement of another program with the answers that an ONNX file keeps.
///
/// The file's own check comes first: onnx's checker, with the shapes of all values inferred.
///
/// ```swift
/// let verification = try ONNXVerification(of: "digits.onnx", with: .onnxruntime(environment: ".build/interop"))
/// print(verification, verification.agrees)
/// ```
public struct ONNXVerification: Sendable, CustomStringConvertible {
    /// The program that is asked.
    public enum Runtime: Sendable {
        /// onnxruntime of a Python environment, which also has onnx: `./descent test --interop` makes one.
        case onnxruntime(environment: String)
    }

    /// How far one output is away.
    public struct Output: Decodable, Equatable, Sendable {
        /// Its name: `probabilities`, `scores`, `decisions`.
        public let name: String
        /// The largest difference from a number that the file keeps; nil where one is not finite, or the shapes differ.
        public let largest: Double?
        /// The difference that rounding explains.
        public let tolerance: Double

        /// Whether rounding explains the difference.
        public var agrees: Bool { largest.map { $0 <= tolerance } ?? false }
    }

    private struct Stored: Decodable {
        let runtime: String
        let checker: String
        let count: Int
        let equalLabels: Int
        let hasLabels: Bool
        let outputs: [Output]
    }

    /// The program and its version: `onnxruntime 1.32.0`.
    public let runtime: String
    /// The checker and its version.
    public let checker: String
    /// The number of samples in the file.
    public let count: Int
    /// The number of samples with the same class; all where the model predicts numbers.
    public let equalLabels: Int
    /// Whether the model tells classes.
    public let hasLabels: Bool
    /// The outputs of numbers.
    public let outputs: [Output]

    /// Whether all classes are equal and rounding explains the differences.
    public var agrees: Bool { equalLabels == count && outputs.allSatisfy(\.agrees) }

    /// Asks a program about the samples of the file at `path`.
    ///
    /// - Throws: `missingInput`; `unavailable` when the environment is not there or lacks a package; `badData` when the program
    ///   refuses the file, with its words.
    public init(of path: String, with runtime: Runtime) throws {
        guard Files.exists(path) else {
            throw DescentError(.missingInput, "there is no such file", at: path, expected: "an ONNX file")
        }
        switch runtime {
        case .onnxruntime(let environment): try self.init(path, environment)
        }
    }

    private init(_ path: String, _ environment: String) throws {
        let python = "\(environment)/bin/python3"
        guard Files.exists(python) else {
            throw DescentError(
                .unavailable, "the environment with onnxruntime is not there", at: environment,
                expected: python,
                advice: "give the folder of a Python environment with onnx and onnxruntime")
        }
        let outcome = try Child.run(
            python, ["-c", InteropScript.text, path], environment: ["PYTHONWARNINGS": "ignore"],
            timeLimit: 600)
        let errors = outcome.errors.split(separator: "\n").suffix(6).map(String.init)
        guard outcome.status == 0, let line = outcome.output.split(separator: "\n").last else {
            let isMissing = errors.last?.hasPrefix("ModuleNotFoundError") == true
            throw DescentError(
                isMissing ? .unavailable : .badData,
                isMissing ? "the environment lacks a package" : "onnx or onnxruntime refuses the file",
                at: isMissing ? environment : path, got: errors.last,
                advice: isMissing ? "install onnx and onnxruntime there" : nil,
                transcript: errors)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let stored: Stored
        do {
            stored = try decoder.decode(Stored.self, from: Data(line.utf8))
        } catch {
            throw DescentError(
                .failed, "the answer of onnxruntime cannot be read", at: path, got: String(line))
        }
        (self.runtime, checker) = (stored.runtime, stored.checker)
        (count, equalLabels, hasLabels, outputs) = (
            stored.count, stored.equalLabels, stored.hasLabels, stored.outputs
        )
    }

    /// `onnxruntime 1.32.0: 8 of 8 labels equal; probabilities differ by at most 3e-07 (rounding explains 1e-05)`.
    public var description: String {
        let differences = outputs.map { output in
            "\(output.name) "
                + (output.largest.map { "differ by at most \(Self.short($0))" } ?? "do not fit")
                + " (rounding explains \(Self.short(output.tolerance)))"
        }
        let labels = hasLabels ? "\(equalLabels) of \(count) labels equal" : Numerals.counted(count, "sample")
        return (["\(runtime): \(labels)"] + differences).joined(separator: "; ")
    }

    private static func short(_ number: Double) -> String {
        number == 0 ? "0" : String(format: "%.0e", number)
    }
}
