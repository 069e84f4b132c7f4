import Descent
import Foundation
import Images
import Testing

/// `descent features` as a program.
@Suite struct FeaturesCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    /// Squares and discs on grey, moved by (`right`, `down`), as a PNG file in the command's directory.
    private func makePicture(_ name: String, right: Int = 0, down: Int = 0, side: Int = 96) throws {
        var pixels = [UInt8](repeating: 100, count: side * side)
        var state = 7
        func draw(_ limit: Int) -> Int {
            state = (state * 1_103_515_245 + 12345) % (1 << 31)
            return (state >> 8) % limit
        }
        for number in 0..<40 {
            let (y, x, size, grey) = (draw(side) + down, draw(side) + right, 2 + draw(7), draw(256))
            for row in min(side, max(0, y - size))..<min(side, y + size) {
                for column in min(side, max(0, x - size))..<min(side, x + size)
                where number % 2 == 0 || (row - y) * (row - y) + (column - x) * (column - x) < size * size {
                    pixels[row * side + column] = UInt8(grey)
                }
            }
        }
        let bytes = try PNG.encode(NDArray(shape: [side, side], elements: pixels))
        try Data(bytes).write(to: URL(fileURLWithPath: "\(command.directory)/\(name)"))
    }

    private func picture(_ name: String) throws -> [Int] {
        try ImageDecoder().decode(contentsOf: "\(command.directory)/\(name)").shape
    }

    @Test func hogTellsItsCellsAndDrawsThem() throws {
        try makePicture("a.png")
        let result = try command.run("features", "hog", "a.png", "--cell", "12", "--out", "stars.png")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.output
                == """
                HOG        8 x 8 cells of 12 x 12 pixels, 9 directions
                features   1,764: blocks of 2 x 2 cells, L2-Hys
                picture    stars.png
                           a stroke for each direction of edges, the longer the stronger

                """)
        #expect(try picture("stars.png") == [864, 864, 3])
        let json = try command.run(
            "features", "hog", "a.png", "--cell", "12", "--norm", "L1", "--signed", "--json")
        let object = try #require(json.objects.first)
        #expect((object["features"] as? [Double])?.count == 1764)
        #expect(object["norm"] as? String == "L1" && object["picture"] is NSNull)
    }

    @Test func aPictureIsNotReplacedByWhatIsDrawnOverIt() throws {
        try makePicture("a.png")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(command.directory)/a.png"))
        for arguments in [["hog", "a.png", "--out", "a.png"], ["sift", "a.png", "--out", "./a.png"]] {
            let result = try command.end(command.start(["features"] + arguments))
            #expect(result.code == 64 && result.error.contains("--out"), "\(result.error)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(command.directory)/a.png")) == bytes)
    }

    @Test(arguments: [("sift", 128), ("surf", 64)]) func keypoints(method: String, size: Int) throws {
        try makePicture("a.png")
        let result = try command.run("features", method, "a.png", "--out", "points.png")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.output.contains(
                try Regex("^\(method.uppercased()) +[0-9]+ keypoints, \(size) values each\n")),
            "\(result.output)")
        #expect(
            result.output.hasSuffix(
                """
                picture    points.png
                           circles: twice the keypoint's scale, a stroke in its direction; orange on bright spots, blue on dark ones

                """))
        #expect(try picture("points.png") == [864, 864, 3])
        let json = try command.run("features", method, "a.png", "--strongest", "5", "--json")
        let object = try #require(json.objects.first)
        let points = try #require(object["keypoints"] as? [[String: Any]])
        #expect(points.count == 5 && object["descriptor_size"] as? Int == size)
        for point in points {
            #expect((0..<96).contains(try #require(point["x"] as? Double)))
            #expect(point["bright"] is Bool)
        }
    }

    @Test func matchesOfAMovedPictureAreMoved() throws {
        try makePicture("a.png")
        try makePicture("b.png", right: 9, down: 4)
        let result = try command.run(
            "features", "match", "a.png", "b.png", "--mutual", "--out", "m.png", "--json")
        #expect(result.code == 0, "\(result.error)")
        let object = try #require(result.objects.first)
        let matches = try #require(object["matches"] as? [[String: Any]])
        #expect(matches.count >= 10)
        let moved = try matches.count { match in
            let from = try #require(match["from"] as? [Double])
            let to = try #require(match["to"] as? [Double])
            return abs(to[0] - from[0] - 9) < 1 && abs(to[1] - from[1] - 4) < 1
        }
        #expect(moved * 10 >= matches.count * 9, "\(moved) of \(matches.count)")
        #expect(try picture("m.png") == [864, 2 * 864 + 12, 3])
        let text = try command.run("features", "match", "a.png", "b.png", "--by", "surf")
        #expect(
            text.output.contains(try Regex("^keypoints +[0-9]+ and [0-9]+\nmatches +[0-9]+\n$")),
            "\(text.output)")
    }

    @Test func imagesOfAnIDXFileAreTakenByNumber() throws {
        let images = "\(try command.makeData(train: 20, test: 20))/t10k-images-idx3-ubyte"
        let result = try command.run("features", "hog", images, "--index", "3", "--cell", "4")
        #expect(result.output.hasPrefix("HOG        3 x 3 cells of 4 x 4 pixels"), "\(result.error)")
        let beyond = try command.run("features", "hog", images, "--index", "20")
        #expect(beyond.code == 64)
        #expect(beyond.error.contains("there is no image 20"), "\(beyond.error)")
    }

    @Test func badFilesAndPicturesAreToldInOneLine() throws {
        try makePicture("tiny.png", side: 6)
        try makePicture("a.png")
        try Data("not a picture".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/text.png"))
        for (arguments, code, words) in [
            (["hog", "none.png"], Int32(66), "none.png: "),
            (["sift", "text.png"], 65, "text.png: not a picture that can be read"),
            (["hog", "tiny.png"], 65, "tiny.png: an image is smaller than a block of HOG"),
            (["hog", "tiny.png", "--block", "1"], 65, "tiny.png: an image is smaller than a block of HOG"),
            (["sift", "tiny.png"], 65, "tiny.png: an image has sides that SIFT cannot work on"),
            (["surf", "tiny.png"], 65, "tiny.png: an image has sides that SURF cannot work on"),
            (["match", "a.png", "tiny.png"], 65, "tiny.png: an image has sides that SIFT cannot work on"),
            (["sift", "a.png", "--out", "no/such/folder/x.png"], 73, "no/such/folder"),
            (["hog", "a.png", "--cell", "0"], 64, "--cell must be 1 to 4096, not 0"),
            (["surf", "a.png", "--values", "65"], 64, "--values must be 64 or 128, not 65"),
            (["match", "a.png", "a.png", "--ratio", "nan"], 64, "--ratio must be above 0"),
        ] {
            let result = command.end(try command.start(["features"] + arguments))
            #expect(result.code == code, "\(arguments): \(result.error)")
            #expect(result.error.contains(words), "\(arguments): \(result.error)")
            #expect(result.error.split(separator: "\n").count == 1 && result.output.isEmpty, "\(arguments)")
        }
    }

    @Test func helpHasExamples() throws {
        for arguments in [[], ["hog"], ["sift"], ["surf"], ["match"]] {
            let result = command.end(try command.start(["features"] + arguments + ["--help"]))
            #expect(result.code == 0 && result.output.contains("EXAMPLES"), "\(arguments)")
        }
        #expect(try command.run("features", "surf", "--help").output.contains("patent"))
    }
}
