import Foundation
import Testing

@Suite("./descent test", .enabled(if: isLinux, "needs /proc"))
struct TestRunTests {
    let stage: Stage

    init() throws { stage = try Stage() }

    private func swiftTest(_ outcome: Stage.Outcome) throws -> String {
        #expect(outcome.status == 0)
        let calls = try stage.calls("swift test")
        #expect(calls.count == 1)
        return (calls.first ?? "").components(separatedBy: " --xunit-output ")[0]
    }

    @Test("Its options; a build directory of its own for each sanitizer and for the release")
    func options() throws {
        defer { stage.remove() }
        let root = stage.root.path
        #expect(try swiftTest(stage.start("test", "--filter", "A b")) == "swift test -Xcc -O2 --filter A b")
        #expect(
            try swiftTest(stage.start("test", "--sanitize", "thread"))
                == "swift test -Xcc -O2 --scratch-path \(root)/.build-sanitize-thread --sanitize thread")
        #expect(
            try swiftTest(stage.start("test", "--sanitize=address", "--filter", "B"))
                == "swift test -Xcc -O2 --scratch-path \(root)/.build-sanitize-address --sanitize=address --filter B"
        )
        #expect(
            try swiftTest(stage.start("test", environment: ["DESCENT_TEST_CONFIGURATION": "release"]))
                == "swift test -c release -Xswiftc -enable-testing --scratch-path \(root)/.build-test-release"
        )
        let wrong = try stage.start("test", environment: ["DESCENT_TEST_CONFIGURATION": "fast"])
        #expect(wrong.status == 64)
        #expect(try stage.calls("swift") == [])
    }

    @Test("What failed is said again below everything, and the code is the tests'")
    func failures() throws {
        defer { stage.remove() }
        try stage.tell(
            "test-script",
            """
            while [[ $1 != --xunit-output ]]; do shift; done
            cat >"${2%.xml}-swift-testing.xml" <<'END'
            <testcase classname="ATests" name="good()" time="0.1" />
            <testcase classname="ATests" name="bad()" time="0.1">
            <failure message="Expectation failed: a &lt; b &amp; c" />
            </testcase>
            END
            exit 3
            """)
        let outcome = try stage.start("test")
        #expect(outcome.status == 3)
        #expect(outcome.errors.hasSuffix("\nfailed tests:\n  ATests bad(): Expectation failed: a < b & c\n"))
        #expect(try leftBehind == [])
    }

    /// A report as Swift 6.3.1 writes it: a skipped suite is no entry of its own, its tests are.
    @Test("What was skipped is counted below everything, each reason once, whole suites apart")
    func skipped() throws {
        defer { stage.remove() }
        func said(_ cases: String, status: Int = 0) throws -> String {
            try stage.tell(
                "test-script",
                """
                while [[ $1 != --xunit-output ]]; do shift; done
                echo "as it comes"
                cat >"${2%.xml}-swift-testing.xml" <<'END'
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites>
                  <testsuite name="TestResults" errors="0" tests="9" failures="0" skipped="5" time="0.1">
                \(cases)
                  </testsuite>
                </testsuites>
                END
                exit \(status)
                """)
            let outcome = try stage.start("test")
            #expect(outcome.status == status && outcome.output == "as it comes\n")
            return outcome.errors
        }
        let good = "    <testcase classname=\"T.A\" name=\"good()\" time=\"0.1\" />"
        #expect(try said(good) == "\nskipped tests: none\n")
        func skipped(_ suite: String, _ name: String, _ reason: String?) -> String {
            let element = reason.map { "<skipped>\($0)</skipped>" } ?? "<skipped />"
            return
                "    <testcase classname=\"\(suite)\" name=\"\(name)\" >\n      \(element)\n    </testcase>"
        }
        let data = "needs ../shared &amp; &quot;more&quot;"
        let cases = [
            skipped("T.B", "one()", data), skipped("T.A", "two()", nil), good,
            skipped("T.B.Inner", "three()", data),
            skipped("T.B", "four()", data), skipped("T.A", "five(_:)", "off *"),
        ].joined(separator: "\n")
        let summary = """

            skipped tests: 5, with them 2 whole suites
                 3  needs ../shared & "more" (whole suites: 2)
                 1  no reason given
                 1  off *

            """
        #expect(try said(cases) == summary)
        // What failed stands last.
        let bad = """
                <testcase classname="T.C" name="bad()" time="0.1">
                  <failure message="no" />
                </testcase>
            """
        #expect(
            try said(cases + "\n" + bad, status: 1) == summary + "\nfailed tests:\n  T.C bad(): no\n")
        // No report, as where nothing compiles: nothing is said.
        try stage.tell("test-script", "exit 1\n")
        #expect(try stage.start("test").errors == "")
        #expect(try leftBehind == [])
    }

    /// What lies in TMPDIR, which is the stage's folder.
    private var leftBehind: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: stage.folder.path).filter {
                $0.hasPrefix("tmp.")
            }
        }
    }

    @Test("Tests that are interrupted leave no folder and no process", arguments: ["INT", "TERM", "HUP"])
    func interrupted(_ signal: String) throws {
        defer { stage.remove() }
        try stage.tell("test-script", "echo $$ >\"$STATE/process\"; exec sleep 30\n")
        // A shell that is not interactive has its background jobs ignore SIGINT: with -m it does not.
        let outcome = try stage.bash(
            """
            set -m
            "$0" test & job=$!
            for _ in {1..500}; do [[ ! -s $STATE/process ]] || break; sleep 0.02; done
            ls | grep -c '^tmp\\.'
            kill -\(signal) \(signal == "TERM" ? "" : "-")$job
            wait $job || true
            sleep 0.1
            kill -0 "$(cat "$STATE/process")" 2>/dev/null && echo "still there" || echo gone
            """)
        #expect(outcome.output == "1\ngone\n")
        #expect(try leftBehind == [])
    }

    @Test(
        "A header with an old time makes Swift compile its modules whole; one with a new time is Swift's business"
    )
    func oldHeaders() throws {
        defer { stage.remove() }
        let records = [
            ".build/debug/A.build/primary.priors", ".build-sanitize-thread/debug/A.build/primary.priors",
        ]
        let header = "Sources/CLib/include/lib.h"
        func left(after change: () throws -> Void) throws -> [Bool] {
            #expect(try stage.start("test").status == 0)
            for record in records { try stage.write(record, "") }
            try change()
            #expect(try stage.start("test").status == 0)
            return records.map(stage.has)
        }
        #expect(try left {} == [true, true])
        #expect(try left { try stage.write(header, "long lib(void);\n") } == [false, false])
        #expect(
            try left { try stage.write(header, "char lib(void);\n", time: "2040-01-01T00:00:00Z") } == [
                true, true,
            ])
        #expect(
            try left { try stage.write("Sources/CLib/include/more.h", "// old and new\n") } == [false, false])
        #expect(try left { try stage.write("Sources/Lib/a.swift", "let a = 22\n") } == [true, true])
    }

    @Test("Tests in a folder that was moved begin anew too")
    func moved() throws {
        defer { stage.remove() }
        #expect(try stage.start("test").status == 0)
        try stage.write(".build/debug/x", "")
        let place = stage.folder.appending(path: "elsewhere")
        try FileManager.default.moveItem(at: stage.root, to: place)
        #expect(
            try stage.start("test", at: place).errors.contains("built in another place (\(stage.root.path))"))
        #expect(!FileManager.default.fileExists(atPath: place.appending(path: ".build/debug").path))
        #expect(try stage.start("test", at: place).errors == "")
    }
}
