import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Notes

/// Whether a section's program is built, and how it is said that it cannot be: in folders made for it, without a
/// compiler.
@Suite("Building a section's program")
struct BuildTests {
    /// A package with one section's code, and the folder of its programs.
    private func withPackage(_ body: (SnippetRunner, Section) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        let folder = URL(filePath: directory.path)
        let programs = folder.appending(path: "programs")
        for part in ["Snippets", "programs"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: part), withIntermediateDirectories: true)
        }
        let section = try #require(Section.all.first)
        let runner = SnippetRunner(root: folder.path, programs: programs.path, builds: true)
        try Data("print(1)\n".utf8).write(to: folder.appending(path: "Snippets/\(section.snippet).swift"))
        try Data("libraries".utf8).write(to: programs.appending(path: "descent"))
        try body(runner, section)
    }

    private func setTime(_ path: String, _ year: Int) throws {
        let time = try #require(
            DateComponents(calendar: Calendar(identifier: .gregorian), year: year, month: 5).date)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    }

    @Test("A program is built until its code or the libraries are others, whatever their times")
    func freshness() throws {
        try withPackage { runner, section in
            let program = runner.program(of: section)
            let code = "\(runner.root)/Snippets/\(section.snippet).swift"
            #expect(!runner.isBuilt(section))
            #expect(
                FileManager.default.createFile(
                    atPath: program, contents: Data(), attributes: [.posixPermissions: 0o755]))
            #expect(!runner.isBuilt(section), "no stamp")
            try setTime(code, 2020)
            try Data(runner.fingerprint(of: section).utf8).write(to: URL(filePath: program + ".built"))
            #expect(runner.isBuilt(section))
            try Data("print(22)\n".utf8).write(to: URL(filePath: code))
            try setTime(code, 2020)
            #expect(!runner.isBuilt(section), "another size, the same time")
            try Data("print(1)\n".utf8).write(to: URL(filePath: code))
            try setTime(code, 2019)
            #expect(!runner.isBuilt(section), "an older time")
            try setTime(code, 2020)
            #expect(runner.isBuilt(section))
            try Data("new libraries".utf8).write(to: URL(filePath: runner.programs + "/descent"))
            try setTime(runner.programs + "/descent", 2018)
            #expect(!runner.isBuilt(section), "older libraries")
        }
    }

    @Test("A failed build is told by the compiler's errors, as lines, once each; all of it lies in a file")
    func failure() throws {
        try withPackage { runner, section in
            let progress = (1...90).map { "[\($0)/92] Compiling CKernels passes.c" }.joined(separator: "\n")
            let outcome = Child.Outcome(
                status: 1,
                output: progress + "\n/x/a.swift:3:1: error: cannot find 'f' in scope\n[91/92] Compiling\n"
                    + "/x/a.swift:3:1: error: cannot find 'f' in scope\n",
                errors: "error: fatalError\n", isLate: false)
            let error = runner.buildFailure(of: section, outcome)
            let log = runner.program(of: section) + ".log"
            #expect(
                error.description == """
                    \(runner.root)/Snippets/\(section.snippet).swift: the section's code could not be built \
                    (got code 1 from swift build); its whole output is in \(log)
                        /x/a.swift:3:1: error: cannot find 'f' in scope
                        error: fatalError
                    """)
            let kept = try String(contentsOfFile: log, encoding: .utf8)
            #expect(kept == outcome.output + outcome.errors)
        }
    }

    @Test("A build that says no error is told by its last lines")
    func lastLines() throws {
        try withPackage { runner, section in
            let lines = (1...40).map { "line \($0)" }
            let outcome = Child.Outcome(
                status: 137, output: lines.joined(separator: "\n"), errors: "Killed\u{1B}[0m\n", isLate: false
            )
            let error = runner.buildFailure(of: section, outcome)
            #expect(error.transcript == lines.suffix(11) + ["Killed\u{1B}[0m"])
            #expect(error.description.hasSuffix("\n    line 40\n    Killed\\u{1b}[0m"))
        }
    }

    @Test("A folder that was moved is told from other failures")
    func moved() throws {
        try withPackage { runner, section in
            let outcome = Child.Outcome(
                status: 1,
                output:
                    "error: PCH was compiled with module cache path '/old', but the path is currently '/new'\n",
                errors: "", isLate: false)
            #expect(
                runner.buildFailure(of: section, outcome).advice
                    == "the folder was moved since: ./descent builds it anew")
        }
    }
}
