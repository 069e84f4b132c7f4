import Descent
import Foundation
import TestSupport
import Testing

/// Model folders that the program of 30 November 2026 wrote (`older-...`: version 2944bdb, without checksums), trained with
/// `--seed 1 --train-limit 300` on the built-in digits, and the answers that the same program gave for the first 20
/// test images. Every later version reads them and answers the same: a folder is never written anew to please a test.
@Suite struct KeptModelTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("KeptModels").path

    private static let names = [
        "checkpointed", "convolutional", "knn", "linear-svm-sift", "linear-svm-surf", "logistic",
        "naive-bayes",
        "nearest-centroid", "network", "older-linear-svm", "older-network", "svm-hog", "svm-pca",
    ]

    /// The kept answers: a JSON object a line.
    private func kept(_ name: String) throws -> [[String: Any]] {
        try String(contentsOfFile: "\(Self.folder)/\(name).answers", encoding: .utf8).split(separator: "\n")
            .map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
    }

    /// Compares scores to within `tolerance`, and labels wherever no other label is so near. Processors round sums
    /// differently, and a decision or vote beside a rounding may fall to its other side.
    private func compare(_ found: [[String: Any]], with kept: [[String: Any]], tolerance: Double) throws {
        try #require(kept.count == 20 && found.count == kept.count)
        for (found, kept) in paired(found, kept) {
            let scores = try #require(kept["probabilities"] as? [String: Double])
            let now = try #require(found["probabilities"] as? [String: Double])
            #expect(now.keys.sorted() == scores.keys.sorted())
            for (label, score) in scores {
                #expect(abs((now[label] ?? .nan) - score) <= tolerance, "\(kept["input"] ?? ""), \(label)")
            }
            #expect(found["basis"] as? String == kept["basis"] as? String)
            #expect(found["true_label"] as? String == kept["true_label"] as? String)
            let ranked = scores.values.sorted(by: >)
            if ranked[0] - ranked[1] > 2 * tolerance {
                #expect(found["label"] as? String == kept["label"] as? String)
            }
        }
    }

    @Test func theFoldersAreAllNamed() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
            .filter { !$0.hasSuffix(".answers") }
        #expect(folders.sorted() == Self.names)
    }

    @Test(arguments: names) func answersAsItDid(name: String) throws {
        let command = try CommandRun()
        let result = try command.run(
            "predict", "\(Self.folder)/\(name)", "--data", "builtin", "--index", "0-19", "--json")
        #expect(result.code == 0, "\(result.error)")
        // Votes go by steps of 1/45. A byte of a descriptor beside a rounding may name another word on another processor.
        let tolerance =
            name == "svm-hog" ? 0.03 : name.contains("-s") && name.hasPrefix("linear") ? 0.005 : 1e-4
        try compare(result.objects, with: kept(name), tolerance: tolerance)
    }

    /// Without checksums, as older folders are: only the stored answers are compared.
    @Test(
        arguments: [
            ("svm-hog", 1.0 / 45, true), ("svm-hog", 0.1, false), ("linear-svm-sift", 0.01, true),
            ("linear-svm-sift", 0.1, false), ("network", 0.01, false),
        ] as [(String, Float, Bool)])
    func oneVoteOrWordMayFallToItsOtherSide(name: String, shift: Float, isRead: Bool) throws {
        let command = try CommandRun()
        let copy = "\(command.directory)/model"
        try FileManager.default.copyItem(atPath: "\(Self.folder)/\(name)", toPath: copy)
        try FileManager.default.removeItem(atPath: "\(copy)/checksums.json")
        var file = try SafeTensors(contentsOf: "\(copy)/samples.safetensors")
        let stored = try file.array(named: "probabilities", as: Float.self)
        var values = stored.elements
        values[0] += shift
        file.set(NDArray(shape: stored.shape, elements: values), named: "probabilities")
        try file.write(to: "\(copy)/samples.safetensors")
        let result = try command.run("predict", "model", "--data", "builtin", "--index", "0", "--json")
        #expect(result.code == (isRead ? 0 : 65), "\(result.error)")
    }

    @Test func aCheckpointGoesOnToItsEnd() throws {
        let command = try CommandRun()
        try FileManager.default.copyItem(
            atPath: "\(Self.folder)/checkpointed", toPath: "\(command.directory)/run")
        let resumed = try command.run("train", "--resume", "run", "--quiet", "--json")
        #expect(resumed.code == 0, "\(resumed.error)")
        let result = try command.run("predict", "run", "--index", "0-19", "--json")
        // Ten epochs of Adam after the checkpoint carry other roundings further.
        try compare(result.objects, with: kept("checkpointed.resumed"), tolerance: 0.02)
    }
}
