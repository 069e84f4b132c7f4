import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFolders

struct ImageSplitTests {
    private func split(
        _ pictures: PictureFolder, validation: Double? = nil, test: Double? = nil, seed: Int = 1,
        groupBy: ImageGrouping? = nil
    ) throws -> ImageFolderData {
        try pictures.scan().split(
            validation: validation, test: test, seed: seed, groupBy: groupBy, options: pictures.options)
    }

    private func counts(_ entries: [ImageSplit.Entry]) -> [String: Int] {
        entries.reduce(into: [:]) { $0[$1.className, default: 0] += 1 }
    }

    @Test func sharesAreStratifiedAndSeeded() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 50, "b": 20, "c": 3, "d": 1]))
        let data = try split(pictures, validation: 0.2, test: 0.1)
        #expect(counts(data.split.validation) == ["a": 10, "b": 4, "c": 1])
        #expect(counts(data.split.test) == ["a": 5, "b": 2, "c": 1])
        #expect(counts(data.split.train) == ["a": 35, "b": 14, "c": 1, "d": 1])
        #expect(data.split.rule == "validation 0.2, test 0.1, seed 1")
        let again = try split(pictures, validation: 0.2, test: 0.1)
        let other = try split(pictures, validation: 0.2, test: 0.1, seed: 2)
        #expect(again.split == data.split && other.split != data.split)
        #expect(counts(other.split.test) == counts(data.split.test))
        #expect(data.train.files == data.split.train.map(\.file))
    }

    @Test func whatTheFolderHasStays() throws {
        let pictures = try PictureFolder(
            PictureFolder.names(["a": 10, "b": 10], in: "train/")
                + PictureFolder.names(["a": 2, "b": 2], in: "test/"))
        let plain = try split(pictures)
        #expect(plain.split.train.count == 20 && plain.split.test.count == 4 && plain.validation.count == 0)
        #expect(plain.split.rule == "the folder's own")
        let data = try split(pictures, validation: 0.2)
        #expect(data.split.test == plain.split.test && data.split.validation.count == 4)
        #expect(
            pictures.fault { _ = try split(pictures, test: 0.1) }
                == "usage: `test`: the folder has test pictures of its own (got 0.1); leave it out")
    }

    @Test func groupsStayTogether() throws {
        let names = (0..<60).map { "\($0 % 2 == 0 ? "a" : "b")/person\($0 / 6)_\($0).png" }
        let pictures = try PictureFolder(names)
        let grouping = try pictures.scan().grouping(parsing: #"(person\d+)_"#)
        #expect(grouping == .pattern(#"(person\d+)_"#))
        for seed in 0..<5 {
            let data = try split(pictures, validation: 0.2, test: 0.2, seed: seed, groupBy: grouping)
            func people(_ subset: ImageSubset) -> Set<Substring> {
                Set(data.split.entries(subset).map { $0.file.dropFirst(2).prefix { $0 != "_" } })
            }
            #expect(people(.train).isDisjoint(with: people(.test)) && people(.train).count == 6)
            #expect(people(.train).isDisjoint(with: people(.validation)) && people(.test).count == 2)
            #expect(people(.validation).isDisjoint(with: people(.test)))
            #expect(counts(data.split.test) == ["a": 6, "b": 6])
        }
    }

    @Test func groupsOfAColumn() throws {
        let pictures = try PictureFolder((0..<12).map { "\($0).png" })
        let rows = (0..<12).map { "\($0).png,\($0 % 2 == 0 ? "x" : "y"),p\($0 / 4)\n" }
        try pictures.add("labels.csv", text: "file,label,person\n" + rows.joined())
        let folder = try pictures.scan()
        let grouping = try folder.grouping(parsing: "person")
        #expect(grouping == .column("person"))
        let data = try split(pictures, validation: 0.3, groupBy: grouping)
        #expect(
            data.split.validation.count == 4
                && Set(data.split.validation.map { Int($0.file.dropLast(4)).map { $0 / 4 } }).count == 1)
        #expect(data.split.rule == "validation 0.3, seed 1, grouped by person")
    }

    @Test func equalFilesStayTogether() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 10, "b": 10]))
        for copy in 0..<4 { try pictures.add("a/copy\(copy).png", PictureFolder.picture(3)) }
        for seed in 0..<6 {
            let data = try split(pictures, validation: 0.3, seed: seed)
            #expect(data.report.names(.equalAcrossSubsets) == nil)
            #expect(data.report.names(.equal)?.count == 4)
        }
    }

    @Test func faultsOfShares() throws {
        let pictures = try PictureFolder(["a/p1.png", "b/p1.png", "a/p2.png"])
        #expect(
            pictures.fault { _ = try split(pictures, validation: 1) }
                == "usage: `validation`: not a share of pictures (expected 0 to less than 1, got 1)")
        #expect(
            pictures.fault { _ = try split(pictures, test: -0.1) }
                == "usage: `test`: not a share of pictures (expected 0 to less than 1, got -0.1)")
        #expect(
            pictures.fault { _ = try split(pictures, test: .nan) }.hasPrefix("usage: `test`: not a share"))
        #expect(
            pictures.fault { _ = try split(pictures, validation: 0.5, test: 0.5) }
                == "usage: DIR: the shares leave no picture to learn from (expected a sum below 1, got 0.5 and 0.5)"
        )
        #expect(
            pictures.fault {
                _ = try split(pictures, validation: 0.2, test: 0.2, groupBy: .pattern("p([12])"))
            }
                == "badData: DIR: there are fewer groups of pictures than subsets (expected at least 3 groups, got 2); give smaller groups or fewer subsets"
        )
        #expect(
            pictures.fault { _ = try split(pictures, validation: 0.5, groupBy: .pattern("q(.)")) }
                == "usage: `groupBy`: the expression matches no picture's path (expected a match in paths such as a/p1.png, got q(.))"
        )
        #expect(
            pictures.fault { _ = try split(pictures, validation: 0.5, groupBy: .column("who")) }
                == "usage: `groupBy`: labels.csv has no such column (expected a regular expression, got who)")
        #expect(
            pictures.fault { _ = try pictures.scan().grouping(parsing: "(") }
                == #"usage: `groupBy`: neither a column of labels.csv nor a regular expression (got (); (person\d+)_ groups person1_a.jpg and person1_b.jpg"#
        )
        let one = try PictureFolder(["a/1.png", "a/2.png"])
        #expect(
            one.fault { _ = try split(one, validation: 0.5) }
                == "badData: DIR: fewer than two classes have pictures (expected 2 classes, got a); put the pictures of each class into a folder that has its name"
        )
        let held = try PictureFolder(["test/a/1.png", "test/b/1.png"])
        #expect(
            held.fault { _ = try split(held, validation: 0.5) }
                == "badData: DIR: there are no pictures to divide (expected pictures in train)")
    }

    @Test func splitsAreStoredAndChecked() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 10, "b \"q\"": 10]))
        let data = try split(pictures, validation: 0.2)
        let path = pictures.path + "/../split.json"
        try data.split.write(to: path)
        let stored = try ImageSplit(contentsOf: path)
        #expect(stored == data.split && stored.checksum == data.split.checksum)
        #expect(try JSONDecoder().decode(ImageSplit.self, from: JSONEncoder().encode(stored)) == stored)
        try stored.check(in: pictures.path)
        let folder = try pictures.scan().decoded(pictures.options)
        let again = try folder.split(stored)
        #expect(again.train.contentChecksum == data.train.contentChecksum)
        // A picture that came later is in no subset, and is told.
        try pictures.add("a/new.png", PictureFolder.picture(99))
        let later = try pictures.scan().decoded(pictures.options).split(stored)
        #expect(later.train.contentChecksum == data.train.contentChecksum)
        #expect(later.report.names(.notInSplit) == ["a/new.png"])

        try pictures.add(stored.train[0].file, PictureFolder.picture(77))
        pictures.remove(stored.validation[0].file)
        let message = """
            badData: DIR: 2 pictures of the split not in the folder as they were; give the folder as it was, or make a new split
                \(stored.train[0].file) has changed
                \(stored.validation[0].file) is missing
            """
        #expect(pictures.fault { try stored.check(in: pictures.path) } == message)
        #expect(
            pictures.fault { _ = try pictures.scan().decoded(pictures.options).split(stored) } == message)
        try stored.check(in: pictures.path, subsets: [.test])
    }

    @Test func faultsOfStoredSplits() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        let json = try split(pictures).split.json
        func fault(_ old: String, _ new: String) -> String {
            let text = json.replacing(old, with: new)
            #expect(text != json)
            return failure { _ = try ImageSplit(json: Array(text.utf8), name: "s") }
        }
        let expected = "expected the JSON that Descent writes"
        #expect(
            fault("split-1", "split-9")
                == "badData: s: a split of another format (expected descent-image-split-1, got descent-image-split-9)"
        )
        #expect(
            fault("\"rule\"", "\"role\"") == "badData: s: not a split of pictures (\(expected), got no rule)")
        #expect(
            fault("[\"a\",\"b\"]", "7")
                == "badData: s: not a split of pictures (\(expected), got another type at classNames)")
        #expect(
            fault("{\n", "")
                == "badData: s, byte 10: not valid JSON (expected nothing after the value, got :)")
        #expect(
            fault("[\"a\",\"b\"]", "[\"a\",\"a\"]")
                == "badData: s: a split with no class, or with one twice (got a, a)")
        #expect(
            fault("\"class\":\"a\"", "\"class\":\"z\"")
                == "badData: s, a/1.png: a class that is not among the split's (got z)")
        #expect(
            fault("a/1.png", "../1.png") == "badData: s: a path that leads out of the folder (got ../1.png)")
        #expect(fault("a/1.png", "/etc/x") == "badData: s: a path that leads out of the folder (got /etc/x)")
        #expect(
            fault("a/1.png", "b/1.png")
                == "badData: s, b/1.png: a file that stands twice in the split (got train and train)")
        #expect(fault("a/1.png", "a/2.png").hasPrefix("badData: s: the split was changed by hand or damaged"))
    }

    /// One name in composed and one in decomposed letters, which `String` takes for equal, are two files.
    @Test func namesAreToldApartByTheirBytes() throws {
        let (composed, decomposed) = ("a/\u{E9}.png", "a/e\u{301}.png")
        #expect(composed == decomposed)
        let pictures = try PictureFolder([composed, decomposed, "b/1.png", "b/2.png"])
        let data = try split(pictures, test: 0.5)
        let sides = data.split.train.map(\.file) + data.split.test.map(\.file)
        #expect(sides.count { $0 == composed } == 2 && Set(sides.map(\.pathKey)).count == 4)
        let stored = try ImageSplit(json: Array(data.split.json.utf8), name: "s")
        #expect(stored == data.split)
        let again = try pictures.scan().decoded(pictures.options).split(stored)
        #expect(again.test.files.map(\.pathKey) == data.test.files.map(\.pathKey))
        #expect(again.train.files.map(\.pathKey) == data.train.files.map(\.pathKey))
        // One of them has changed: the other's pixels are not taken for it.
        try pictures.add(decomposed, PictureFolder.picture(50))
        let message = pictures.fault { _ = try pictures.scan().decoded(pictures.options).split(stored) }
        #expect(message.contains("1 picture of the split") && message.utf8.contains(0xCC), "\(message)")
        // The table's name is that file's exactly, else one that reads the same.
        try pictures.add("labels.csv", text: "file,label\n\(decomposed),x\n\(composed),y\nb/1.png,x\n")
        let labeled = try pictures.scan()
        let names = Dictionary(
            uniqueKeysWithValues: labeled.files.map { ($0.path.pathKey, labeled.classNames[Int($0.label)]) })
        #expect(names[decomposed.pathKey] == "x" && names[composed.pathKey] == "y")
        pictures.remove(decomposed)
        try pictures.add("labels.csv", text: "file,label\n\(decomposed),x\nb/1.png,y\n")
        #expect(try pictures.scan().files.map(\.path.pathKey) == [composed.pathKey, "b/1.png".pathKey])
    }

    @Test func anyJSONIsReadOrRefused() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png", "a/2.png"])
        let json = Array(try split(pictures, validation: 0.4).split.json.utf8)
        let outcome = fuzz([json], seed: 3, words: ["{", "}", "\"", "../", "\"a/1.png\"", ",", "null", "0"]) {
            _ = try ImageSplit(json: $0, name: "s")
        }
        #expect(outcome.other == nil && outcome.refused > 0)
    }
}
