import Foundation
import Testing

@Suite("A start of ./descent", .enabled(if: isLinux, "needs /proc"))
struct StartTests {
    let stage: Stage
    let build = ["swift build --package-path"]

    init() throws { stage = try Stage() }

    /// Builds, so that the next start finds a fresh program.
    private func makeFresh() throws {
        #expect(try stage.start("--help").status == 0)
        _ = try stage.calls()
    }

    /// Whether a start builds.
    private func builds(_ arguments: String = "x") throws -> Bool {
        let outcome = try stage.start(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output == "ran: \(arguments)\n")
        return try !stage.calls("swift build").isEmpty
    }

    @Test("The first start builds; the second starts the program, and asks and writes nothing")
    func twice() throws {
        defer { stage.remove() }
        let first = try stage.start("train", "--out", "a b")
        #expect(first.output == "ran: train --out a b\n")
        #expect(first.errors.contains("building for the first time"))
        #expect(
            try stage.calls("swift", "apt-get") == [
                "swift build --package-path \(stage.root.path) -c release --product descent"
            ])
        let before = try stage.run("ls", ["-lRA", "--time-style=full-iso", stage.root.path])
        #expect(
            try stage.start("train", "--out", "a b")
                == Stage.Outcome(status: 0, output: "ran: train --out a b\n", errors: ""))
        #expect(try stage.calls() == [])
        #expect(try stage.run("ls", ["-lRA", "--time-style=full-iso", stage.root.path]) == before)
    }

    @Test(
        "The program for other programs' formats is built when a verb needs it, and once",
        arguments: ["export", "verify"])
    func exchange(verb: String) throws {
        defer { stage.remove() }
        try makeFresh()
        #expect(try stage.start(verb, "--help").output == "ran: \(verb) --help\n")
        #expect(try stage.calls("swift") == [])
        let first = try stage.start(verb, "m")
        #expect(first.output == "ran: \(verb) m\n")
        #expect(first.errors.contains("building what '\(verb)' needs, once"))
        #expect(
            try stage.calls("swift") == [
                "swift build --package-path \(stage.root.path) -c release --product descent-exchange"
            ])
        #expect(
            try stage.start(verb, "m") == Stage.Outcome(status: 0, output: "ran: \(verb) m\n", errors: ""))
        #expect(try stage.calls() == [])
        try stage.write("Sources/Lib/a.swift", "let a = 22\n")
        _ = try stage.start(verb, "m")
        #expect(try stage.calls("swift").count == 2, "both are made anew")
    }

    @Test("The server is built from its own package, when it is first asked for")
    func serve() throws {
        defer { stage.remove() }
        try stage.write("Server/Package.swift", "// tools\n")
        try stage.write("Server/Sources/Serving/page.css", "p {}\n")
        #expect(try stage.start("serve", "m").output == "ran: serve m\n")
        let build = "swift build --package-path \(stage.root.path)/Server -c release --product descent-server"
        #expect(try stage.calls("swift") == [build])
        #expect(
            try stage.start("serve", "m") == Stage.Outcome(status: 0, output: "ran: serve m\n", errors: ""))
        #expect(try stage.calls() == [])
        try stage.write("Server/Sources/Serving/page.css", "p { }\n")
        _ = try stage.start("serve", "m")
        #expect(try stage.calls("swift") == [build], "a page is a source too")
        _ = try stage.start("train")
        #expect(
            try stage.calls("swift build") == [
                "swift build --package-path \(stage.root.path) -c release --product descent"
            ])
        _ = try stage.start("serve", "m")
        #expect(try stage.calls() == [], "the other program makes no difference")
    }

    @Test("A source that is another is built, with whatever time it comes; what is no source is not")
    func sources() throws {
        defer { stage.remove() }
        try makeFresh()
        try stage.write("Sources/Lib/a.swift", "let a = 22\n")
        #expect(try builds(), "another size at the same time")
        #expect(try !builds())
        try stage.write("Sources/Lib/a.swift", "let a = 33\n", time: "2019-01-01T00:00:00Z")
        #expect(try builds(), "an older time")
        #expect(try !builds())
        try stage.write("Sources/Lib/a.swift", "let a = 44\n", time: "2021-01-01T00:00:00Z")
        #expect(try builds(), "a newer time")
        try stage.write("Sources/CLib/include/lib.h", "long lib(void);\n", time: "2019-01-01T00:00:00Z")
        #expect(try builds(), "an older header")
        try stage.write("Package.swift", "// other tools\n", time: "2018-01-01T00:00:00Z")
        #expect(try builds(), "an older manifest")
        try FileManager.default.removeItem(at: stage.root.appending(path: "Sources/Lib/b.swift"))
        #expect(try builds(), "a file less")
        try stage.write("Sources/Lib/c.swift", "", time: "2018-01-01T00:00:00Z")
        #expect(try builds(), "an old file more")
        try FileManager.default.moveItem(
            at: stage.root.appending(path: "Sources/Lib/c.swift"),
            to: stage.root.appending(path: "Sources/Lib/d.swift"))
        #expect(try builds(), "a file of another name")
        for name in ["Sources/Lib/README.md", "Sources/Lib/.#a.swift", "Sources/Lib/a.swift~", "README.md"] {
            try stage.write(name, "text", time: "2030-01-01T00:00:00Z")
        }
        #expect(try !builds(), "no source")
    }

    @Test("Another toolchain builds anew; without a toolchain, what is built runs")
    func toolchain() throws {
        defer { stage.remove() }
        try makeFresh()
        let swift = stage.bin.appending(path: "swift")
        try stage.setTime(swift, "2019-01-01T00:00:00Z")
        #expect(try builds(), "a toolchain that was put in the other's place")
        #expect(try !builds())
        try FileManager.default.moveItem(at: swift, to: stage.folder.appending(path: "swift-of-old"))
        #expect(try !builds())
        try stage.write("Sources/Lib/a.swift", "let a = 22\n")
        let outcome = try stage.start("x")
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("no swift on the PATH"))
    }

    @Test("A build that fails says what the compiler said, ends with 69, and is tried again")
    func failure() throws {
        defer { stage.remove() }
        try stage.tell("fails")
        for _ in 1...2 {
            let outcome = try stage.start("x")
            #expect(outcome.status == 69)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("error: no such thing\n"))
            #expect(try stage.calls("swift build").count == 1)
        }
    }

    @Test("A folder that was moved or copied is built anew, at every verb; what was downloaded stays")
    func moved() throws {
        defer { stage.remove() }
        try makeFresh()
        for kept in ["checkouts/a", "repositories/b"] { try stage.write(".build/" + kept, "") }
        for old in [".build/ModuleCache/x", ".build-test-release/x", "Benchmarks/.build/x"] {
            try stage.write(old, "")
        }
        let copy = stage.folder.appending(path: "copy")
        #expect(try stage.run("cp", ["-a", stage.root.path, copy.path]).status == 0)
        let outcome = try stage.start("notes", at: copy)
        #expect(outcome.output == "ran: notes\n")
        #expect(outcome.errors.contains("built in another place (\(stage.root.path))"))
        #expect(try stage.calls("swift build").count == 1)
        let left = { (path: String) in
            FileManager.default.fileExists(atPath: copy.appending(path: path).path)
        }
        #expect(left(".build/checkouts/a") && left(".build/repositories/b"))
        #expect(!left(".build/ModuleCache") && !left(".build-test-release") && !left("Benchmarks/.build"))
        #expect(try stage.start("notes", at: copy).errors == "")
        #expect(try !builds(), "the first place stays as it was")
        #expect(stage.has(".build/ModuleCache/x"))
    }

    @Test("What was linked with a library that is gone is built anew")
    func libraries() throws {
        defer { stage.remove() }
        let library = stage.state.appending(path: "lib of old.so.2")
        try Data().write(to: library)
        try stage.tell("ldd", "\tliba.so.2 => \(library.path) (0x00007f1d8b7000)\n\tlinux-vdso.so.1 (0x1)\n")
        try makeFresh()
        try stage.write(".build/debug/x", "")
        #expect(try !builds())
        try FileManager.default.removeItem(at: library)
        try stage.tell("ldd", "")
        let outcome = try stage.start("x")
        #expect(outcome.output == "ran: x\n")
        #expect(outcome.errors.contains("built with \(library.path), which is gone"))
        #expect(!stage.has(".build/debug"))
        _ = try stage.calls()
        #expect(try !builds())
    }

    @Test("A fresh program starts where nothing can be written, also as a copy, and where no package is left")
    func readOnly() throws {
        defer { stage.remove() }
        try makeFresh()
        for library in Stage.libraries { try stage.link(library, false) }
        #expect(try stage.start("a") == Stage.Outcome(status: 0, output: "ran: a\n", errors: ""))
        let copy = stage.folder.appending(path: "copy")
        #expect(try stage.run("cp", ["-a", stage.root.path, copy.path]).status == 0)
        #expect(try stage.run("chmod", ["-R", "a+rX,a-w", stage.root.path, copy.path]).status == 0)
        let user = try stage.userWithoutRights()
        for place in [stage.root, copy] {
            #expect(
                try stage.run("env", user + [place.appending(path: "descent").path, "b"])
                    == Stage.Outcome(status: 0, output: "ran: b\n", errors: ""))
        }
        #expect(try stage.calls() == [])
        // What is stale cannot be built there, and says so.
        #expect(try stage.run("chmod", ["u+w", stage.root.appending(path: "Sources/Lib").path]).status == 0)
        try FileManager.default.removeItem(at: stage.root.appending(path: "Sources/Lib/b.swift"))
        let stale = try stage.run("env", user + [stage.root.appending(path: "descent").path, "b"])
        #expect(stale.status == 73)
        #expect(stale.errors.contains(".build: cannot be written"))
    }

    @Test(
        "It starts through a link, from a folder that is gone, with no HOME, and with its descriptors closed",
        arguments: [
            "ln -s \"$0\" link && ./link x", "mkdir gone && cd gone && rm -r ../gone && \"$0\" x",
            "unset HOME; \"$0\" x", "env -i PATH=\"$PATH\" STATE=\"$STATE\" \"$0\" x", "\"$0\" x <&-",
            "\"$0\" x 2>&-", "\"$0\" x <&- 2>&-", "\"$0\" x >&-; echo 'ran: x'", "CDPATH=/ \"$0\" x",
        ])
    func surroundings(_ line: String) throws {
        defer { stage.remove() }
        #expect(try stage.bash(line).output == "ran: x\n", "first")
        #expect(try stage.calls("swift build").count == 1)
        let again = line.replacing("ln -s \"$0\" link && ", with: "")
        #expect(try stage.bash(again).output == "ran: x\n", "fresh")
        #expect(try stage.calls() == [])
    }

    @Test("Of two first starts at once one builds, and the other waits and finds it done")
    func atOnce() throws {
        defer { stage.remove() }
        try stage.tell("slow")
        let outcome = try stage.bash("\"$0\" x & \"$0\" x; wait")
        #expect(outcome.output == "ran: x\nran: x\n")
        #expect(outcome.errors.contains("another start is installing or building; waiting for it"))
        #expect(try stage.calls("swift").count == 1)
    }
}

/// The script is for Linux, as the project is.
let isLinux = FileManager.default.fileExists(atPath: "/proc/self/fd")

extension Stage {
    /// The words before a command that run it as a user who may write only what anyone may; none when this is one.
    func userWithoutRights() throws -> [String] {
        guard try run("id", ["-u"]).output == "0\n" else { return [] }
        #expect(try run("chmod", ["-R", "a+rX", folder.path]).status == 0)
        #expect(try run("chmod", ["a+rwx", state.path]).status == 0)
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }
}
