import ArrayFiles
import Arrays
import Classical
import Datasets
import Foundation
import Networks
import Support
import TestSupport
import Testing

@testable import Classification
@testable import Models
@testable import Pipelines

/// One flipped bit anywhere in a model folder's files is found when it is loaded.
@Suite struct FolderChecksumsTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    /// The kinds of models that a folder can hold.
    enum Kind: CaseIterable { case network, convolution, machine, neighbors }

    private func write(_ kind: Kind) throws -> String {
        func network(_ name: String) throws -> NetworkClassifier {
            let model = TrainableNetwork(
                architecture: try Architecture(named: name, inputs: 144, classes: 4),
                classNames: data.classNames,
                preprocessing: Preprocessing(height: 12, width: 12))
            var random = RandomState(1)
            model.network.initialize(using: &random)
            return try model.classifier()
        }
        let classifier: any TrainedClassifier =
            switch kind {
            case .network: try network("mlp:6")
            case .convolution: try network("conv:4@3n,pool,8")
            case .machine: try Pipeline(.pixels, SupportVectorMachine()).fit(data)
            case .neighbors: try Pipeline(.pixels, NearestNeighbors(k: 1)).fit(data)
            }
        return try ModelFolder(classifier, samples: data.prefix(2).features)
            .write(to: .folder("\(directory.path)/\(kind)"))
    }

    /// Sixty flips for each kind, seeded, and every file that makes the model: all are found, by the file's name.
    @Test(arguments: Kind.allCases) func everyFlippedBitIsFoundOut(kind: Kind) throws {
        let path = try write(kind)
        var random = RandomState(7)
        for name in ["model.safetensors", "config.json", "samples.safetensors"] {
            let file = "\(path)/\(name)"
            let whole = try Files.read(file, limit: 1 << 24)
            for _ in 0..<60 {
                var bytes = whole
                bytes[random.randint(0, bytes.count)] ^= UInt8(1 << random.randint(0, 8))
                try AtomicFile.write(bytes, to: file)
                let error = #expect(throws: DescentError.self) { try ModelFolder.load(path) }
                #expect(error?.kind == .badData && error?.place == file)
                #expect(error?.what == "the file has changed since it was written")
            }
            try AtomicFile.write(whole, to: file)
        }
        #expect(throws: Never.self) { try ModelFolder.load(path) }
    }

    @Test func theListItselfIsChecked() throws {
        let path = try write(.network)
        let file = "\(path)/checksums.json"
        let whole = try Files.read(file, limit: 1 << 20)
        var random = RandomState(3)
        for _ in 0..<60 {
            var bytes = whole
            bytes[random.randint(0, bytes.count)] ^= UInt8(1 << random.randint(0, 8))
            try AtomicFile.write(bytes, to: file)
            // White space may become other white space; anything else is damage, and of this file.
            do {
                _ = try ModelFolder.load(path)
                let same = try FolderChecksums(in: path)
                try AtomicFile.write(whole, to: file)
                #expect(try same == FolderChecksums(in: path))
            } catch let error as DescentError {
                #expect(error.kind == .badData && error.place == file, "\(error)")
            }
        }
    }

    @Test func olderFoldersHaveNoneAndLoad() throws {
        let path = try write(.network)
        unlink("\(path)/checksums.json")
        #expect(throws: Never.self) { try ModelFolder.load(path) }
    }

    /// CRC-32 of the file's bytes, from Python 3.11's zlib.crc32.
    @Test func theChecksumsAreZlibs() throws {
        let path = "\(directory.path)/folder"
        try AtomicFile.createDirectory(at: "\(path)/plots")
        try AtomicFile.write("123456789", to: "\(path)/config.json")
        try AtomicFile.write("", to: "\(path)/plots/a.svg")
        try AtomicFile.createDirectory(at: "\(path)/checkpoints")
        try AtomicFile.write("x", to: "\(path)/checkpoints/last.safetensors")
        #expect(
            try FolderChecksums(of: path).files == ["config.json": "cbf43926", "plots/a.svg": "00000000"])
    }
}
