import Arrays
import ExampleData
import Foundation
import Images
import Support
import TestSupport
import Testing

@testable import ImageFolders

struct ReportTests {
    @Test func countsAndSizes() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 3, "b": 2], in: "train/"))
        try pictures.add("test/a/1.png", PictureFolder.picture(40, height: 30, width: 20, color: true))
        let report = try pictures.scan().decoded(pictures.options).report()
        #expect(report.count == 6 && report.layout == .classFolders && report.colorCount == 1)
        #expect(report.classes.map { [$0.train, $0.validation, $0.test] } == [[3, 0, 1], [2, 0, 0]])
        #expect(report.widths == .init([8, 8, 8, 8, 8, 20]) && report.heights.largest == 30)
        #expect(report.widths.smallest == 8 && report.widths.median == 8)
        #expect(report.formats == [.init(name: "PNG", count: 6)])
        #expect(report.names(.classNotTested) == ["b"])
        #expect(report.target == ImageTarget(height: 8, width: 8, color: .rgb))
    }

    @Test func faultsAreNoted() throws {
        let pictures = try PictureFolder(
            PictureFolder.names(["a": 4, "b": 1], in: "train/") + ["test/c/1.png"])
        try AtomicFile.createDirectory(at: pictures.path + "/train/empty")
        try pictures.add("train/a/.x", text: "")
        try pictures.add("train/a/x.txt", text: "x")
        // The same picture, the same file, and one a little lighter and larger.
        try pictures.add("test/a/same.png", PictureFolder.picture(1))
        try pictures.add("train/b/other.png", PictureFolder.picture(2))
        // Blocks, because a photograph has something in every frequency, and blobs have not.
        var random = SplitMix64(state: 50)
        let blocks = (0..<144).map { _ in UInt8.random(in: 0...250, using: &random) }
        let large = NDArray<UInt8>(
            shape: [48, 48], elements: (0..<48 * 48).map { blocks[$0 / 48 / 4 * 12 + $0 % 48 / 4] })
        let lighter = large.elements.map { UInt8(min(255, Int($0) + 2)) }
        try pictures.add("test/a/near.png", NDArray(shape: [48, 48], elements: lighter))
        try pictures.add(
            "train/a/03.png", ImageTarget(height: 30, width: 30, color: .gray).resized(large))
        var options = pictures.options
        options.imageSize = (30, 30)
        let report = try pictures.scan().decoded(options).report()
        #expect(report.names(.emptyClass) == ["empty"])
        #expect(report.names(.classNotInTrain) == ["c"])
        #expect(report.names(.singlePicture) == nil)
        #expect(report.names(.classNotTested) == ["b"])
        #expect(report.names(.equalAcrossSubsets) == ["test/a/same.png = train/a/01.png"])
        #expect(report.names(.equalInTwoClasses) == ["train/a/02.png = train/b/other.png"])
        #expect(report.names(.alikeAcrossSubsets) == ["test/a/near.png ~ train/a/03.png"])
        #expect(report.names(.notPictures) == ["train/a/x.txt"])
        #expect(report.notes.last?.text == "1 hidden name left out")
        let note = report.notes[0]
        #expect(note.kind == .equalInTwoClasses && note.isFault)
        #expect(note.line() == "the same picture in two classes, 1 pair: train/a/02.png = train/b/other.png")
        let few = try PictureFolder(["a/1.png"])
        let single = try few.scan().decoded(few.options).report()
        #expect(single.names(.oneClass) == ["a"] && single.names(.singlePicture) == ["a"])
    }

    /// The pairs by comparing all with all are the oracle.
    @Test func theIndexFindsWhatComparingAllFinds() throws {
        var random = SplitMix64(state: 9)
        var records: [PictureRecord] = []
        for number in 0..<300 {
            var original = SplitMix64(state: UInt64(number / 3) &* 7919)
            var thumbnail = (0..<256).map { _ in UInt8.random(in: 0...255, using: &original) }
            for place in thumbnail.indices where number % 3 > 0 {
                thumbnail[place] = UInt8(
                    max(0, min(255, Int(thumbnail[place]) + Int.random(in: -1...1, using: &random))))
            }
            records.append(
                PictureRecord(
                    path: "\(number)", stamp: FileStamp(size: number, seconds: 0, nanoseconds: 0),
                    checksum: UInt32(number),
                    signature: PictureSignature(of: NDArray(shape: [16, 16], elements: thumbnail)), fault: nil
                ))
        }
        let found = try DuplicatePictures(records)
        #expect(found.equal.isEmpty)
        var near = 0
        for one in records.indices {
            for two in records.indices where two > one {
                let distance = records[one].signature.hash.distance(to: records[two].signature.hash)
                if one / 3 == two / 3, distance <= 7 {
                    near += 1
                    let isFound = found.alike.contains { $0.contains(one) && $0.contains(two) }
                    #expect(isFound, "\(one) and \(two)")
                }
            }
        }
        #expect(near > 100 && found.alike.allSatisfy { Set($0.map { $0 / 3 }).count == 1 })
    }

    @Test func manyPicturesTakeSeconds() throws {
        var random = SplitMix64(state: 2)
        let records = (0..<20_000).map { number -> PictureRecord in
            let thumbnail = (0..<256).map { _ in UInt8.random(in: 100...140, using: &random) }
            return PictureRecord(
                path: "", stamp: FileStamp(size: number, seconds: 0, nanoseconds: 0), checksum: 0,
                signature: PictureSignature(hash: PerceptualHash(bits: random.next()), thumbnail: thumbnail),
                fault: nil)
        }
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try DuplicatePictures(records) }
        // A debug build takes ten times as long as a release build; all pairs would be 200 million, eight times.
        #expect(time < .seconds(120))
    }

    @Test(arguments: [["cat", "dog"], ["a/b", "c,\"d\"", " e "], ["train", "test"]])
    func exportsWhatItReads(classNames: [String]) throws {
        let pictures = try PictureFolder()
        for color in [false, true] {
            let images = (0..<5).map { PictureFolder.picture($0, height: 5, width: 7, color: color) }
            let planes = images.map { color ? $0.permuted([2, 0, 1]) : $0 }
            let bytes = NDArray<UInt8>(
                shape: [5] + planes[0].shape, elements: planes.flatMap(\.elements))
            let classes = (0..<5).map { Int32($0 % classNames.count) }
            let examples = LabeledExamples(.bytes(bytes), classes: classes, classNames: classNames)
            let path = "\(pictures.path)/out\(color)"
            try examples.exportFolder(to: path)
            let data = try ImageFolder(path).split(options: pictures.options)
            #expect(data.classNames == classNames.map { $0.trimmingCharacters(in: .whitespaces) }.sorted())
            let read = try data.train.labeledExamples()
            for (row, file) in data.train.files.enumerated() {
                let number = try #require(Int(file.suffix(9).dropLast(4)))
                guard case .bytes(let pixels) = read.features.storage else { return }
                #expect(pixels[row].elements == planes[number].elements)
                #expect(
                    read.classNames[Int(read.classes[row])]
                        == classNames[Int(classes[number])].trimmingCharacters(in: .whitespaces))
            }
        }
    }

    @Test func faultsOfExport() throws {
        let pictures = try PictureFolder(["a/1.png"])
        let images = NDArray<UInt8>(shape: [2, 4, 4], repeating: 7)
        let examples = LabeledExamples(.bytes(images), classes: [0, 1], classNames: ["x", "y"])
        #expect(
            pictures.fault { try examples.exportFolder(to: pictures.path) }
                == "cannotCreate: DIR: the folder is there already; give another `folder`")
        let table = LabeledExamples(
            .floats(NDArray(shape: [2, 3], repeating: 1)), classes: [0, 1], classNames: ["x", "y"])
        #expect(
            pictures.fault { try table.exportFolder(to: pictures.path + "/t") }
                == "badData: DIR/t: the examples are no pictures with classes (expected bytes of [N, H, W] or [N, 3, H, W], and a class for each, got [2, 3])"
        )
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(
            pictures.fault { try examples.exportFolder(to: pictures.path + "/t", cancellation: cancellation) }
                == "interrupted: DIR/t: stopped")
        #expect(try names(in: pictures.path) == ["a"])
    }

    @Test func sheetsShowEachClass() throws {
        let images = NDArray<UInt8>(shape: [6, 2, 3], elements: (0..<36).map { UInt8($0) })
        let examples = LabeledExamples(
            .bytes(images), classes: [1, 0, 1, 1, 0, 1], classNames: ["x", "y"])
        let sheet = try ContactSheet(examples, perClass: 3, columns: 2, scale: 2)
        #expect(sheet.rows.map(\.examples) == [[1, 4], [0, 2], [3]])
        #expect(sheet.rows.map(\.className) == ["x", "y", "y"])
        #expect(sheet.rows.map(\.pixels) == [2..<6, 12..<16, 18..<22])
        #expect(sheet.image.shape == [24, 18, 3])
        // The second picture of the first line: example 4, its first pixel doubled.
        #expect(sheet.image[2][10].elements == [24, 24, 24] && sheet.image[3][11].elements == [24, 24, 24])
        #expect(sheet.image[0][0].elements == [255, 255, 255])
        let color = NDArray<UInt8>(shape: [1, 3, 1, 1], elements: [1, 2, 3])
        let one = try ContactSheet(LabeledExamples(.bytes(color), classes: [0], classNames: ["x"]), seed: 1)
        #expect(one.image[2][2].elements == [1, 2, 3])
        let table = LabeledExamples(
            .floats(NDArray(shape: [1, 3], repeating: 1)), classes: [0], classNames: ["x"])
        #expect(failure { _ = try ContactSheet(table) }.hasPrefix("badData: the examples are no pictures"))
        let wide = LabeledExamples(
            .bytes(NDArray(shape: [4, 4000, 4000], repeating: 0)), classes: [0, 0, 0, 0], classNames: ["x"])
        #expect(failure { _ = try ContactSheet(wide, scale: 10) }.hasPrefix("usage: the sheet is too large"))
    }
}
