import Arrays
import Foundation
import Images
import Support
import TestSupport
import Testing

@testable import ImageFolders

struct ImageFolderTests {
    @Test func readsClassFolders() throws {
        let pictures = try PictureFolder(["dog/1.png", "cat/2.png", "cat/deep/er/3.png", "cat/10.png"])
        let folder = try pictures.scan()
        #expect(folder.layout == .classFolders && !folder.hasSubsets)
        #expect(folder.classNames == ["cat", "dog"] && folder.countsByClass == [3, 1])
        #expect(
            folder.listing == [
                "cat/10.png: cat", "cat/2.png: cat", "cat/deep/er/3.png: cat", "dog/1.png: dog",
            ])
    }

    @Test(arguments: [
        (["train", "val", "test"], [ImageSubset.train, .validation, .test]),
        (["Train", "valid"], [.train, .validation]), (["validation", "test"], [.validation, .test]),
        (["test"], [.test]),
    ])
    func readsSubsets(names: [String], subsets: [ImageSubset]) throws {
        let pictures = try PictureFolder(names.flatMap { ["\($0)/a/1.png", "\($0)/b/1.png"] })
        let folder = try pictures.scan()
        #expect(folder.hasSubsets && folder.classNames == ["a", "b"])
        for (name, subset) in zip(names, subsets) {
            #expect(folder.files.filter { $0.path.hasPrefix(name + "/") }.map(\.subset) == [subset, subset])
        }
    }

    @Test func readsFileNames() throws {
        let pictures = try PictureFolder(["cat.0.png", "dog.1.2.png", "dog.x.png", "loose.png"])
        let folder = try pictures.scan()
        #expect(folder.layout == .fileNames)
        #expect(folder.listing == ["cat.0.png: cat", "dog.1.2.png: dog", "dog.x.png: dog"])
        #expect(folder.leftOut.withoutClass == ["loose.png"])
    }

    @Test func readsFileNamesInSubsets() throws {
        let pictures = try PictureFolder(["train/cat.0.png", "train/dog.0.png", "test/cat.1.png"])
        let folder = try pictures.scan()
        #expect(folder.hasSubsets && folder.layout == .fileNames)
        #expect(
            folder.listing == [
                "test/cat.1.png: cat test", "train/cat.0.png: cat train", "train/dog.0.png: dog train",
            ])
    }

    @Test func readsLabels() throws {
        let pictures = try PictureFolder(["images/a.png", "images/b.png", "c, d.png", "e.png"])
        try pictures.add(
            "labels.csv",
            text:
                "\u{FEFF}File;Label;who\r\nimages/a.png;cat;1\r\n./images/b.png;\"do\"\"g\";2\r\n\"c, d.png\";cat;\r\n"
        )
        let folder = try pictures.scan()
        #expect(folder.layout == .labelFile && folder.groupColumns == ["who"])
        #expect(folder.listing == ["c, d.png: cat", "images/a.png: cat", "images/b.png: do\"g"])
        #expect(folder.leftOut.withoutClass == ["e.png"])
        #expect(try folder.groups(.column("who"), cancellation: nil) == [nil, "1", "2"])
    }

    @Test func readsSubsetsOfLabels() throws {
        let pictures = try PictureFolder(["a.png", "b.png"])
        try pictures.add("labels.csv", text: "label,split,filename\nx,train,a.png\ny,val,b.png\n")
        #expect(try pictures.scan().listing == ["a.png: x train", "b.png: y validation"])
        try pictures.add("labels.csv", text: "a.png,x\nb.png,y\n")
        #expect(try pictures.scan().listing == ["a.png: x", "b.png: y"])
    }

    @Test func leavesOutWhatIsNoPicture() throws {
        let pictures = try PictureFolder([
            "a/1.png", "b/1.png", "a/.hidden.png", "__MACOSX/a/1.png", ".git/x.png",
        ])
        try pictures.add("a/Thumbs.db", text: "x")
        try pictures.add("b/desktop.ini", text: "x")
        try pictures.add("a/notes.txt", text: "notes")
        try pictures.add("b/picture", PNG.encode(PictureFolder.picture(9)))
        try pictures.add("loose.png", PictureFolder.picture(10))
        let folder = try pictures.scan()
        #expect(folder.listing == ["a/1.png: a", "b/1.png: b", "b/picture: b"])
        #expect(folder.leftOut.hidden == 5)
        #expect(folder.leftOut.notPictures == ["a/notes.txt"])
        #expect(folder.leftOut.withoutClass == ["loose.png"])
    }

    @Test func contentsDecideAndNamesHelp() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        try pictures.add("a/page.jpg", text: "<html>not found</html>")
        try pictures.add("a/empty.png", [])
        try pictures.add("a/anim.gif", text: "GIF89a...")
        try pictures.add("b/png-in.jpg", PictureFolder.picture(3))
        let folder = try pictures.scan()
        let faults = folder.files.filter { if case .failure = $0.header { true } else { false } }
        #expect(faults.map(\.path) == ["a/anim.gif", "a/empty.png", "a/page.jpg"])
        #expect(try folder.files.last?.header.get().format == .png)
    }

    @Test func linksAreFollowedAndCirclesAreNot() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png", "elsewhere/2.png"])
        let manager = FileManager.default
        try manager.moveItem(atPath: pictures.path + "/elsewhere", toPath: pictures.path + "/../elsewhere")
        try manager.createSymbolicLink(
            atPath: pictures.path + "/c", withDestinationPath: "../elsewhere")
        try manager.createSymbolicLink(atPath: pictures.path + "/a/up", withDestinationPath: "..")
        try manager.createSymbolicLink(atPath: pictures.path + "/a/self", withDestinationPath: ".")
        try manager.createSymbolicLink(atPath: pictures.path + "/a/gone.png", withDestinationPath: "nowhere")
        mkfifo(pictures.path + "/b/pipe.png", 0o600)
        let folder = try pictures.scan()
        #expect(folder.listing == ["a/1.png: a", "b/1.png: b", "c/2.png: c"])
        #expect(folder.leftOut.repeatedFolders == ["a/self", "a/up"])
        #expect(folder.leftOut.unusable == ["a/gone.png", "b/pipe.png"])
    }

    @Test func namesAreComparedAsText() throws {
        // "é" in one code point and in two is one class; digits and letters in the order of text.
        let pictures = try PictureFolder([
            "train/caf\u{E9}/1.png", "test/cafe\u{301}/1.png", "train/10/1.png", "train/2/1.png",
        ])
        let folder = try pictures.scan()
        #expect(folder.classNames == ["10", "2", "caf\u{E9}"])
        #expect(folder.countsByClass == [1, 1, 2])
    }

    @Test func aTrainIsAClassBesideOthers() throws {
        let pictures = try PictureFolder(["train/1.png", "bus/1.png"])
        #expect(try pictures.scan().classNames == ["bus", "train"])
        try pictures.add("train/red/1.png", PictureFolder.picture(5))
        #expect(
            pictures.fault { _ = try pictures.scan() }
                == "badData: DIR: the folders are subsets and classes at once (expected train, val and test only, or classes only, got train, which has folders itself, and bus); move the other folder elsewhere"
        )
    }

    @Test func matchesClassesByName() throws {
        let folder = try PictureFolder(["b/1.png", "c/1.png"])
        let matched = try folder.scan().matching(classNames: ["c", "a", "b"])
        #expect(matched.classNames == ["c", "a", "b"] && matched.countsByClass == [1, 0, 1])
        #expect(matched.listing == ["b/1.png: b", "c/1.png: c"])
        #expect(
            folder.fault { _ = try folder.scan().matching(classNames: ["c"]) }
                == "badData: DIR: classes that the model does not know: b (expected c); rename the folders, or train a model with these classes"
        )
    }

    @Test func faultsOfFolders() throws {
        let pictures = try PictureFolder()
        #expect(
            failure(in: pictures.path) { _ = try ImageFolder(pictures.path + "/none") }
                == "missingInput: DIR/none: cannot read the folder: no such file or directory")
        try pictures.add("notes.txt", text: "x")
        #expect(
            failure(in: pictures.path) { _ = try ImageFolder(pictures.path + "/notes.txt") }
                == "missingInput: DIR/notes.txt: is not a folder; give the folder with the pictures")
        let expected =
            "expected CLASS/file, CLASS.anything.ext, or a labels.csv with the columns file and label"
        let advice = "put the pictures of each class into a folder that has its name"
        #expect(
            pictures.fault { _ = try pictures.scan() }
                == "badData: DIR: there are no pictures in the folder (\(expected), got 1 file that hold no picture); \(advice)"
        )
        try pictures.add("cat_1.png", PictureFolder.picture(1))
        #expect(
            pictures.fault { _ = try pictures.scan() }
                == "badData: DIR: no picture has a class (\(expected), got 1 picture such as cat_1.png); \(advice)"
        )
        let two = try PictureFolder(["val/a/1.png", "valid/a/1.png"])
        #expect(
            two.fault { _ = try two.scan() }
                == "badData: DIR: two folders for one subset (expected one of val and valid); put the pictures of both into one"
        )
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(
            two.fault { _ = try ImageFolder(two.path, cancellation: cancellation) }
                == "interrupted: DIR: stopped")
    }
}
