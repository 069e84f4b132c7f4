import ArrayFiles
import Arrays
import Foundation
import Support

/// Finds a section's code and its program, builds the program when it is older than the code, and runs it.
package struct SnippetRunner: Sendable {
    /// The package's root, the folder of `Snippets/`.
    package let root: String
    /// The folder of the programs: that of the running one.
    package let programs: String
    /// Whether programs may be built; otherwise they are run as they are.
    package let builds: Bool
    /// The directory with MNIST's files; the cache or the built-in digits when nil.
    package var data: String?
    /// A pickle of weights for section 11.
    package var weights: String?
    /// The longest that a section may take, in seconds.
    package var timeLimit = 300.0

    /// Creates a runner for the package that the running program was built from.
    ///
    /// `root`: the package's root; by default `DESCENT_ROOT`, else looked for upwards from the program.
    ///
    /// - Throws: `missingInput` when the code of the sections cannot be found.
    package init(root: String? = nil, builds: Bool = true) throws {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        programs = program.deletingLastPathComponent().path
        self.builds = builds
        guard let found = root ?? Environment["DESCENT_ROOT"] ?? Self.root(above: program),
            FileManager.default.fileExists(atPath: found + "/Snippets")
        else {
            throw DescentError(
                .missingInput, "the notebook's code is not there", at: programs,
                expected: "Snippets/ in a folder above",
                advice: "run it in the source tree: ./descent notes")
        }
        self.root = found
    }

    /// Creates a runner for the package in `root` with programs elsewhere.
    init(root: String, programs: String, builds: Bool) {
        self.root = root
        self.programs = programs
        self.builds = builds
    }

    private static func root(above program: URL) -> String? {
        var folder = program.deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.path + "/Snippets/01-arrays.swift") {
                return folder.path
            }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }

    /// Returns the code of a section as it is shown: without the lines between `snippet.hide` and `snippet.show`.
    ///
    /// - Throws: `missingInput`.
    package func code(of section: Section) throws -> String {
        let path = source(of: section)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw DescentError(.missingInput, "the section's code is not there", at: path)
        }
        var isHidden = false
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains("snippet.hide") || line.contains("snippet.show") {
                isHidden = line.contains("snippet.hide")
            } else if !isHidden {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines) + "\n"
    }

    private func source(of section: Section) -> String { "\(root)/Snippets/\(section.snippet).swift" }

    /// Returns the section's program.
    package func program(of section: Section) -> String { "\(programs)/\(section.snippet)" }

    /// Returns whether the program exists, made from the present code and libraries.
    package func isBuilt(_ section: Section) -> Bool {
        guard FileManager.default.isExecutableFile(atPath: program(of: section)),
            let made = try? String(contentsOfFile: stamp(of: section), encoding: .utf8)
        else { return false }
        return made == fingerprint(of: section)
    }

    private func stamp(of section: Section) -> String { program(of: section) + ".built" }

    /// Returns the state that a section's program is made from: size and time of its code, and of the program `descent`,
    /// which is made from the libraries. Whether they are newer than the section's program says nothing: an archive brings
    /// the files' old times along.
    func fingerprint(of section: Section) -> String {
        [source(of: section), programs + "/descent"].map { path in
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
                let time = attributes[.modificationDate] as? Date
            else { return "-\n" }
            return "\(attributes[.size] ?? 0) \(time.timeIntervalSinceReferenceDate)\n"
        }.joined()
    }

    /// Builds the section's program if it must be built.
    ///
    /// - Throws: `unavailable` when it cannot be built.
    package func build(_ section: Section) throws {
        guard builds, !isBuilt(section) else {
            guard !FileManager.default.fileExists(atPath: program(of: section)) else { return }
            throw DescentError(
                .unavailable, "the section's program is not built", at: program(of: section),
                advice: "swift build --product \(section.snippet)")
        }
        let configuration = programs.hasSuffix("debug") ? "debug" : "release"
        let parts = fingerprint(of: section)
        let outcome = try Child.run(
            "/usr/bin/env",
            ["swift", "build", "--package-path", root, "-c", configuration, "--product", section.snippet],
            environment: [:], timeLimit: 1800)
        guard outcome.status == 0 else { throw buildFailure(of: section, outcome) }
        // SwiftPM leaves a program alone that has not changed: the stamp keeps the fingerprint of the last check.
        try? Data(parts.utf8).write(to: URL(filePath: stamp(of: section)))
    }

    /// Reports the compiler's errors, found among hundreds of lines about what went well; or else its last words. All
    /// of it goes into a file beside the program.
    func buildFailure(of section: Section, _ outcome: Child.Outcome) -> DescentError {
        let log = program(of: section) + ".log"
        let text = outcome.output + (outcome.output.hasSuffix("\n") ? "" : "\n") + outcome.errors
        let isKept = (try? Data(text.utf8).write(to: URL(filePath: log))) != nil
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        var said: Set<String> = []
        let errors = lines.filter { $0.contains("error:") && said.insert($0).inserted }
        let limit = 12
        var advice = isKept ? "its whole output is in \(log)" : nil
        if text.contains("compiled with module cache path") {
            advice = "the folder was moved since: ./descent builds it anew"
        }
        return DescentError(
            .unavailable, "the section's code could not be built", at: source(of: section),
            got: outcome.isLate ? "no end after half an hour" : "code \(outcome.status) from swift build",
            advice: advice,
            transcript: (errors.isEmpty ? lines : errors).suffix(limit))
    }

    /// Builds and runs a section, and checks its output against the expected figures.
    ///
    /// - Throws: `missingInput`, `unavailable`; a program that fails is a failed section and no error.
    package func run(_ section: Section) throws -> SectionResult {
        let code = try code(of: section)
        try build(section)
        let folder = URL(
            filePath: "\(Environment.temporaryDirectory)/notes-\(UUID().uuidString)",
            directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var environment = ["NOTES_FIGURES": folder.path, "NOTES_DATA": data ?? ""]
        environment["NOTES_WEIGHTS"] = weights ?? ""
        let (outcome, seconds) = try timed {
            try Child.run(program(of: section), [], environment: environment, timeLimit: timeLimit)
        }
        var (figures, trouble) = Comparison.compare(outcome.output, with: section)
        if outcome.status != 0 {
            let last = outcome.errors.split(separator: "\n").last.map { ": \($0)" } ?? ""
            trouble = Words(
                outcome.isLate
                    ? "not finished after \(fixed(timeLimit, 0)) s"
                    : "ended with code \(outcome.status)\(last)",
                outcome.isLate
                    ? "\(fixed(timeLimit, 0))초 안에 끝나지 않음" : "코드 \(outcome.status)(으)로 끝남\(last)")
        }
        var pictures: [String: [UInt8]] = [:]
        for picture in section.pictures {
            if let bytes = try? Data(contentsOf: folder.appending(path: picture.file)) {
                pictures[picture.file] = [UInt8](bytes)
            } else {
                trouble =
                    trouble
                    ?? Words(
                        "the picture \(picture.file) was not made", "그림 \(picture.file)이(가) 만들어지지 않음")
            }
        }
        return SectionResult(
            section: section, code: code, output: outcome.output, figures: figures, trouble: trouble,
            seconds: seconds, pictures: pictures)
    }
}
