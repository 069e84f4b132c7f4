import ArrayFiles
import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

struct DatasetSourceTests {
    /// Three training images and one test image of 2 x 2, written under `names`.
    private func writeSet(
        _ directory: String, names: [String] = DatasetSource.usualNames, labels: [UInt8] = [3, 1, 9]
    ) throws {
        let images = NDArray<UInt8>(shape: [3, 2, 2], elements: [UInt8](0..<12))
        try IDX.write(images, to: directory + "/" + names[0])
        try IDX.write(NDArray(shape: [labels.count], elements: labels), to: directory + "/" + names[1])
        try IDX.write(NDArray(shape: [1, 2, 2], elements: [9, 8, 7, 6]), to: directory + "/" + names[2])
        try IDX.write(NDArray(shape: [1], elements: [5]), to: directory + "/" + names[3])
    }

    @Test func readsADirectoryUnderEachName() throws {
        let stems = DatasetSource.usualNames.map { String($0.dropLast(3)) }
        let dotted = stems.map { $0.replacing("-idx", with: ".idx") }
        var checksums: Set<String> = []
        for names in [DatasetSource.usualNames, stems, dotted, dotted.map { $0 + ".gz" }] {
            try withTemporaryDirectory { directory in
                try writeSet(directory, names: names)
                let data = try DatasetSource.mnist.read(directory: directory)
                #expect(data.name == "mnist")
                #expect(
                    data.train.images.shape == [3, 2, 2] && data.train.images.elements == [UInt8](0..<12))
                #expect(data.train.classes == [3, 1, 9])
                #expect(data.test.images.elements == [9, 8, 7, 6] && data.test.classes == [5])
                #expect(data.train.classNames == (0...9).map(String.init))
                checksums.insert(data.checksum)
            }
        }
        // Equal data, equal checksum, packed or not.
        #expect(checksums.count == 1)
    }

    /// Where torchvision puts its data sets below the folder that it is given, packed or not; and the folder of that name.
    @Test(arguments: [
        ("mnist", "MNIST/raw"), ("mnist", "raw"), ("mnist", "mnist"), ("fashion-mnist", "FashionMNIST/raw"),
        ("fashion-mnist", "fashion-mnist"), ("kmnist", "KMNIST/raw"), ("emnist-digits", "EMNIST/raw"),
        ("emnist-digits", "EMNIST/raw/gzip"), ("emnist-digits", "gzip"), ("mnist", "MNIST"),
    ]) func foldersAboveTheFiles(name: String, folder: String) throws {
        let source = try DatasetSource.named(name)
        for isPacked in [true, false] {
            try withTemporaryDirectory { directory in
                try AtomicFile.createDirectory(at: directory + "/" + folder)
                try writeSet(
                    directory + "/" + folder,
                    names: source.files.map { isPacked ? $0.name : String($0.name.dropLast(3)) })
                for base in [directory, directory + "/"] {
                    #expect(try source.read(directory: base).train.classes == [3, 1, 9])
                }
            }
        }
    }

    /// The folder itself goes before those in it; what is missing is missing where the others are.
    @Test func theNearestFolderCounts() throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.createDirectory(at: directory + "/MNIST/raw")
            try AtomicFile.createDirectory(at: directory + "/FashionMNIST/raw")
            try writeSet(directory + "/MNIST/raw", labels: [1, 1, 1])
            try writeSet(directory + "/FashionMNIST/raw", labels: [2, 2, 2])
            #expect(try DatasetSource.mnist.read(directory: directory).train.classes == [1, 1, 1])
            #expect(
                try DatasetSource.fashionMNIST.read(directory: directory).train.classes == [2, 2, 2])
            #expect(
                failure { _ = try DatasetSource.kmnist.read(directory: directory) }.contains("are missing"))
            try FileManager.default.removeItem(atPath: directory + "/MNIST/raw/train-labels-idx1-ubyte.gz")
            #expect(
                failure(in: directory) { _ = try DatasetSource.mnist.read(directory: directory) }
                    == "missingInput: DIR/MNIST/raw: train-labels-idx1-ubyte.gz is missing; MNIST is four files, gzipped or "
                    + "not")
            try writeSet(directory, labels: [3, 3, 3])
            #expect(try DatasetSource.mnist.read(directory: directory).train.classes == [3, 3, 3])
        }
    }

    /// A pipe in the place of a file is refused at once.
    @Test(.timeLimit(.minutes(1))) func aPipeInThePlaceOfAFile() throws {
        try withTemporaryDirectory { directory in
            try writeSet(directory)
            let path = directory + "/" + DatasetSource.usualNames[1]
            try FileManager.default.removeItem(atPath: path)
            #expect(mkfifo(path, 0o600) == 0)
            #expect(
                failure(in: directory) { _ = try DatasetSource.mnist.read(directory: directory) }
                    == "missingInput: DIR/train-labels-idx1-ubyte.gz: is not a regular file; give a file")
        }
    }

    @Test func theChecksumTellsDataApart() throws {
        try withTemporaryDirectory { directory in
            try writeSet(directory)
            let first = try DatasetSource.mnist.read(directory: directory).checksum
            try writeSet(directory, labels: [3, 1, 8])
            #expect(try DatasetSource.mnist.read(directory: directory).checksum != first)
        }
    }

    @Test func emnistIsTurned() throws {
        try withTemporaryDirectory { directory in
            try writeSet(directory, names: DatasetSource.emnistDigits.files.map(\.name))
            let data = try DatasetSource.emnistDigits.read(directory: directory)
            #expect(data.train.images.elements == [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11])
            #expect(data.test.images.elements == [9, 7, 8, 6])
        }
        let wide = transposed(NDArray<UInt8>(shape: [2, 2, 3], elements: [UInt8](0..<12)))
        #expect(wide.shape == [2, 3, 2] && wide.elements == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    }

    @Test func aDirectoryWithoutTheFiles() throws {
        try withTemporaryDirectory { directory in
            func read(_ path: String) -> String {
                failure(in: directory) { _ = try DatasetSource.mnist.read(directory: path) }
            }
            #expect(
                read(directory + "/no")
                    == "missingInput: DIR/no: there is no such directory; "
                    + "give the directory with train-images-idx3-ubyte.gz and the other three files")
            try writeSet(directory)
            #expect(read(directory + "/t10k-labels-idx1-ubyte.gz").contains("is not a directory"))
            try FileManager.default.removeItem(atPath: directory + "/t10k-labels-idx1-ubyte.gz")
            #expect(
                read(directory)
                    == "missingInput: DIR: t10k-labels-idx1-ubyte.gz is missing; MNIST is four files, gzipped or not"
            )
            try FileManager.default.removeItem(atPath: directory + "/train-images-idx3-ubyte.gz")
            #expect(
                read(directory).hasPrefix(
                    "missingInput: DIR: train-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz are missing; "))
        }
    }

    @Test func filesThatDoNotBelongTogether() throws {
        try withTemporaryDirectory { directory in
            func read() -> String {
                failure(in: directory) { _ = try DatasetSource.mnist.read(directory: directory) }
            }
            try writeSet(directory, labels: [1, 2])
            #expect(
                read()
                    == "badData: DIR/train-labels-idx1-ubyte.gz: as many labels as images are needed "
                    + "(expected 3, the count in DIR/train-images-idx3-ubyte.gz, got 2); take both files from one source"
            )
            try writeSet(directory, labels: [1, 2, 10])
            #expect(
                read()
                    == "badData: DIR/train-labels-idx1-ubyte.gz, unpacked byte 10: a label without a class "
                    + "(expected 0 to 9, got 10)")
            try writeSet(directory)
            try IDX.write(
                NDArray(shape: [1, 2, 3], repeating: 0), to: directory + "/t10k-images-idx3-ubyte.gz")
            #expect(
                read()
                    == "badData: DIR/t10k-images-idx3-ubyte.gz: test images of another size than the training "
                    + "images (expected 2 x 2, got 2 x 3)")
            try IDX.write(
                NDArray(shape: [0, 2, 2], repeating: 0), to: directory + "/t10k-images-idx3-ubyte.gz")
            try IDX.write(NDArray(shape: [0], repeating: 0), to: directory + "/t10k-labels-idx1-ubyte.gz")
            #expect(
                read()
                    == "badData: DIR/t10k-images-idx3-ubyte.gz, byte 4: there are no images (got [0, 2, 2])")
        }
    }

    /// CRC-32 as in `mnistItself` and `fashionMNISTItself`.
    @Test func filesOfAnotherDataSet() throws {
        #expect(
            failure { try DatasetSource.emnistDigits.refuseAnothers(crc32: 0xe9f4_d8b3, at: "f") }
                == "badData: f: this is a file of MNIST (expected one of EMNIST Digits); name the data set mnist, "
                + "or give the directory with the files of EMNIST Digits")
        #expect(
            failure { try DatasetSource.kmnist.refuseAnothers(crc32: 0x8014_2c1f, at: "f") }
                .contains("this is a file of Fashion-MNIST (expected one of Kuzushiji-MNIST)"))
        #expect(
            failure { try DatasetSource.mnist.refuseAnothers(crc32: 0x741a_4657, at: "f") }
                .contains("a file of Fashion-MNIST (expected one of MNIST)"))
        try DatasetSource.mnist.refuseAnothers(crc32: 0xe9f4_d8b3, at: "f")
        try DatasetSource.kmnist.refuseAnothers(crc32: 1, at: "f")
    }

    @Test(.needsShared("data/mnist")) func mnistIsNotEMNIST() {
        let text = failure {
            _ = try DatasetSource.emnistDigits.read(directory: SharedFiles.path("data/mnist"))
        }
        #expect(text.contains(": this is a file of MNIST (expected one of EMNIST Digits)"), "\(text)")
    }

    @Test func names() throws {
        #expect(DatasetSource.all.map(\.name) == ["mnist", "fashion-mnist", "kmnist", "emnist-digits"])
        #expect(try DatasetSource.named("kmnist").title == "Kuzushiji-MNIST")
        #expect(
            failure { _ = try DatasetSource.named("cifar") }
                == "usage: there is no data set \"cifar\" (expected mnist, fashion-mnist, kmnist, emnist-digits)"
        )
    }

    @Test func prefixes() {
        let images = LabeledExamples(
            .bytes(NDArray(shape: [3, 1, 2], elements: [1, 2, 3, 4, 5, 6])),
            classes: [0, 1, 0], classNames: ["a", "b"])
        let two = images.prefix(2)
        #expect(two.count == 2 && two.images.shape == [2, 1, 2] && two.images.elements == [1, 2, 3, 4])
        #expect(two.classes == [0, 1] && two.classNames == ["a", "b"])
        #expect(images.prefix(0).count == 0 && images.prefix(9).count == 3)
    }

    // MARK: Real data, where they are

    /// Skipped where `../shared/data/mnist` is absent. Counts and first labels: the database's own page and the
    /// course's figures (the first image is a 5); the CRC and the sum are from Python 3.11.7 (zlib) and NumPy 2.4.6.
    @Test(.needsShared("data/mnist")) func mnistItself() throws {
        let data = try DatasetSource.mnist.read(directory: SharedFiles.path("data/mnist"))
        #expect(data.train.images.shape == [60000, 28, 28] && data.test.images.shape == [10000, 28, 28])
        #expect(data.train.classes.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
        #expect(data.test.classes.prefix(5) == [7, 2, 1, 0, 4])
        #expect(data.checksum == "crc32:e9f4d8b3-e0cb4ad2-91373bdf-4ab9eff9")
        let clipped = data.train.prefix(1)
        #expect(clipped.images.elements.reduce(0) { $0 + Int($1) } == 27525)
    }

    @Test(.needsShared("data/fashion-mnist")) func fashionMNISTItself() throws {
        let data = try DatasetSource.fashionMNIST.read(directory: SharedFiles.path("data/fashion-mnist"))
        #expect(data.train.images.shape == [60000, 28, 28] && data.test.images.shape == [10000, 28, 28])
        #expect(data.checksum == "crc32:b4f29f28-741a4657-678fe0b1-80142c1f")
        #expect(data.train.classes[0] == 9)
    }
}
