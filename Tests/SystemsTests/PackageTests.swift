import Foundation
import Testing

@Suite("The packages that ./descent looks for", .enabled(if: isLinux, "needs /proc"))
struct PackageTests {
    let stage: Stage

    init() throws { stage = try Stage() }

    private var installs: [String] {
        get throws {
            try stage.calls("apt-get install").map { String($0.dropFirst("apt-get install ".count)) }
        }
    }

    @Test("Where all can be linked, nothing is installed, by one call of the compiler")
    func nothingMissing() throws {
        defer { stage.remove() }
        #expect(try stage.start("x").errors.contains("installing") == false)
        let calls = try stage.calls("apt-get", "clang")
        #expect(calls.count == 1)
        for library in Stage.libraries { #expect(calls[0].contains(" -l\(library)")) }
    }

    @Test("What cannot be linked is installed, and nothing else", arguments: Stage.libraries)
    func one(_ library: String) throws {
        defer { stage.remove() }
        try stage.link(library, false)
        let outcome = try stage.start("x")
        #expect(outcome.output == "ran: x\n")
        let package = try #require(Stage.packages[library])
        #expect(outcome.errors.hasPrefix("descent: installing \(package)\ndescent: building"))
        #expect(try installs == ["-y --no-install-recommends \(package)"])
        try stage.write("Sources/Lib/a.swift", "let a = 22\n")
        #expect(try stage.start("x").output == "ran: x\n")
        #expect(try installs == [])
    }

    @Test("All at once; pkg-config too")
    func all() throws {
        defer { stage.remove() }
        for library in Stage.libraries { try stage.link(library, false) }
        try stage.hide("pkg-config")
        #expect(try stage.start("x").output == "ran: x\n")
        let names = Stage.libraries.compactMap { Stage.packages[$0] }
        #expect(try installs == ["-y --no-install-recommends \(names.joined(separator: " ")) pkg-config"])
    }

    @Test("Neither what is installed nor what is built nor the program inherits the lock")
    func lock() throws {
        defer { stage.remove() }
        try stage.link("md", false)
        #expect(try stage.start("x").output == "ran: x\n")
        #expect(try stage.calls().filter { $0.contains("has the lock") } == [])
    }

    @Test(
        "DESCENT_NO_INSTALL switches the install off when it says yes",
        arguments: ["1", "yes", "true", "on", "TRUE"])
    func switchedOff(_ value: String) throws {
        defer { stage.remove() }
        try stage.link("png", false)
        #expect(try stage.start("x", environment: ["DESCENT_NO_INSTALL": value]).output == "ran: x\n")
        #expect(try stage.calls("apt-get", "clang") == [])
    }

    @Test(
        "DESCENT_NO_INSTALL leaves it on when it says no",
        arguments: ["", "0", "no", "false", "off", "False"])
    func notSwitchedOff(_ value: String) throws {
        defer { stage.remove() }
        try stage.link("png", false)
        #expect(try stage.start("x", environment: ["DESCENT_NO_INSTALL": value]).output == "ran: x\n")
        #expect(try installs == ["-y --no-install-recommends libpng-dev"])
    }

    @Test("A oneDNN that is too old is told; versions 2 and 3 are taken")
    func version() throws {
        defer { stage.remove() }
        try stage.tell("onednn", "1 8 0\n")
        let old = try stage.start("x")
        #expect(old.status == 69)
        #expect(old.errors.contains("oneDNN 1.8.0 is too old: version 2 or 3 is needed"))
        #expect(try stage.calls("swift", "apt-get") == [])
        for version in ["2 5 2\n", "3 7 2\n"] {
            try stage.tell("onednn", version)
            try stage.write("Sources/Lib/a.swift", "// for \(version)")
            #expect(try stage.start("x").output == "ran: x\n")
            #expect(try stage.calls("apt-get") == [])
        }
    }

    @Test("Where even an empty program cannot be linked, nothing is concluded from it")
    func noLinker() throws {
        defer { stage.remove() }
        try stage.tell("links-nothing")
        #expect(try stage.start("x").output == "ran: x\n")
        #expect(try stage.calls("apt-get") == [])
    }

    @Test("An installation that fails ends with 69, what apt said, and what to do by hand")
    func failure() throws {
        defer { stage.remove() }
        try stage.link("md", false)
        try stage.tell("apt-fails")
        let outcome = try stage.start("x")
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("E: no such package\n"))
        #expect(outcome.errors.hasSuffix("by hand: apt-get update && apt-get install -y libmd-dev\n"))
        #expect(try stage.calls("swift") == [])
    }

    @Test(
        "Other systems are told the names of their packages",
        arguments: [("dnf", "libmd-devel"), ("pacman", "libmd")])
    func otherSystems(_ manager: String, _ package: String) throws {
        defer { stage.remove() }
        try stage.link("md", false)
        try stage.hide("apt-get")
        let plain = try stage.start("x")
        #expect(plain.status == 69)
        #expect(plain.errors.contains("(as Debian names what is missing: libmd-dev)"))
        try stage.play(manager, "exit 1\n")
        let outcome = try stage.start("x")
        #expect(outcome.status == 69)
        let command = manager == "dnf" ? "dnf install" : "pacman -S"
        #expect(outcome.errors == "descent: missing; as root, run: \(command) \(package) \n")
    }

    @Test("A user without rights and without sudo is told what to run")
    func noRights() throws {
        defer { stage.remove() }
        try stage.link("md", false)
        try stage.hide("sudo")
        #expect(try stage.run("mkdir", ["-p", stage.root.appending(path: ".build").path]).status == 0)
        let user = try stage.userWithoutRights()
        #expect(try stage.run("chmod", ["-R", "a+rwX", stage.root.path]).status == 0)
        let script = stage.root.appending(path: "descent").path
        let without = try stage.run("env", user + [script, "x"])
        #expect(without.status == 69)
        #expect(
            without.errors
                == "descent: these packages are missing; as root, run: apt-get update && apt-get install -y libmd-dev\n"
        )
        try stage.play("sudo", "exit 1\n")
        let refused = try stage.run("env", user + [script, "x"])
        #expect(refused.status == 69)
        #expect(refused.errors.contains("no rights to install packages"))
    }

    /// The one test with the machine's own compiler and linker: headers of other packages, whose names are the same.
    @Test(
        "Another package's cblas.h and md5.h are not taken for OpenBLAS and libmd",
        .enabled(if: realClang != nil, "needs clang"))
    func otherHeaders() throws {
        defer { stage.remove() }
        let include = stage.folder.appending(path: "include")
        try FileManager.default.createDirectory(at: include, withIntermediateDirectories: true)
        for (name, text) in [
            ("cblas.h", "void cblas_dgemm(int);\n"), ("md5.h", "void md5_init_ctx(void *);\n"),
        ] {
            try Data(text.utf8).write(to: include.appending(path: name))
        }
        for header in [
            "COpenBLAS/shim.h", "CZlib/shim.h", "CPNG/shim.h", "CJPEG/shim.h", "CWebP/shim.h",
            "CDigest/shim.h",
            "CHighway/probe.h",
        ] {
            let text = try String(
                contentsOf: Stage.project.appending(path: "Sources/\(header)"), encoding: .utf8)
            try stage.write("Sources/\(header)", text)
        }
        let clang = try #require(realClang)
        // The made-up headers hide the machine's own, as those of another package do where the right one is missing.
        try stage.play(
            "clang",
            "echo clang >>\"$STATE/calls\"; PATH=$PATH:/usr/bin exec '\(clang)' '-I\(include.path)' \"$@\"\n")
        try stage.tell("apt-fails")
        let outcome = try stage.start("x")
        #expect(outcome.status == 69)
        #expect(try installs == ["-y --no-install-recommends libopenblas-openmp-dev libmd-dev"])
    }
}

/// The clang of the toolchain that runs these tests, or another one.
private let realClang: String? = {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return path.map { "\($0)/clang" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()
