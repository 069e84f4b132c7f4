import Descent
import Foundation
import TestSupport
import Testing

/// The built `descent` run as a program of its own, in a directory of its own.
final class CommandRun {
    struct Result {
        let code: Int32
        let output: String
        let error: String

        /// The lines of standard output that are JSON objects.
        var objects: [[String: Any]] {
            output.split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }
    }

    /// The program that was built with the tests: it lies beside the test bundle, which is this process.
    static let executable: String = {
        let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: test).deletingLastPathComponent().appendingPathComponent("descent")
            .path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        // Where the bundle is loaded by a helper of the toolchain instead.
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent(".build/debug/descent").path
    }()

    /// The same as it stands in commands that are printed to be typed.
    static let program =
        executable.allSatisfy { $0.isLetter || $0.isNumber || "/._-".contains($0) }
        ? executable : "'\(executable)'"

    private let temporary: TemporaryDirectory
    var directory: String { temporary.path }

    init() throws { temporary = try TemporaryDirectory() }

    /// A small data set in MNIST's four files: class k has a bright square in the k-th place. Returns its path.
    func makeData(train: Int = 200, test: Int = 60) throws -> String {
        let path = "\(directory)/data"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, count, seed) in [("train", train, 1), ("t10k", test, 2)] {
            var random = RandomState(seed)
            var pixels = [UInt8](repeating: 0, count: count * 12 * 12)
            for index in pixels.indices where random.nextUInt32() % 4 == 0 { pixels[index] = 120 }
            let labels = (0..<count).map { UInt8($0 % 10) }
            for (image, label) in labels.enumerated() {
                for place in 0..<9 {
                    let row = 3 * (Int(label) / 4) + place / 3
                    pixels[(image * 12 + row) * 12 + 3 * (Int(label) % 4) + place % 3] = 255
                }
            }
            try IDX.write(
                NDArray(shape: [count, 12, 12], elements: pixels), to: "\(path)/\(name)-images-idx3-ubyte")
            try IDX.write(
                NDArray(shape: [count], elements: labels), to: "\(path)/\(name)-labels-idx1-ubyte")
        }
        return path
    }

    /// A process that runs the program in the directory; standard output and error go to files there.
    func start(
        _ arguments: [String], environment: [String: String] = [:], through shell: String? = nil
    ) throws -> Process {
        let process = Process()
        if let shell {
            // "$@" are the program and its arguments.
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", shell, "sh", Self.executable] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: Self.executable)
            process.arguments = arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": directory, "XDG_CACHE_HOME": "\(directory)/cache",
        ].merging(environment) { $1 }
        for (name, stream) in [("out.txt", \Process.standardOutput), ("err.txt", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: "\(directory)/\(name)", contents: nil)
            process[keyPath: stream] = FileHandle(forWritingAtPath: "\(directory)/\(name)")
        }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Waits for the end of a process of `start`.
    func end(_ process: Process) -> Result {
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: text("out.txt"), error: text("err.txt"))
    }

    /// Runs the program to its end.
    func run(
        _ arguments: String..., environment: [String: String] = [:], through shell: String? = nil
    ) throws -> Result {
        end(try start(arguments, environment: environment, through: shell))
    }

    /// Runs the program with a list of arguments to its end.
    func run(_ arguments: [String]) throws -> Result { end(try start(arguments)) }

    /// A file of the directory as text; empty when it is not there.
    func text(_ file: String) -> String {
        (try? String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)) ?? ""
    }

    /// The names in the directory, or in a directory of it.
    func names(_ folder: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []).sorted()
    }
}
