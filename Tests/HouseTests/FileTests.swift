import Foundation
import Testing

@Suite("The state of the files")
struct FileTests {
    static let codeEndings = [".swift", ".c", ".h", ".py", ".sh"]

    /// Whether a file's text is at most 500 lines long, or the comment that it begins with says why not.
    static func hasReasonableLength(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 501 else { return true }  // the text ends with a newline
        let firstComment = lines.drop { $0.isEmpty || $0.hasPrefix("#!") }
            .prefix { $0.hasPrefix("//") || $0.hasPrefix("#") || $0.hasPrefix("/*") || $0.hasPrefix(" *") }
        return firstComment.contains { $0.contains("500 lines") }
    }

    /// Not a git checkout, nothing to list: an unpacked archive is skipped.
    @Test(
        "A file of more than 500 lines says why in its first comment (with the words '500 lines')",
        .enabled(if: Repository.isCheckout, "needs a git checkout"))
    func lengths() throws {
        let paths = try Repository.files().filter { path in Self.codeEndings.contains { path.hasSuffix($0) } }
        #expect(paths.contains("Tests/HouseTests/FileTests.swift"))
        for path in paths {
            let text = try #require(try Repository.text(of: path), "\(path) is not UTF-8")
            #expect(Self.hasReasonableLength(text), "\(path) is too long")
        }
    }

    @Test("The length rule tells long files from short ones, and a reason from none")
    func lengthRule() {
        let line = "let a = 1\n"
        #expect(Self.hasReasonableLength(String(repeating: line, count: 500)))
        #expect(!Self.hasReasonableLength(String(repeating: line, count: 501)))
        #expect(
            Self.hasReasonableLength("// Over 500 lines: one table.\n" + String(repeating: line, count: 501)))
        #expect(!Self.hasReasonableLength("// One table.\n" + String(repeating: line, count: 501)))
        #expect(!Self.hasReasonableLength(String(repeating: line, count: 501) + "// over 500 lines\n"))
    }

    /// Swift's own `precondition` loses its words in release builds; `require` (Support/Mistakes.swift) keeps them.
    @Test(
        "A caller's mistake is told in release builds too",
        .enabled(if: Repository.isCheckout, "needs a git checkout"))
    func mistakesKeepTheirWords() throws {
        let call = /\bprecondition(Failure)?\(/
        #expect("precondition(n > 0)".contains(call) && !"- Precondition: n > 0".contains(call))
        // What a generator wrote is its own; it ends where its own code contradicts itself.
        let paths = try Repository.files().filter {
            $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") && !$0.hasSuffix(".pb.swift")
        }
        #expect(paths.contains("Sources/Support/Mistakes.swift"))
        for path in paths {
            let text = try #require(try Repository.text(of: path), "\(path) is not UTF-8")
            #expect(!text.contains(call), "\(path): use require")
        }
    }

    /// Two ways of asking for one thing come to differ: an empty TMPDIR was the root for one and none for the other.
    @Test(
        "What is asked for in one place is asked for nowhere else",
        .enabled(if: Repository.isCheckout, "needs a git checkout"),
        arguments: [
            ("getenv", ["Sources/Support/Environment.swift", "Sources/CKernels/core/openblas.c"]),
            (
                "getpwuid|getpwuid_r|getpwnam|getpwnam_r|NSHomeDirectory",
                ["Sources/Support/Environment.swift"]
            ),
            // A variable that is set while another thread reads one is a race.
            ("setenv|unsetenv|putenv|clearenv", []),
            ("strerror|strerror_r", ["Sources/Support/SystemMessage.swift"]),
            ("flock", ["Sources/Support/FileLock.swift"]),
            (
                "__builtin_cpu_supports|__builtin_cpu_is|__get_cpuid|__get_cpuid_count",
                ["Sources/CKernels/core/processor.c"]
            ),
        ] as [(String, [String])])
    func onePlaceEach(names: String, places: [String]) throws {
        let call = try Regex("\\b(\(names))\\(")
        var found: Set<String> = []
        for path in try Repository.files() where path.hasPrefix("Sources/") {
            guard [".swift", ".c", ".h", ".cpp"].contains(where: path.hasSuffix) else { continue }
            let lines: [Substring] = (try Repository.text(of: path) ?? "").split(separator: "\n")
            let code = lines.map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
            if code.contains(where: { $0.firstMatch(of: call) != nil }) { found.insert(path) }
        }
        #expect(found == Set(places), "\(names)")
    }

    /// A lock file and a registry's address belong to one machine, and the package is for every machine.
    @Test(
        "No lock file and no package registry's host is tracked",
        .enabled(if: Repository.isCheckout, "needs a git checkout"))
    func noRegistries() throws {
        // In two halves, so that this file does not hold what it looks for.
        let hosts = [
            ("pypi", ".org"), ("python", "hosted.org"), ("deb.debian", ".org"), ("archive.ubuntu", ".com"),
            ("index", "-url"), ("arti", "factory"), ("proxy.golang", ".org"), ("registry.npm", "js.org"),
            ("crates", ".io/"), ("download.pytorch", ".org"),
        ].map { $0.0 + $0.1 }
        let paths = try Repository.files()
        #expect(paths.contains("Package.swift") && !paths.contains { $0.hasSuffix("Package.resolved") })
        for path in paths {
            guard let text = try Repository.text(of: path) else { continue }
            #expect(hosts.filter { text.contains($0) } == [], "\(path) names a registry")
        }
    }

    /// The formatter itself runs in `.ci/run`, once.
    @Test(
        "Every Swift file lies where .ci/run looks at its format",
        .enabled(if: Repository.isCheckout, "needs a git checkout"))
    func formatted() throws {
        let script = try #require(try Repository.text(of: ".ci/run"))
        let line = try #require(script.firstMatch(of: /swift format lint --strict --recursive (.+)/))
        let places = line.output.1.split(separator: " ").map(String.init)
        let files = try Repository.files().filter { $0.hasSuffix(".swift") }
        #expect(files.contains("Package.swift"))
        #expect(files.filter { file in !places.contains { file == $0 || file.hasPrefix($0 + "/") } } == [])
        // No place that is gone: the formatter would fail, and nobody would look at the rest.
        #expect(places.filter { place in !files.contains { $0 == place || $0.hasPrefix(place + "/") } } == [])
    }
}
