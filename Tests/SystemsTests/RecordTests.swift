import Foundation
import Testing

/// `Tests/Systems/compare`, which says whether two processors computed the same; the records here are made by hand.
@Suite("Records of two processors", .enabled(if: isLinux, "needs /proc"))
struct RecordTests {
    /// What `compare` ends with and says.
    private func compare(_ first: String, _ second: String) throws -> Stage.Outcome {
        let stage = try Stage()
        defer { stage.remove() }
        let files = ["first", "second"].map { stage.folder.appending(path: $0) }
        try Data(first.utf8).write(to: files[0])
        try Data(second.utf8).write(to: files[1])
        let outcome = try stage.run(
            Stage.project.appending(path: "Tests/Systems/compare").path, files.map(\.path),
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"])
        return Stage.Outcome(
            status: outcome.status,
            output: outcome.output.replacing(stage.folder.path + "/", with: ""), errors: outcome.errors)
    }

    private func expectSame(
        _ first: String, _ second: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            try compare(first, second) == Stage.Outcome(status: 0, output: "", errors: ""),
            sourceLocation: location)
    }

    private func expectOther(
        _ first: String, _ second: String, _ words: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            try compare(first, second) == Stage.Outcome(status: 1, output: words + "\n", errors: ""),
            sourceLocation: location)
    }

    @Test("Bits are the same")
    func bits() throws {
        try expectSame("bits a 12ab\nbits b 7\n", "bits a 12ab\nbits b 7\n")
        try expectOther("bits a 12ab\n", "bits a 12ac\n", "other bits: a")
        // As a number, both would be 10.
        try expectOther("bits a 1e1\n", "bits a 10\n", "other bits: a")
        try expectOther("bits a 00\n", "bits a 0\n", "other bits: a")
    }

    @Test("Numbers lie within the share of the larger of 1 and their size, every one")
    func near() throws {
        try expectSame("near a 0.01 0 100 -100\n", "near a 0.01 0.0099 100.9 -99.1\n")
        try expectOther(
            "near a 0.01 0 1\n", "near a 0.01 0.0101 1\n", "far apart: a (1 of 2, the first 0 and 0.0101)")
        try expectOther(
            "near a 0.01 -100\n", "near a 0.01 -98.9\n", "far apart: a (1 of 1, the first -100 and -98.9)")
        try expectOther(
            "near a 1e-6 -5e-1\n", "near a 1e-6 5e-1\n", "far apart: a (1 of 1, the first -5e-1 and 5e-1)")
        // One of 400 was let pass before.
        let many = Array(repeating: "1", count: 399).joined(separator: " ")
        try expectOther(
            "near a 0.01 \(many) 1\n", "near a 0.01 \(many) 2\n", "far apart: a (1 of 400, the first 1 and 2)"
        )
    }

    @Test("What is no finite number is met only by the same", arguments: ["nan", "-nan", "inf", "-inf"])
    func notFinite(_ text: String) throws {
        for number in ["0", "1", "-1e30"] {
            for kind in ["near a 0.5", "most a 0.5 1e9"] {
                try expectOther(
                    "\(kind) \(number)\n", "\(kind) \(text)\n",
                    "far apart: a (1 of 1, the first \(number) and \(text))")
                try expectOther(
                    "\(kind) \(text)\n", "\(kind) \(number)\n",
                    "far apart: a (1 of 1, the first \(text) and \(number))")
            }
        }
        try expectSame("near a 0.5 1 \(text)\n", "near a 0.5 1 \(text)\n")
    }

    @Test("NaN has no sign, and infinity has one")
    func signs() throws {
        try expectSame("near a 0.5 nan -nan NaN\n", "near a 0.5 -nan nan nan\n")
        try expectOther(
            "near a 0.5 inf\n", "near a 0.5 -inf\n", "far apart: a (1 of 1, the first inf and -inf)")
        try expectOther(
            "near a 0.5 nan\n", "near a 0.5 inf\n", "far apart: a (1 of 1, the first nan and inf)")
    }

    @Test(
        "Of what is rounded on its way, one in a hundred may lie beyond the share, and none beyond the step")
    func most() throws {
        func line(_ count: Int, _ others: [String], share: String = "0", step: String = "1") -> String {
            let same = Array(repeating: "7", count: count - others.count)
            return "most a \(share) \(step) \((same + others).joined(separator: " "))\n"
        }
        try expectSame(line(200, []), line(200, ["8", "6"]))
        try expectOther(
            line(200, []), line(200, ["8", "6", "8"]), "far apart: a (3 of 200, the first 7 and 8)")
        try expectOther(line(200, []), line(200, ["9"]), "far apart: a (1 of 200, the first 7 and 9)")
        try expectOther(line(99, []), line(99, ["8"]), "far apart: a (1 of 99, the first 7 and 8)")
        try expectOther(line(200, []), line(200, ["nan"]), "far apart: a (1 of 200, the first 7 and nan)")
        try expectOther(line(200, [], step: "2"), line(200, []), "other step: a")
        try expectOther(line(200, [], share: "1"), line(200, []), "other share: a")
    }

    @Test("The same checks, once each, of the same kind and length")
    func checks() throws {
        try expectOther("bits a 1\nbits b 1\n", "bits a 1\n", "not in second: b")
        try expectOther("bits a 1\n", "bits a 1\nbits b 1\n", "not in first: b")
        try expectOther(
            "bits a 1\nbits b 1\n", "bits a 1\nbits a 1\n", "twice in second: a\nnot in second: b")
        try expectOther("bits a 1\nbits a 1\n", "bits a 1\n", "twice in first: a")
        try expectOther("near a 1 5\n", "most a 1 5\n", "other kind: a")
        try expectOther("near a 1 5 5\n", "near a 1 5\n", "other length: a")
        try expectOther("near a 2 5\n", "near a 1 5\n", "other share: a")
        try expectOther("near a nan 5\n", "near a nan 5\n", "no tolerance: a")
        try expectOther("near a 1\n", "near a 1\n", "no numbers: a")
        try expectOther("far a 1 5\n", "far a 1 5\n", "unknown kind far: a")
        try expectOther("", "", "no checks in first")
        try expectOther("", "bits a 1\n", "not in first: a\nno checks in first")
        #expect(try compare("bits a 1\n", "bits a 1\n").status == 0)
    }
}
