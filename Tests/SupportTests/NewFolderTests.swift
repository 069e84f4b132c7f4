import Support
import TestSupport
import Testing

/// A folder is there with all its files, or nothing of it is.
@Suite struct NewFolderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func fill(_ name: String, failing: Bool = false) throws {
        var folder = try NewFolder(at: "\(directory.path)/\(name)")
        try folder.fill { folder in
            try AtomicFile.write("1", to: folder.path(ofFile: "a.txt"))
            try AtomicFile.write("2", to: folder.path(ofFile: "b/c/d.txt"))
            try folder.makeFolder("b/e")
            if failing { throw DescentError(.badData, "half-way") }
        }
    }

    @Test func aFolderAppearsWhole() throws {
        try fill("new")
        #expect(try directory.names("new") == ["a.txt", "b"])
        #expect(try directory.names("new/b") == ["c", "e"] && directory.text("new/b/c/d.txt") == "2")
        // An empty folder gives its place, also below folders that are made.
        try AtomicFile.createDirectory(at: "\(directory.path)/empty")
        try fill("empty/")
        try fill("one/two")
        #expect(
            try directory.names() == ["empty", "new", "one"] && directory.names("one/two") == ["a.txt", "b"])
    }

    @Test func nothingIsLeftOfAHalf() throws {
        #expect(failure { try fill("new", failing: true) } == "badData: half-way")
        #expect(try directory.names() == [])
        try fill("new")
        #expect(
            failure(in: directory.path) { try fill("new") }
                == "cannotCreate: DIR/new: the folder is there already; give another `folder`")
        try AtomicFile.write("mine", to: "\(directory.path)/file")
        #expect(failure { try fill("file") }.hasPrefix("cannotCreate"))
        #expect(try directory.names() == ["file", "new"])
    }
}
