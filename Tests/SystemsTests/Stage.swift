import Foundation

/// A small package with the project's `descent`, and a PATH on which `swift`, `clang`, `pkg-config`, `apt-get` and `sudo`
/// are played by scripts: they write down that they were called, and do what the files in `state` tell them.
struct Stage {
    /// All of it; removed by `remove`.
    let folder: URL
    /// The package; its name has blanks and a quote.
    let root: URL
    /// The only folder on the PATH.
    let bin: URL
    /// What the played programs read and write.
    let state: URL

    struct Outcome: Equatable {
        let status: Int32
        let output: String
        let errors: String
    }

    static let libraries = ["dnnl", "openblas", "z", "png", "jpeg", "webp", "md", "hwy_contrib"]
    static let packages = [
        "dnnl": "libdnnl-dev", "openblas": "libopenblas-openmp-dev", "z": "zlib1g-dev", "png": "libpng-dev",
        "jpeg": "libjpeg62-turbo-dev", "webp": "libwebp-dev", "md": "libmd-dev", "hwy_contrib": "libhwy-dev",
    ]

    init() throws {
        folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "stage-\(UUID().uuidString)")
        root = folder.appending(path: "a place's name")
        bin = folder.appending(path: "bin")
        state = folder.appending(path: "state")
        for place in [bin, state.appending(path: "linkable"), root.appending(path: "Sources/Lib")] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        let script = root.appending(path: "descent")
        try Data(contentsOf: Self.project.appending(path: "descent")).write(to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        try write("Package.swift", "// tools\n")
        try write("Sources/Lib/a.swift", "let a = 1\n")
        try write("Sources/Lib/b.swift", "let b = 1\n")
        try write("Sources/CLib/include/lib.h", "int lib(void);\n")
        for library in Self.libraries { try link(library, true) }
        try gatherTools()
    }

    /// The project that is tested: three steps up from this file.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    func remove() {
        _ = try? run("chmod", ["-R", "u+w", folder.path])
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - files

    /// Writes a file of the package, with a time of the year 2020 unless another is wanted.
    func write(_ path: String, _ text: String, time: String = "2020-01-01T00:00:00Z") throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try setTime(file, time)
    }

    func setTime(_ file: URL, _ time: String) throws {
        let date = try Date(time, strategy: .iso8601)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
    }

    func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Whether the linker finds a library.
    func link(_ library: String, _ isThere: Bool) throws {
        let file = state.appending(path: "linkable/\(library)")
        if isThere {
            try Data().write(to: file)
        } else {
            try? FileManager.default.removeItem(at: file)
        }
    }

    /// Tells the played programs something.
    func tell(_ name: String, _ text: String = "") throws {
        try Data(text.utf8).write(to: state.appending(path: name))
    }

    /// The calls of the played programs since the last question, by their first words.
    func calls(_ programs: String...) throws -> [String] {
        let file = state.appending(path: "calls")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(at: file)
        return text.split(separator: "\n").map(String.init).filter { line in
            programs.isEmpty || programs.contains { line.hasPrefix($0) }
        }
    }

    /// Takes a program off the PATH.
    func hide(_ program: String) throws {
        try FileManager.default.removeItem(at: bin.appending(path: program))
    }

    /// Puts a script on the PATH.
    func play(_ program: String, _ script: String) throws {
        let file = bin.appending(path: program)
        try? FileManager.default.removeItem(at: file)
        try Data(("#!/usr/bin/env bash\n" + script).utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    // MARK: - running

    /// Runs `./descent` with only this stage's programs to hand.
    func start(
        _ arguments: String..., at place: URL? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run((place ?? root).appending(path: "descent").path, arguments, environment: environment)
    }

    /// Runs a line of bash, in which `$0` is the stage's `descent`.
    func bash(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
        try run(
            bin.appending(path: "bash").path, ["-c", line, root.appending(path: "descent").path],
            environment: environment)
    }

    /// Runs a program. Its outputs go through files, which never fill up as a pipe does.
    func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Outcome
    {
        let stem = folder.appending(path: "run-\(UUID().uuidString)").path
        let files = [stem + ".out", stem + ".err"].map { URL(filePath: $0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: program.hasPrefix("/") ? program : "/usr/bin/env")
        process.arguments = program.hasPrefix("/") ? arguments : [program] + arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": bin.path, "STATE": state.path, "HOME": folder.path, "TMPDIR": folder.path, "LC_ALL": "C",
        ].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        for file in files { try FileManager.default.removeItem(at: file) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
